"""What people read, in Chinese and English."""

from case_contracts.events.intake import Rejection, Unclear
from case_contracts.values import Text
from intake.domain.progress import Step

STEPS = {
    Step.COLLECTION: Text(zh="信息收集", en="Collection"),
    Step.FILING: Text(zh="案卷建立", en="Filing"),
    Step.DISPATCH: Text(zh="任务派遣", en="Dispatch"),
    Step.HANDLING: Text(zh="任务处理", en="Handling"),
    Step.FEEDBACK: Text(zh="处理反馈", en="Feedback"),
    Step.VERIFICATION: Text(zh="核实结案", en="Verification and closing"),
    Step.ASSESSMENT: Text(zh="综合评价", en="Assessment"),
}

REJECTIONS = {
    Rejection.OUTSIDE_DISTRICT: Text(
        zh="所报位置不在本辖区内。", en="The place is outside this district."
    ),
    Rejection.NOT_IN_STANDARD: Text(
        zh="所报事项不在本区事项标准之内。",
        en="The matter is not one that this district's standard provides for.",
    ),
    Rejection.CONDITION_NOT_IN_STANDARD: Text(
        zh="该事项没有所报的立案条件。", en="The matter has no such filing condition."
    ),
    Rejection.CONDITION_NEEDED: Text(
        zh="该事项有多种立案条件，请说明是哪一种。",
        en="The matter has several filing conditions; say which one.",
    ),
    Rejection.CONDITION_NOT_MET: Text(
        zh="经审核，所报情况未达到立案条件。",
        en="A reviewer found that no filing condition is met.",
    ),
    Rejection.OUT_OF_SCOPE: Text(
        zh="所报事项不属于本区网格受理范围。",
        en="The matter is not one for this district's grids.",
    ),
    Rejection.NOT_UNDERSTANDABLE: Text(
        zh="无法辨明所报事项，请补充说明后重新上报。",
        en="It could not be made out what is meant; please report again and say more.",
    ),
}

UNCLEAR = {
    Unclear.MATTER_NOT_SAID: Text(
        zh="已收到，工作人员将审核所报属于哪一事项。",
        en="Received; a reviewer will say which matter it is.",
    ),
    Unclear.CONDITION_NOT_SAID: Text(
        zh="已收到，工作人员将审核符合哪一立案条件。",
        en="Received; a reviewer will say which filing condition is met.",
    ),
    Unclear.ASKED_BY_RECEIVER: Text(
        zh="已收到，受理人已提请审核。",
        en="Received; whoever took it has asked for a review.",
    ),
}
