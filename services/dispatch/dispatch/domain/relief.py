"""More time for a handler: what is asked for, given and ended. Nothing else moves a deadline."""

from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Party
from dispatch.domain.case_parts import Clock, Extension, Pause, Request
from dispatch.domain.course import Ends, ends_of
from dispatch.domain.state import CaseState
from dispatch.domain.world import World

MOVED = (ClockKind.HANDLE, ClockKind.CASE)
"""The clocks that a pause or an extension is for: the handler's, and the case's with it."""

WORK_ENDED = "work_ended"
"""Why a request is not answered: the work was done or taken away first."""


def paused(state: CaseState) -> tuple[Clock, ...]:
    """The clocks that stand still."""
    running = (state.running(kind) for kind in MOVED)
    return tuple(clock for clock in running if clock is not None and clock.pause is not None)


def times_given(state: CaseState) -> tuple[int, int]:
    """How many pauses and how many extensions handlers of this case were given."""
    handlers = [clock for clock in state.clocks if clock.kind == ClockKind.HANDLE]
    return sum(len(c.pauses) for c in handlers), sum(len(c.extensions) for c in handlers)


def pause(state: CaseState, asked: Request, by: str, at: datetime) -> list[EventData]:
    """Time stands still for each clock that has not run out."""
    assert asked.until is not None
    return [
        events.ClockPaused(
            case=state.case,
            clock=clock.id,
            party=asked.by,
            request=asked.id,
            by=by,
            reason=asked.reason,
            paused_at=at,
            until=asked.until,
            number=len(clock.pauses) + 1,
        )
        for clock in _moved(state)
        if clock.due_at is not None and at < clock.due_at
    ]


def extend(
    state: CaseState, world: World, asked: Request, by: str, at: datetime
) -> list[EventData]:
    """Each limit is longer; while it is paused by more that is left."""
    assert asked.limit is not None
    more = Extension(limit=asked.limit, reason=asked.reason, by=by, at=at)
    found: list[EventData] = []
    for clock in _moved(state):
        longer = clock.model_copy(update={"extensions": (*clock.extensions, more)})
        ends = _ends(state, world, longer)
        found.append(
            events.ClockExtended(
                case=state.case,
                clock=clock.id,
                party=asked.by,
                request=asked.id,
                by=by,
                reason=asked.reason,
                limit=asked.limit,
                due_at=ends.due_at,
                near_at=ends.near_at,
                twice_at=ends.twice_at,
                number=len(longer.extensions),
                extended_at=at,
            )
        )
    return found


def resume(state: CaseState, world: World, at: datetime, by: str | None = None) -> list[EventData]:
    """All that stands still runs again from ``at`` on, or since its pause was to end, where no
    timer has said so yet; nothing where nothing does."""
    return [_resumed(state, world, clock, at, by) for clock in paused(state)]


def end_relief(state: CaseState, world: World, at: datetime) -> list[EventData]:
    """The handler's work ends: what was asked for is not given any more, the pause is over. The
    handler's own clock stops where it stands; the case's runs on."""
    refused: list[EventData] = []
    if state.request is not None:
        refused.append(refuse(state, state.request, None, WORK_ENDED, None, at))
    others = [clock for clock in paused(state) if clock.kind != ClockKind.HANDLE]
    return [*refused, *(_resumed(state, world, clock, at, None) for clock in others)]


def refuse(
    state: CaseState, asked: Request, by: str | None, reason: str, statement: str | None,
    at: datetime,
) -> events.ReliefRefused:  # fmt: skip
    return events.ReliefRefused(
        case=state.case,
        request=asked.id,
        party=asked.by,
        by=by,
        reason=reason,
        statement=statement,
        refused_at=at,
    )


def _resumed(
    state: CaseState, world: World, clock: Clock, at: datetime, by: str | None
) -> events.ClockResumed:
    last = clock.pauses[-1]
    at = min(at, last.until)
    ended = last.model_copy(update={"end": at})
    running = clock.model_copy(update={"pauses": (*clock.pauses[:-1], ended)})
    ends = _ends(state, world, running)
    return events.ClockResumed(
        case=state.case,
        clock=clock.id,
        party=_party(state),
        resumed_at=at,
        due_at=ends.due_at,
        near_at=ends.near_at,
        twice_at=ends.twice_at,
        by=by,
    )


def _party(state: CaseState) -> Party | None:
    return state.task.handler if state.task else None


def _moved(state: CaseState) -> list[Clock]:
    running = (state.running(kind) for kind in MOVED)
    return [clock for clock in running if clock is not None and clock.limit is not None]


def _ends(state: CaseState, world: World, clock: Clock) -> Ends:
    assert state.calendar is not None
    return ends_of(clock, world.calendar(state.calendar), world.supervision.rules.near_share)


def standing(state: CaseState) -> Pause | None:
    """The handler's pause that goes on."""
    clock = state.running(ClockKind.HANDLE)
    return clock.pause if clock is not None else None
