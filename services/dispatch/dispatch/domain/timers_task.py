"""The timers of a task: acceptance, lease, limit."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import facts, overdue
from dispatch.domain.timer import Timer
from dispatch.domain.world import World

OPEN_WORK = (Status.ASSIGNED, Status.ACCEPTED, Status.LAPSED)


def _accept_by(state: CaseState) -> datetime | None:
    waits = state.status == Status.ASSIGNED and state.operation is None and state.task is not None
    return state.task.accept_by if waits and state.task else None


def _lease_until(state: CaseState) -> datetime | None:
    leased = state.status == Status.ACCEPTED and state.operation is None and state.task is not None
    return state.task.lease_until if leased and state.task else None


def _limit(state: CaseState) -> datetime | None:
    task = state.task
    if task is None or task.overdue or state.status not in OPEN_WORK:
        return None
    return task.due_at


def _not_accepted(state: CaseState, _: World, now: datetime) -> Sequence[EventData]:
    return _lapsed(state, _accept_by(state), "acceptance")


def _not_heard_of(state: CaseState, _: World, now: datetime) -> Sequence[EventData]:
    return _lapsed(state, _lease_until(state), "heartbeat")


def _lapsed(state: CaseState, at: datetime | None, missed: str) -> Sequence[EventData]:
    assert state.task is not None
    assert at is not None
    return [events.TaskLapsed(**facts(state, state.task), lapsed_at=at, missed=missed)]


def _late(state: CaseState, _: World, now: datetime) -> Sequence[EventData]:
    assert state.task is not None
    return overdue(state, state.task)


TIMERS = (
    Timer("limit", _limit, _late),
    Timer("acceptance", _accept_by, _not_accepted),
    Timer("lease", _lease_until, _not_heard_of),
)
