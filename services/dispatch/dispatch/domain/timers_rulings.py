"""The arbiter's limit: when it has run out, the case goes a level up."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain.arbiters import next_arbiter
from dispatch.domain.evolve import evolve
from dispatch.domain.rulings import ask_another
from dispatch.domain.state import CaseState, Status
from dispatch.domain.timer import Timer
from dispatch.domain.world import World


def _due(state: CaseState) -> datetime | None:
    asked = state.ruling
    if asked is None or asked.overdue or state.status != Status.RULING:
        return None
    return asked.due_at


def _late(state: CaseState, world: World, now: datetime) -> Sequence[EventData]:
    """The next level is asked from now on. Above the highest anybody entitled may rule; where
    that has been so already, it stays there."""
    asked = state.ruling
    assert asked is not None
    assert asked.due_at is not None
    overdue = events.RulingOverdue(
        case=state.case, ruling=asked.id, arbiter=asked.arbiter, due_at=asked.due_at
    )
    after = evolve(state, overdue)
    arbiter = next_arbiter(after, world, now)
    if arbiter is None and asked.arbiter is None:
        return [overdue]
    return [overdue, *ask_another(after, world, now, arbiter, "overdue")]


TIMERS = (Timer("ruling", _due, _late),)
