"""The service needs that a household may have kept; the list is closed on purpose.

There is no kind for opinions, beliefs, petitions, associations or any score, and none may be
added: the register is for services (``shared/design/domain.md``, People's data).
"""

from enum import StrEnum

from case_contracts.values import Text


class NeedKind(StrEnum):
    """独居、行动不便、留守儿童、其他服务需求."""

    LIVES_ALONE = "lives-alone"
    LIMITED_MOBILITY = "limited-mobility"
    CHILD_LEFT_BEHIND = "child-left-behind"
    OTHER_SERVICE = "other-service"


LABELS = {
    NeedKind.LIVES_ALONE: Text(zh="独居", en="Lives alone"),
    NeedKind.LIMITED_MOBILITY: Text(zh="行动不便", en="Limited mobility"),
    NeedKind.CHILD_LEFT_BEHIND: Text(zh="留守儿童", en="Child left behind"),
    NeedKind.OTHER_SERVICE: Text(zh="其他服务需求", en="Other service need"),
}
