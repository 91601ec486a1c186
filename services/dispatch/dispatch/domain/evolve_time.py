"""How asking for more time, and being given it, changes the state of a case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain.case_parts import Clock, Extension, Pause, Request
from dispatch.domain.state import CaseState

Ends = tuple[datetime | None, datetime | None, datetime | None]
"""``due_at``, ``near_at`` and ``twice_at`` of a clock."""

NEVER: Ends = (None, None, None)


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
    return _answered(_changed(state, e.clock, NEVER, pauses=lambda c: (*c.pauses, pause)))


def _resumed(state: CaseState, e: events.ClockResumed) -> CaseState:
    def ended(clock: Clock) -> tuple[Pause, ...]:
        last = clock.pauses[-1].model_copy(update={"end": e.resumed_at})
        return (*clock.pauses[:-1], last)

    return _changed(state, e.clock, _ends(e), pauses=ended)


def _extended(state: CaseState, e: events.ClockExtended) -> CaseState:
    more = Extension(limit=e.limit, reason=e.reason, by=e.by, at=e.extended_at)
    changed = _changed(state, e.clock, _ends(e), extensions=lambda c: (*c.extensions, more))
    return _answered(changed)


def _ends(e: events.ClockResumed | events.ClockExtended) -> Ends:
    return e.due_at, e.near_at, e.twice_at


def _answered(state: CaseState) -> CaseState:
    return state.model_copy(update={"request": None}) if state.request else state


def _changed(
    state: CaseState, clock: str, ends: Ends, **change: Callable[[Clock], Any]
) -> CaseState:
    """One clock with other ends; the case and the task know their deadline, too."""
    found = next(c for c in state.clocks if c.id == clock)
    new = {name: of(found) for name, of in change.items()}
    due_at, near_at, twice_at = ends
    times = {"due_at": due_at, "near_at": near_at, "twice_at": twice_at}
    other = found.model_copy(update={**new, **times})
    update: dict[str, Any] = {"clocks": tuple(other if c.id == clock else c for c in state.clocks)}
    if found.kind == events.ClockKind.CASE:
        update["due_at"] = due_at
    if found.kind == events.ClockKind.HANDLE and state.task is not None:
        update["task"] = state.task.model_copy(update={"due_at": due_at, "near": False})
    return state.model_copy(update=update)


EVOLVE: Mapping[type[EventData], Callable[[CaseState, Any], CaseState]] = {
    events.PauseRequested: _pause_requested,
    events.ExtensionRequested: _extension_requested,
    events.ReliefRefused: _refused,
    events.ClockPaused: _paused,
    events.ClockResumed: _resumed,
    events.ClockExtended: _extended,
}
