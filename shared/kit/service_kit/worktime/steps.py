"""Whole days of a calendar: the same time of day, so many days or working days later."""

from datetime import UTC, date, datetime, timedelta

from service_kit.worktime.calendar import Span, WorkCalendar


def days_later(at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The same wall-clock time of the zone ``days`` calendar days later, in UTC."""
    local = calendar.local(at)
    if not days:
        return at.astimezone(UTC)
    return calendar.instant(local.date() + timedelta(days=days), local.time())


def working_days_later(at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The same wall-clock time ``days`` working days later, drawn into that day's hours.

    A time before a day's work is drawn to its beginning, a time in a break or after work to
    the end of the span before it, which is the same point of working time.
    """
    if not days:
        return at.astimezone(UTC)
    local = calendar.local(at)
    ordinal = local.toordinal()
    while days:
        ordinal += 1
        days -= bool(calendar.day(ordinal))
    wanted = calendar.instant(date.fromordinal(ordinal), local.time())
    return _drawn_into(wanted, calendar.day(ordinal))


def _drawn_into(at: datetime, spans: tuple[Span, ...]) -> datetime:
    drawn = spans[0].start
    for span in spans:
        if at >= span.start:
            drawn = min(at, span.end)
    return drawn
