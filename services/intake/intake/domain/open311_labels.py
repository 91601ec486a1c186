"""What Open311's readers are told, in Chinese and English."""

from collections.abc import Iterable

from case_contracts.events.registry import Condition
from case_contracts.values import LimitUnit, MatterClass, Text

CLASSES = {
    MatterClass.PART: Text(zh="部件", en="Public facilities"),
    MatterClass.EVENT: Text(zh="事件", en="Events"),
    MatterClass.DISPUTE: Text(zh="矛盾纠纷", en="Disputes"),
    MatterClass.SERVICE: Text(zh="代办服务", en="On-behalf services"),
    MatterClass.INQUIRY: Text(zh="咨询", en="Inquiries"),
    MatterClass.HAZARD: Text(zh="安全隐患", en="Hazards"),
}
OTHER_NAME = Text(zh="其他或不清楚", en="Something else, or not sure")
OTHER_DESCRIPTION = Text(
    zh="无法确定属于哪一项时选用；请在描述中写明情况，由工作人员审核后立案。",
    en="For whatever fits nothing else. Describe it: a person decides what it is.",
)
OTHER_GROUP = Text(zh="其他", en="Other")
CONDITION = Text(zh="请选择符合的立案条件。", en="Choose the condition that is met.")
CONDITION_KIND = Text(zh="单选", en="one of the values")
UNSURE_NAME = Text(zh="说不清，请工作人员判断", en="Not sure: let a person decide")
LIMITS = Text(zh="办理时限：", en="To be done within: ")
CONDITIONS = Text(zh="立案条件：", en="Conditions: ")
UNITS = {
    LimitUnit.WORKING_HOURS: Text(zh="工作小时", en="working hours"),
    LimitUnit.WORKING_DAYS: Text(zh="个工作日", en="working days"),
    LimitUnit.HOURS: Text(zh="小时", en="hours"),
    LimitUnit.DAYS: Text(zh="天", en="days"),
}
WITHDRAWN = Text(zh="上报人已撤回。", en="Withdrawn by the reporter.")
CLOSED = Text(zh="已核实结案。", en="Verified and closed.")
VOIDED = Text(zh="未经办理而终止。", en="Ended without having been dealt with.")
NEXT = Text(zh="正在进行：", en="Now: ")
OVERDUE = Text(zh="（已超期）", en=" (overdue)")
RECEIPT = Text(
    zh="您的回执号是 {receipt}，凭此号可查询进度、补充、撤回和评价，请妥善保存，不要公开。",
    en="Your receipt code is {receipt}. With it you can follow, add to, withdraw and rate the"
    " report; keep it, and keep it to yourself.",
)
WAITS = Text(
    zh="工作人员将先行审核；可凭 token 查询受理编号。",
    en="A person looks at it first; ask with the token for the request's id.",
)
DUE = Text(zh="办理时限 {limit}。", en="To be done within {limit}.")
CONTACT = Text(
    zh="请联系本区网格化服务管理中心。", en="Please turn to the district's grid service centre."
)
KEY_SERVICE = Text(
    zh="无需密钥即可上报；其他系统可向本区令牌签发机构申请密钥（JWT，受众为 intake）。",
    en="Reporting needs no key. Other systems get one from the district's token issuer: a JWT"
    " for the audience intake.",
)
KEY_NEEDED = Text(
    zh="上报需要密钥：请向本区令牌签发机构申请（JWT，受众为 intake）。",
    en="Reporting needs a key from the district's token issuer: a JWT for the audience intake.",
)


def said(text: Text, language: str) -> str:
    """The label in the language asked for."""
    return text.en if language == "en" else text.zh


def listed(names: Iterable[str], language: str) -> str:
    return (", " if language == "en" else "、").join(names)


def limit_of(condition: Condition, language: str) -> str | None:
    """``2 working hours``; None where the condition has no limit."""
    limit = condition.handle
    if limit is None:
        return None
    unit = said(UNITS[limit.unit], language)
    return f"{limit.amount:g} {unit}" if language == "en" else f"{limit.amount:g}{unit}"
