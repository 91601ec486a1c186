"""The course of a clock: limits counted one after another, with time that stood still between.

What is left of a limit that has begun is an amount of its own kind of time: working time for
limits in working hours and days, really elapsed time for the others. A limit that is interrupted
is therefore counted on by its hours, to the microsecond, be it in hours or in days; one that has
not begun is counted as a whole from when its turn comes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from case_contracts.values import Limit, LimitUnit
from service_kit.worktime.calendar import Span, WorkCalendar, WorktimeError
from service_kit.worktime.deadline import deadline
from service_kit.worktime.measure import working_between

_CONTINUOUS = (LimitUnit.HOURS, LimitUnit.DAYS)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Still:
    """Time that stood still in ``[start, end)``; without an end it still does."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One limit of a course: the ``spans`` counted for it so far (working ones, or elapsed time
    between pauses), what is ``left`` of it while time stands still, and its ``end`` if it does
    not. A limit whose turn has not come has neither spans nor ``left``, but is whole."""

    limit: Limit
    spans: tuple[Span, ...] = ()
    left: timedelta | None = None
    end: datetime | None = None

    @property
    def counted(self) -> timedelta:
        return sum((span.end - span.start for span in self.spans), _NOTHING)


def course(
    start: datetime, limits: Sequence[Limit], stills: Sequence[Still], calendar: WorkCalendar
) -> tuple[Leg, ...]:
    """How ``limits`` are counted from ``start``, each from the end of the one before.

    ``stills`` are in order and apart from each other; only the last may be without an end. The
    end of the last leg is the deadline: None while time stands still. Without a pause it is what
    ``deadline`` says; a pause moves it by the time of the limit's kind that it lasted.

    Raises:
        WorktimeError: a time has no zone, or the stills are not in order.
    """
    _check(stills)
    legs: list[Leg] = []
    at: datetime | None = start.astimezone(UTC)
    for limit in limits:
        leg = Leg(limit) if at is None else _leg(at, limit, stills, calendar)
        legs.append(leg)
        at = leg.end
    return tuple(legs)


def left_before(legs: Sequence[Leg], share: float) -> datetime | None:
    """The earliest instant at which no more than this share of all counted time is left; None
    while time stands still, and where nothing is counted."""
    spans = [span for leg in legs for span in leg.spans]
    if not spans or legs[-1].end is None:
        return None
    left = share * sum((span.end - span.start for span in spans), _NOTHING)
    for span in reversed(spans):
        if left < span.end - span.start:
            return span.end - left
        left -= span.end - span.start
    return spans[0].start


def _leg(at: datetime, limit: Limit, stills: Sequence[Still], calendar: WorkCalendar) -> Leg:
    begins = _moving(at, stills)
    if begins is None:
        return Leg(limit)
    end, runs_from, spans = deadline(begins, limit, calendar), begins, list[Span]()
    for still in stills:
        if not begins < still.start < end:
            continue
        spans += _counted(runs_from, still.start, limit, calendar)
        if still.end is None:
            left = _between(still.start, end, limit, calendar)
            return Leg(limit, tuple(spans), left)
        end = _moved(end, still.start, still.end, limit, calendar)
        runs_from = still.end
    spans += _counted(runs_from, end, limit, calendar)
    return Leg(limit, tuple(spans), None, end)


def _moving(at: datetime, stills: Sequence[Still]) -> datetime | None:
    """The first instant from ``at`` on at which time does not stand still."""
    for still in stills:
        if still.start <= at and still.end is None:
            return None
        if still.end is not None and still.start <= at < still.end:
            at = still.end
    return at


def _counted(
    start: datetime, end: datetime, limit: Limit, calendar: WorkCalendar
) -> Iterator[Span]:
    if limit.unit not in _CONTINUOUS:
        yield from calendar.spans(start, end)
    elif start < end:
        yield Span(start, end)


def _between(start: datetime, end: datetime, limit: Limit, calendar: WorkCalendar) -> timedelta:
    if limit.unit in _CONTINUOUS:
        return max(end - start, _NOTHING)
    return working_between(start, end, calendar)


def _moved(
    end: datetime, start: datetime, until: datetime, limit: Limit, calendar: WorkCalendar
) -> datetime:
    """What was left at ``start`` counted on from ``until``. Where no time of the limit's kind
    stood still the end stays where it is, be it before or after a night."""
    if limit.unit in _CONTINUOUS:
        return end + (until - start)
    return calendar.advance(end, working_between(start, until, calendar))


def _check(stills: Sequence[Still]) -> None:
    before: datetime | None = None
    for number, still in enumerate(stills):
        if before is not None and still.start < before:
            raise WorktimeError(f"pause {number + 1} begins before the one before it has ended")
        if still.end is None and number + 1 < len(stills):
            raise WorktimeError(f"pause {number + 1} has not ended, and another one follows")
        if still.end is not None and still.end < still.start:
            raise WorktimeError(f"pause {number + 1} ends before it begins")
        before = still.end
