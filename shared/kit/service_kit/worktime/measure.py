"""How much time of a kind lies between two instants."""

from datetime import datetime, timedelta

from case_contracts.values import LimitUnit
from service_kit.worktime.calendar import WorkCalendar
from service_kit.worktime.steps import days_later, working_days_later

_HOUR = timedelta(hours=1)
_NOTHING = timedelta(0)


def working_between(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time in ``[start, end)``; nothing when ``end`` is not after ``start``."""
    return sum((span.end - span.start for span in calendar.spans(start, end)), _NOTHING)


def step(start: datetime, days: int, unit: LimitUnit, calendar: WorkCalendar) -> datetime:
    """The same wall-clock time ``days`` days (or working days, as ``unit`` says) later."""
    if unit is LimitUnit.DAYS:
        return days_later(start, days, calendar)
    return working_days_later(start, days, calendar)


def elapsed(start: datetime, end: datetime, unit: LimitUnit, calendar: WorkCalendar) -> float:
    """How much of ``unit`` has passed between two instants: the inverse of ``deadline``.

    A part of a day is the part of the (working) time until the day after.

    Raises:
        WorktimeError: a time has no zone.
    """
    if unit is LimitUnit.HOURS:
        return max(calendar.local(end) - calendar.local(start), _NOTHING) / _HOUR
    if unit is LimitUnit.WORKING_HOURS:
        return working_between(start, end, calendar) / _HOUR
    days, part = elapsed_days(start, end, unit, calendar)
    return days + part


def elapsed_days(
    start: datetime, end: datetime, unit: LimitUnit, calendar: WorkCalendar
) -> tuple[int, float]:
    """Whole (working) days that have passed, and the part of the next one."""
    if unit is LimitUnit.WORKING_DAYS:
        start = calendar.first_working(start)
    if end <= start:
        return 0, 0.0
    days = _days_at_most(start, end, unit, calendar)
    while days and step(start, days, unit, calendar) > end:
        days -= 1
    here, after = (step(start, n, unit, calendar) for n in (days, days + 1))
    spent, whole = (_between(here, until, unit, calendar) for until in (end, after))
    return days, spent / whole if whole else 0.0


def _between(start: datetime, end: datetime, unit: LimitUnit, calendar: WorkCalendar) -> timedelta:
    if unit is LimitUnit.DAYS:
        return end - start
    return working_between(start, end, calendar)


def _days_at_most(start: datetime, end: datetime, unit: LimitUnit, calendar: WorkCalendar) -> int:
    first, last = calendar.local(start).toordinal(), calendar.local(end).toordinal()
    if unit is LimitUnit.DAYS:
        return last - first
    return sum(1 for day in range(first + 1, last + 1) if calendar.day(day))
