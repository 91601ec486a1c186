"""What an operator calls about, in Chinese and English."""

from case_contracts.events.intake import CallbackWhy
from case_contracts.values import Text

ABOUT = {
    CallbackWhy.CLOSED: Text(
        zh="案卷已结案：告知结果，询问是否解决、是否满意。",
        en="The case is closed: say so, and ask whether it is solved and how satisfied they are.",
    ),
    CallbackWhy.REJECTED: Text(
        zh="上报未能立案：告知原因和可以求助的去处。",
        en="The report opened no case: say why, and where they can turn.",
    ),
    CallbackWhy.REOPENING_REFUSED: Text(
        zh="不再重新办理：告知原因。",
        en="The case stays closed though they asked: say why.",
    ),
}
