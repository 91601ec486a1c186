"""Conditions that the class of a matter makes: disputes, on-behalf services, inquiries."""

from datetime import datetime

from case_contracts.values import MatterClass
from dispatch.domain.state import CaseState
from dispatch.domain.step import Need, text
from dispatch.domain.world import World


def class_of(state: CaseState) -> str:
    """The first part of the matter's code: ``dispute`` of ``dispute/neighbours/noise``."""
    return state.matter.split("/", 1)[0]


def _is(wanted: MatterClass, zh: str, en: str) -> Need:
    def holds(state: CaseState, _world: World, _at: datetime) -> bool:
        return class_of(state) == wanted.value

    return Need(f"no_{wanted.value}", text(zh, en), holds)


IS_DISPUTE = _is(MatterClass.DISPUTE, "不是矛盾纠纷", "the matter is no dispute")
IS_SERVICE = _is(MatterClass.SERVICE, "不是代办事项", "the matter is no on-behalf service")
IS_INQUIRY = _is(MatterClass.INQUIRY, "不是咨询", "the matter is no inquiry")
