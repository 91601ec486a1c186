"""The timers of a handler's clock: near its end, twice past it, and the end of a pause."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain import relief
from dispatch.domain.case_parts import Clock
from dispatch.domain.state import CaseState
from dispatch.domain.step import WORK
from dispatch.domain.steps import facts
from dispatch.domain.timer import Timer
from dispatch.domain.world import World


def _clock(state: CaseState) -> Clock | None:
    """The handler's, while the work is to be done."""
    return state.running(ClockKind.HANDLE) if state.status in WORK else None


def _near_at(state: CaseState) -> datetime | None:
    clock, task = _clock(state), state.task
    return clock.near_at if clock is not None and task is not None and not task.near else None


def _twice_at(state: CaseState) -> datetime | None:
    clock, task = _clock(state), state.task
    return clock.twice_at if clock is not None and task is not None and not task.twice else None


def _pause_ends(state: CaseState) -> datetime | None:
    pause = relief.standing(state)
    return None if pause is None else pause.until


def _near(state: CaseState, _: World, now: datetime) -> Sequence[EventData]:
    clock = _clock(state)
    assert clock is not None
    assert state.task is not None
    assert clock.near_at is not None
    assert clock.due_at is not None
    known = facts(state, state.task)
    return [events.TaskNearDue(**known, near_at=clock.near_at, due_at=clock.due_at)]


def _twice(state: CaseState, _: World, now: datetime) -> Sequence[EventData]:
    clock = _clock(state)
    assert clock is not None
    assert state.task is not None
    assert clock.due_at is not None
    assert clock.twice_at is not None
    known = facts(state, state.task)
    return [events.TaskTwiceOverdue(**known, due_at=clock.due_at, twice_at=clock.twice_at)]


def _pause_ended(state: CaseState, world: World, now: datetime) -> Sequence[EventData]:
    until = _pause_ends(state)
    assert until is not None
    return relief.resume(state, world, until)


TIMERS = (
    Timer("pause", _pause_ends, _pause_ended),
    Timer("near_due", _near_at, _near),
    Timer("twice_overdue", _twice_at, _twice),
)
