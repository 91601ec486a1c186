"""The clock explained: every deadline from the ledger, down to the working hours counted."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Instant, Limit, Party, Text, Versioned
from dispatch.domain.case_parts import Clock, Extension
from dispatch.domain.course import legs_of
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from service_kit.worktime import Leg, Segment, WorkCalendar, counted

MAX_SPANS = 400
"""Spans shown of one limit; a hundred working days have two hundred."""


class Counted(BaseModel):
    """Time that counted, without a break; ``day`` is the zone's, ``name`` that of a make-up
    working day."""

    start: Instant
    end: Instant
    day: str
    name: Text | None = None


class Part(BaseModel):
    """One limit of a segment: the standard's own, then each extension (``granted_by``), each from
    the end of the one before. ``seconds`` is the sum of all that was counted, of which the first
    ``spans`` are shown; ``left_seconds`` what was left of it when time stood still, null where it
    runs or has not begun; ``ends_at`` is null until it runs again."""

    limit: Limit
    granted_by: str | None
    reason: str | None
    granted_at: Instant | None
    counts: Literal["working", "elapsed"]
    seconds: float
    spans: list[Counted]
    spans_not_shown: int
    left_seconds: float | None
    ends_at: Instant | None


class Stood(BaseModel):
    """Time stood still from ``start`` to ``end`` (null: still), to ``until`` at the latest."""

    start: Instant
    until: Instant
    end: Instant | None
    reason: str
    granted_by: str


class Explained(BaseModel):
    """One segment of the ledger. Its ``due_at`` is the end of its last part; null without a limit
    and while it is paused."""

    id: str
    kind: ClockKind
    party: Party | None
    started_at: Instant
    stopped_at: Instant | None
    reason: str | None
    limit: Limit | None
    due_at: Instant | None
    near_at: Instant | None
    twice_at: Instant | None
    standard: Versioned | None
    calendar: Versioned
    pauses: list[Stood]
    parts: list[Part]


class ClockExplained(BaseModel):
    """All segments, in the order in which they began. Hours are those of the calendar's zone."""

    case: str
    due_at: Instant | None
    standard: Versioned | None
    calendar: Versioned
    zone: str
    segments: list[Explained]


def explained(state: CaseState, world: World) -> ClockExplained:
    """Every segment of the ledger, and for those with a limit how the deadline was counted."""
    assert state.calendar is not None
    calendar = world.calendar(state.calendar)
    return ClockExplained(
        case=state.case,
        due_at=state.due_at,
        standard=state.standard,
        calendar=state.calendar,
        zone=calendar.zone.key,
        segments=[_segment(clock, state, calendar) for clock in state.clocks],
    )


def _segment(clock: Clock, state: CaseState, calendar: WorkCalendar) -> Explained:
    return Explained(
        **clock.model_dump(exclude={"pauses", "extensions"}),
        standard=state.standard,
        calendar=calendar.version,
        pauses=[
            Stood(start=p.start, until=p.until, end=p.end, reason=p.reason, granted_by=p.by)
            for p in clock.pauses
        ],
        parts=_parts(clock, calendar),
    )


def _parts(clock: Clock, calendar: WorkCalendar) -> list[Part]:
    grants = (None, *clock.extensions) if clock.limit is not None else ()
    legs = legs_of(clock, calendar)
    return [_part(leg, grant, calendar) for leg, grant in zip(legs, grants, strict=True)]


def _part(leg: Leg, grant: Extension | None, calendar: WorkCalendar) -> Part:
    spans = _spans(leg, calendar)
    return Part(
        limit=leg.limit,
        granted_by=grant.by if grant else None,
        reason=grant.reason if grant else None,
        granted_at=grant.at if grant else None,
        counts="working" if leg.limit.unit.is_working else "elapsed",
        seconds=leg.counted.total_seconds(),
        spans=[_counted(span) for span in spans[:MAX_SPANS]],
        spans_not_shown=max(0, len(spans) - MAX_SPANS),
        left_seconds=leg.left.total_seconds() if leg.left is not None else None,
        ends_at=leg.end,
    )


def _spans(leg: Leg, calendar: WorkCalendar) -> Sequence[Segment]:
    return [
        segment
        for span in leg.spans
        for segment in counted(span.start, span.end, leg.limit.unit, calendar)
    ]


def _counted(span: Segment) -> Counted:
    return Counted(start=span.start, end=span.end, day=span.day.isoformat(), name=span.name)
