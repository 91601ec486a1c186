"""The clocks of a case as a supervisor reads them: a picture each, and the same in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from console.domain.clock_picture import Band, Mark, Picture, picture
from console.domain.moments import Span, span
from console.views.clock_told import Clock, Counted, Part, Segment

ORDER = ("handle", "verify", "answer", "case", "dispatch", "accept")
"""Of those that run: whose turn it is first."""
FIRST_DAYS, LAST_DAYS = 5, 2
"""So many days are told one by one; those between them as one sum."""


@dataclass(frozen=True)
class Length:
    hours: int
    minutes: int

    @classmethod
    def of(cls, length: timedelta) -> "Length":
        minutes = round(length.total_seconds() / 60)
        return cls(minutes // 60, minutes % 60)


@dataclass(frozen=True)
class Day:
    """What counted on a day. ``days`` is more than one where several are told as one."""

    day: date
    days: int
    spans: tuple[Counted, ...]
    sum: Length


@dataclass(frozen=True)
class PartShown:
    told: Part
    days: tuple[Day, ...]
    sum: Length
    left: Length | None


@dataclass(frozen=True)
class ClockShown:
    """``passed`` is by how much it is or was late; ``left`` how long until it is due. Both None
    where it has no limit or stands still. ``open``: shown at once; the others tell the same
    deadline again, or are over."""

    told: Segment
    picture: Picture | None
    parts: tuple[PartShown, ...]
    left: Span | None
    passed: Span | None
    paused: bool
    open: bool


def clocks_shown(clock: Clock, now: datetime) -> list[ClockShown]:
    """Those that run first, then those that ended, the latest first; without those that have no
    limit, and so nothing to explain."""
    told = [each for each in clock.segments if each.limit is not None]
    running = sorted((each for each in told if each.runs), key=lambda each: ORDER.index(each.kind))
    ordered = [*running, *(each for each in reversed(told) if not each.runs)]
    zone = ZoneInfo(clock.zone)
    return [_shown(each, zone, now, _opens(each, ordered)) for each in ordered]


def _opens(segment: Segment, ordered: Sequence[Segment]) -> bool:
    first = ordered[0]
    whole = segment.runs and segment.kind == "case"
    return segment is first or (whole and not _same(segment.due_at, first.due_at))


def _same(one: datetime | None, other: datetime | None) -> bool:
    """The same to the minute: a task is given some seconds after the report."""
    if one is None or other is None:
        return one is other
    return abs(one - other) < timedelta(minutes=2)


def _shown(segment: Segment, zone: ZoneInfo, now: datetime, opens: bool) -> ClockShown:
    end = segment.stopped_at or now
    due = segment.due_at
    late = due is not None and due < end
    return ClockShown(
        told=segment,
        picture=picture(list(bands(segment, now)), list(marks(segment, now)), zone),
        parts=tuple(_part(each, zone) for each in segment.parts),
        left=span(due - end) if due is not None and segment.runs and not late else None,
        passed=span(end - due) if due is not None and late else None,
        paused=bool(segment.runs and segment.pauses and segment.pauses[-1].end is None),
        open=opens,
    )


def bands(segment: Segment, now: datetime) -> Iterator[Band]:
    """What the picture shows of time: counted until now or until it stopped, and to be counted."""
    end = segment.stopped_at or now
    for number, part in enumerate(segment.parts):
        for each in part.spans:
            if each.start < end:
                yield Band("more" if number else "counted", each.start, min(each.end, end))
            if each.end > end:
                yield Band("left", max(each.start, end), each.end)
    for pause in segment.pauses:
        yield Band("paused", pause.start, pause.end or pause.until)
    if segment.due_at is not None and segment.due_at < end:
        yield Band("late", segment.due_at, end)


def marks(segment: Segment, now: datetime) -> Iterator[Mark]:
    yield Mark("start", segment.started_at)
    if segment.due_at is not None:
        yield Mark("due", segment.due_at)
    if segment.stopped_at is not None:
        yield Mark("stopped", segment.stopped_at)
    elif now >= segment.started_at:
        yield Mark("now", now)


def _part(part: Part, zone: ZoneInfo) -> PartShown:
    left = timedelta(seconds=part.left_seconds) if part.left_seconds is not None else None
    return PartShown(
        told=part,
        days=_days(part.spans, zone),
        sum=Length.of(timedelta(seconds=part.seconds)),
        left=Length.of(left) if left is not None else None,
    )


def _days(spans: Iterable[Counted], zone: ZoneInfo) -> tuple[Day, ...]:
    by_day = groupby(spans, key=lambda each: each.start.astimezone(zone).date())
    days = [_day(day, list(found)) for day, found in by_day]
    if len(days) <= FIRST_DAYS + LAST_DAYS + 1:
        return tuple(days)
    between = days[FIRST_DAYS:-LAST_DAYS]
    spent = sum((each.length for day in between for each in day.spans), timedelta())
    together = Day(between[0].day, len(between), (), Length.of(spent))
    return (*days[:FIRST_DAYS], together, *days[-LAST_DAYS:])


def _day(day: date, spans: Sequence[Counted]) -> Day:
    return Day(day, 1, tuple(spans), Length.of(sum((s.length for s in spans), timedelta())))
