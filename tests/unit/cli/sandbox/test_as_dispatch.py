"""The sandbox says no for the same reasons, in the same order, as dispatch and joint."""

import pytest

from case_contracts.refusals import OF_COMMANDS
from civicgrid.sandbox.operations import LEAD_MAY
from civicgrid.sandbox.tasks import EXTENSIONS, GONE, NEEDS, PAUSES, WORK
from dispatch.commands.department_rows import STEPS
from dispatch.domain.step import WORK as OF_DISPATCH
from dispatch.domain.supervision import DEFAULT
from joint.domain.state import Presence
from joint.domain.transitions import allowed

INSIDE = {"complete": ["evidence_missing"], "ask_pause": ["until_is_past"]}
"""What dispatch finds beyond its rows; a sandbox has no arbiter (``ruled``) and no calendar
(``too_long``)."""


@pytest.mark.parametrize("command", sorted(STEPS))
def test_the_needs_of_a_command_are_dispatchs(command: str) -> None:
    of_dispatch = [need.code for need in STEPS[command].needs if need.code != "ruled"]
    assert [code for code, _ in NEEDS[command]] == of_dispatch + INSIDE.get(command, [])
    assert set(NEEDS) == set(STEPS)


def test_states_and_allowances_are_dispatchs() -> None:
    assert {state.value for state in WORK} == {status.value for status in OF_DISPATCH}
    assert not WORK & GONE
    assert (DEFAULT.pauses.times, DEFAULT.extensions.times) == (PAUSES, EXTENSIONS)
    assert {code for needs in NEEDS.values() for code, _ in needs} <= set(OF_COMMANDS)


@pytest.mark.parametrize("presence", sorted(LEAD_MAY))
def test_a_lead_may_what_joint_allows(presence: str) -> None:
    assert LEAD_MAY[presence] == allowed(Presence(presence), lead=True)
