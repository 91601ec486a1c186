"""What reporters read of their rights and of how their case stands, in Chinese and English."""

from case_contracts.values import Limit, LimitUnit, Text
from intake.domain.progress import Answering
from intake.domain.rights import Objection, Right, Withdrawal
from intake.domain.wish import WishAnswer

RIGHTS = {
    Right.ADD: Text(zh="补充说明或联系方式", en="Add something, or a way to reach you"),
    Right.WITHDRAW: Text(zh="撤回上报", en="Take the report back"),
    Right.RATE: Text(zh="评价办理结果", en="Rate the result"),
    Right.REOPEN: Text(zh="申请重新办理", en="Ask for the case to be opened again"),
}

WITHDRAWALS = {
    Withdrawal.SOLVED_ITSELF: Text(zh="问题已自行解决", en="It has been solved by itself"),
    Withdrawal.MISTAKE: Text(zh="报错了", en="It was a mistake"),
    Withdrawal.REPORTED_ELSEWHERE: Text(zh="已向其他渠道反映", en="I have reported it elsewhere"),
    Withdrawal.NO_LONGER_WANTED: Text(zh="不想再继续", en="I no longer want it"),
}

OBJECTIONS = {
    Objection.NOT_DONE: Text(zh="没有处理", en="Nothing was done"),
    Objection.CAME_BACK: Text(zh="问题再次出现", en="The problem has come back"),
    Objection.DONE_BADLY: Text(zh="处理得不好", en="It was done badly"),
    Objection.OTHER_PLACE: Text(zh="处理的不是我报的地方", en="It was done at another place"),
}

ANSWERING = {
    Answering.DISTRICT: Text(zh="区网格中心", en="The district's office"),
    Answering.REVIEWER: Text(zh="受理审核人员", en="A reviewer of the district's office"),
    Answering.DEPARTMENT: Text(zh="区职能部门", en="A department of the district"),
    Answering.GRID: Text(zh="问题所在网格", en="The grid where the problem lies"),
    Answering.VERIFIER: Text(
        zh="未参与处理的核实人员", en="Somebody who checks it and did not do the work"
    ),
}

WISHES = {
    WishAnswer.WAITING: Text(zh="申请已提交，等待答复。", en="You have asked; the answer comes."),
    WishAnswer.REFERRED: Text(
        zh="是否重新办理，由上一级决定。",
        en="A higher level decides whether it is opened again.",
    ),
    WishAnswer.REOPENED: Text(zh="案卷已重新办理。", en="The case has been opened again."),
    WishAnswer.REFUSED: Text(zh="案卷不再重新办理。", en="The case stays closed."),
}

REFUSALS = {
    "too_late": Text(
        zh="已超过申请重新办理的期限，可就同一问题重新上报。",
        en="The time for asking has passed; you can report the problem anew.",
    ),
    "decided_before": Text(
        zh="上一级已就本次结案作出决定；问题仍在的，可重新上报。",
        en="A higher level has decided on this closing; if the problem is still there, report it"
        " anew.",
    ),
    "voided": Text(
        zh="案卷已注销，可重新上报。", en="The case no longer exists; you can report anew."
    ),
}
"""Why a case stays closed: dispatch's codes. Others are a higher level's own."""

HIGHER_LEVEL = Text(
    zh="上一级核查后决定不再重新办理；问题仍在的，可重新上报。",
    en="A higher level has looked into it and keeps it closed; if the problem is still there,"
    " report it anew.",
)

VOIDED = Text(
    zh="经核查，该案卷不再办理。您不同意的，可在期限内提出，由上一级决定。",
    en="It was looked into, and nothing more is done about it. If you do not agree, say so within"
    " the time given: a higher level then decides.",
)

WITHDRAWN = Text(
    zh="您已撤回上报，不再收到通知。撤回不会删除您说过的内容；如需删除，请持回执号向区网格中心提出。",
    en="You have taken your report back and are told nothing more. What you said is not deleted by"
    " that: to have it deleted, ask the district's office with your receipt.",
)

LINKED = Text(
    zh="您的上报与他人上报的是同一问题，已合并办理；您的各项权利不变。",
    en="Others have reported the same problem: it is dealt with together, and you keep every"
    " right.",
)

_UNITS = {
    LimitUnit.WORKING_HOURS: ("{} 个工作小时（按工作日历计）", "{} working hours by the calendar"),
    LimitUnit.WORKING_DAYS: ("{} 个工作日（按工作日历计）", "{} working days by the calendar"),
    LimitUnit.HOURS: ("{} 小时（昼夜连续计）", "{} hours, counted day and night"),
    LimitUnit.DAYS: ("{} 天（连续计）", "{} days, counted without a break"),
}


def limit_in_words(limit: Limit) -> Text:
    """The limit and what it is counted in."""
    zh, en = _UNITS[limit.unit]
    amount = f"{limit.amount:g}"
    return Text(zh=zh.format(amount), en=en.format(amount))


def refusal(reason: str | None) -> Text:
    """Why the case stays closed."""
    return REFUSALS.get(reason or "", HIGHER_LEVEL)
