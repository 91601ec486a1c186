"""How asking for more time, and being given it, changes the state of a case."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain.case_parts import Clock, Extension, Pause, Request, Task
from dispatch.domain.course import Ends
from dispatch.domain.state import CaseState

NEVER = Ends()


def _pause_requested(state: CaseState, e: events.PauseRequested) -> CaseState:
    asked = Request(
        id=e.request, by=e.by, reason=e.reason, statement=e.statement, requested_at=e.requested_at,
        until=e.until,
    )  # fmt: skip
    return state.model_copy(update={"request": asked})


def _extension_requested(state: CaseState, e: events.ExtensionRequested) -> CaseState:
    asked = Request(
        id=e.request, by=e.by, reason=e.reason, statement=e.statement, requested_at=e.requested_at,
        limit=e.limit,
    )  # fmt: skip
    return state.model_copy(update={"request": asked})


def _refused(state: CaseState, _: events.ReliefRefused) -> CaseState:
    return state.model_copy(update={"request": None})


def _paused(state: CaseState, e: events.ClockPaused) -> CaseState:
    pause = Pause(start=e.paused_at, until=e.until, reason=e.reason, by=e.by)
    still = _changed(state, e.clock, NEVER, e.paused_at, pauses=lambda c: (*c.pauses, pause))
    return _leased(_answered(still, e.request), e.clock, e.until - e.paused_at)


def _resumed(state: CaseState, e: events.ClockResumed) -> CaseState:
    last = next(c for c in state.clocks if c.id == e.clock).pauses[-1]

    def ended(clock: Clock) -> tuple[Pause, ...]:
        return (*clock.pauses[:-1], last.model_copy(update={"end": e.resumed_at}))

    running = _changed(state, e.clock, _ends(e), e.resumed_at, pauses=ended)
    return _leased(running, e.clock, e.resumed_at - last.until)


def _leased(state: CaseState, clock: str, by: timedelta) -> CaseState:
    """A lease waits while the handler's time stands still: meanwhile it is stated as it will be
    if the pause lasts to its end."""
    task = state.task
    own = state.running(events.ClockKind.HANDLE)
    if task is None or task.lease_until is None or own is None or own.id != clock:
        return state
    leased = task.model_copy(update={"lease_until": task.lease_until + by})
    return state.model_copy(update={"task": leased})


def _extended(state: CaseState, e: events.ClockExtended) -> CaseState:
    more = Extension(limit=e.limit, reason=e.reason, by=e.by, at=e.extended_at)
    longer = _changed(
        state, e.clock, _ends(e), e.extended_at, extensions=lambda c: (*c.extensions, more)
    )
    return _answered(longer, e.request)


def _ends(e: events.ClockResumed | events.ClockExtended) -> Ends:
    return Ends(e.due_at, e.near_at, e.twice_at)


def _answered(state: CaseState, request: str | None) -> CaseState:
    asked = state.request is not None and state.request.id == request
    return state.model_copy(update={"request": None}) if asked else state


def _changed(
    state: CaseState, clock: str, ends: Ends, at: datetime, **change: Callable[[Clock], Any]
) -> CaseState:
    """One clock with other ends; the case and the task know their deadline, too."""
    found = next(c for c in state.clocks if c.id == clock)
    new = {name: of(found) for name, of in change.items()}
    other = found.model_copy(update={**new, **ends._asdict()})
    update: dict[str, Any] = {"clocks": tuple(other if c.id == clock else c for c in state.clocks)}
    if found.kind == events.ClockKind.CASE:
        update["due_at"] = ends.due_at
    if found.kind == events.ClockKind.HANDLE and state.task is not None:
        update["task"] = state.task.model_copy(update=_told(state.task, ends, at))
    return state.model_copy(update=update)


def _told(task: Task, ends: Ends, at: datetime) -> dict[str, Any]:
    """What was told of a time that lies ahead again is told once more when it comes."""

    def still(was: bool, time: datetime | None) -> bool:
        return was and (time is None or time <= at)

    return {
        "due_at": ends.due_at,
        "near": still(task.near, ends.near_at),
        "overdue": still(task.overdue, ends.due_at),
        "twice": still(task.twice, ends.twice_at),
    }


EVOLVE: Mapping[type[EventData], Callable[[CaseState, Any], CaseState]] = {
    events.PauseRequested: _pause_requested,
    events.ExtensionRequested: _extension_requested,
    events.ReliefRefused: _refused,
    events.ClockPaused: _paused,
    events.ClockResumed: _resumed,
    events.ClockExtended: _extended,
}
