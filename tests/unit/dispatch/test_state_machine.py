"""Whatever is done to a case, in whatever order: what must always hold. ``make soak`` walks on."""

from hypothesis import HealthCheck, settings

from dispatch.commands.aggregate import DECIDE
from tests.unit.dispatch.walk.machine import CaseMachine
from tests.unit.dispatch.walk.moves import MOVES


def test_the_walk_knows_every_command() -> None:
    assert set(MOVES) == set(DECIDE), "make up the command in tests/unit/dispatch/walk/moves.py"


CaseMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestCase = CaseMachine.TestCase
