"""A work calendar, ready to be counted with: on which instants is work time."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from case_contracts.events.registry import CalendarPublished
from case_contracts.values import DayException, Hours, Versioned

_MIDNIGHT = time(0)
_NOTHING = timedelta(0)


class WorktimeError(ValueError):
    """A calendar or a time that cannot be counted with; the message says which and why."""


class Span(NamedTuple):
    """Working time without a break, half open ``[start, end)``, both in UTC."""

    start: datetime
    end: datetime


class WorkCalendar:
    """Working hours per weekday with holidays and make-up working days, in one zone.

    Hours are wall-clock times: on a day on which the clocks change, a span is as long as it
    really was. An ``end`` of 00:00 means the end of the day. Immutable; each day's spans are
    worked out once and kept.
    """

    def __init__(
        self,
        version: Versioned,
        zone: str,
        weekdays: Mapping[int, tuple[Hours, ...]],
        exceptions: tuple[DayException, ...] = (),
    ) -> None:
        self.version = version
        self.zone = _zone(zone)
        self._weekdays = {day: _checked(hours, f"weekday {day}") for day, hours in weekdays.items()}
        if not any(self._weekdays.values()):
            raise WorktimeError(f"calendar {version.id} has no working hours on any weekday")
        self._exceptions = _by_day(exceptions)
        self._days: dict[int, tuple[Span, ...]] = {}

    @classmethod
    def from_event(cls, event: CalendarPublished) -> "WorkCalendar":
        """The calendar of a ``calendar.published`` event."""
        version = Versioned(id=event.calendar, version=event.version)
        return cls(version, event.zone, event.weekdays, event.exceptions)

    def local(self, at: datetime) -> datetime:
        """``at`` as the calendar's wall clock shows it."""
        if at.tzinfo is None:
            raise WorktimeError(f"{at.isoformat()} has no zone: give times with their offset")
        return at.astimezone(self.zone)

    def exception(self, day: date) -> DayException | None:
        """The holiday or make-up working day that ``day`` is, if it is one."""
        return self._exceptions.get(day)

    def is_working_day(self, day: date) -> bool:
        return bool(self.day(day.toordinal()))

    def day(self, ordinal: int) -> tuple[Span, ...]:
        """Working spans of the local day with this proleptic ordinal, in order."""
        spans = self._days.get(ordinal)
        if spans is None:
            spans = self._days[ordinal] = self._work_out(date.fromordinal(ordinal))
        return spans

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Working spans within ``[start, end)``, cut at both ends."""
        for span in self._spans_from(start):
            if span.start >= end:
                return
            yield span if span.end <= end else Span(span.start, end)

    def first_working(self, at: datetime) -> datetime:
        """The first working instant at or after ``at``, in UTC."""
        return next(self._spans_from(at)).start

    def advance(self, at: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which ``amount`` of working time after ``at`` has passed.

        Nothing to pass leaves ``at`` where it is, be it working time or not.
        """
        if amount <= _NOTHING:
            return at.astimezone(UTC)
        for start, end in self._spans_from(at):
            if amount <= end - start:
                return start + amount
            amount -= end - start
        raise AssertionError("a calendar has working hours without end")

    def _spans_from(self, at: datetime) -> Iterator[Span]:
        ordinal = self.local(at).toordinal()
        at = at.astimezone(UTC)
        while True:
            for span in self.day(ordinal):
                if span.end > at:
                    yield span if span.start >= at else Span(at, span.end)
            ordinal += 1

    def _work_out(self, day: date) -> tuple[Span, ...]:
        exception = self._exceptions.get(day)
        hours = exception.hours if exception else self._weekdays.get(day.isoweekday(), ())
        spans: list[Span] = []
        for hour in sorted(hours, key=lambda h: h.start):
            start, end = self.instant(day, hour.start), self._end(day, hour.end)
            # Clocks put forward within a break make the break shorter than nothing.
            start = max(start, spans[-1].end) if spans else start
            if start < end:
                spans.append(Span(start, end))
        return tuple(spans)

    def instant(self, day: date, at: time) -> datetime:
        """The wall-clock time ``at`` of ``day`` in UTC; the first of two when clocks go back."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _end(self, day: date, end: time) -> datetime:
        return self.instant(day + timedelta(days=1) if end == _MIDNIGHT else day, end)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise WorktimeError(f"no time zone {name!r}: use a name such as Asia/Shanghai") from error


def _checked(hours: tuple[Hours, ...], where: str) -> tuple[Hours, ...]:
    before = None
    for hour in sorted(hours, key=lambda h: h.start):
        if hour.end != _MIDNIGHT and hour.end <= hour.start:
            raise WorktimeError(f"{where}: hours {hour.start} to {hour.end} end before they start")
        if before and (before.end == _MIDNIGHT or before.end > hour.start):
            raise WorktimeError(f"{where}: hours from {before.start} and {hour.start} overlap")
        before = hour
    return hours


def _by_day(exceptions: tuple[DayException, ...]) -> dict[date, DayException]:
    found: dict[date, DayException] = {}
    for exception in exceptions:
        if exception.day in found:
            raise WorktimeError(f"{exception.day} is named twice among the exceptions")
        _checked(exception.hours, str(exception.day))
        found[exception.day] = exception
    return found
