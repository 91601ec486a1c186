"""Why a deadline is what it is: the time that was counted, piece by piece."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from case_contracts.values import Limit, LimitUnit, Text
from service_kit.worktime.calendar import WorkCalendar
from service_kit.worktime.deadline import deadline

_CONTINUOUS = (LimitUnit.HOURS, LimitUnit.DAYS)


@dataclass(frozen=True, slots=True)
class Segment:
    """Time that counted towards a limit: ``[start, end)`` in UTC, on the zone's ``day``.

    ``name`` is the make-up working day's name where the day is one.
    """

    day: date
    start: datetime
    end: datetime
    name: Text | None = None

    @property
    def counted(self) -> timedelta:
        return self.end - self.start


def explain(start: datetime, limit: Limit, calendar: WorkCalendar) -> list[Segment]:
    """The segments that a limit counted from ``start`` to its deadline, in order.

    Continuous time is one segment; working time one per working span.
    """
    return counted(start, deadline(start, limit, calendar), limit.unit, calendar)


def counted(
    start: datetime, end: datetime, unit: LimitUnit, calendar: WorkCalendar
) -> list[Segment]:
    """The segments of ``[start, end)`` that count for a limit of this unit."""
    if unit in _CONTINUOUS:
        return [_segment(start.astimezone(UTC), end.astimezone(UTC), calendar)]
    return [_segment(span.start, span.end, calendar) for span in calendar.spans(start, end)]


def _segment(start: datetime, end: datetime, calendar: WorkCalendar) -> Segment:
    day = calendar.local(start).date()
    exception = calendar.exception(day)
    return Segment(day, start, end, exception.name if exception else None)
