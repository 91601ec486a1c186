"""Deadlines: when a limit ends that starts at an instant."""

from datetime import UTC, datetime, timedelta

from case_contracts.values import Limit, LimitUnit
from service_kit.worktime.calendar import WorkCalendar
from service_kit.worktime.measure import step, working_between


def deadline(start: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """The instant (UTC) at which ``limit``, running from ``start``, is used up.

    * ``working_hours``: so much working time, counted from the first working instant at or
      after ``start``;
    * ``working_days``: the same wall-clock time that many working days after that instant,
      drawn into that day's hours where they differ;
    * ``hours``: continuous, really elapsed time;
    * ``days``: the same time of day of the zone that many days later.

    A part of a day counts as that part of the (working) time until the day after.

    Raises:
        WorktimeError: ``start`` has no zone.
    """
    whole = int(limit.amount)
    part = limit.amount - whole
    match limit.unit:
        case LimitUnit.HOURS:
            return calendar.local(start).astimezone(UTC) + timedelta(hours=limit.amount)
        case LimitUnit.WORKING_HOURS:
            return calendar.advance(start, timedelta(hours=limit.amount))
        case LimitUnit.DAYS:
            return _after_days(start, whole, part, limit.unit, calendar)
        case LimitUnit.WORKING_DAYS:
            start = calendar.first_working(start)
            return _after_days(start, whole, part, limit.unit, calendar)


def _after_days(
    start: datetime, days: int, part: float, unit: LimitUnit, calendar: WorkCalendar
) -> datetime:
    reached = step(start, days, unit, calendar)
    if not part:
        return reached
    after = step(start, days + 1, unit, calendar)
    if unit is LimitUnit.DAYS:
        return reached + part * (after - reached)
    return calendar.advance(reached, part * working_between(reached, after, calendar))
