"""The verifier's limit: when it has run out, somebody further up is asked. Never does a case close
by itself."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain.case_parts import Watch
from dispatch.domain.clocks import stop_clock
from dispatch.domain.escalation import escalated, level
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import ask_verifier
from dispatch.domain.timer import Timer
from dispatch.domain.verifying import verifier_above
from dispatch.domain.world import World

OVERDUE = "verification_overdue"


def _due(state: CaseState) -> datetime | None:
    asked = state.verification
    if asked is None or asked.overdue or state.status != Status.VERIFYING:
        return None
    return asked.due_at


def _late(state: CaseState, world: World, now: datetime) -> Sequence[EventData]:
    """A new round for the next further up, from now on. Where there is nobody left it is the
    supervisors' to look at; when they let their limit pass it stays with them."""
    task, asked = state.task, state.verification
    assert task is not None
    assert asked is not None
    assert asked.due_at is not None
    overdue = events.VerificationOverdue(
        case=state.case, taskid=task.id, round=asked.round, verifier=asked.verifier,
        due_at=asked.due_at,
    )  # fmt: skip
    if asked.verifier is None:
        return [overdue]
    after = evolve(state, overdue)
    above = verifier_above(after, world, now)
    watch = Watch(grid=above.grid or state.grids[-1] if above else state.grids[-1], by=above)
    decided: list[EventData] = [overdue, *_up(after, watch, asked.due_at)]
    decided += stop_clock(after, ClockKind.VERIFY, now, OVERDUE)
    return [*decided, *ask_verifier(evolve_all(state, decided), world, now, above)]


def _up(state: CaseState, watch: Watch, at: datetime) -> Sequence[EventData]:
    """The case goes up with it, unless it is there, or further up, already."""
    grids = state.grids
    if watch.grid not in grids or grids.index(watch.grid) <= grids.index(level(state)):
        return []
    return [escalated(state, at, watch, OVERDUE)]


TIMERS = (Timer("verification", _due, _late),)
