"""Periods of the calendar in a zone, and how many visits a plan asks for in each."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from case_contracts.events.intake import RoundPer, RoundPlanned
from service_kit.validity import END

MONTHS = {RoundPer.MONTH: 1, RoundPer.QUARTER: 3, RoundPer.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """``[start, end)`` in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def within(self, start: datetime, end: datetime) -> "Period | None":
        """What of it lies in ``[start, end)``."""
        first, last = max(self.start, start), min(self.end, end)
        return Period(first, last) if first < last else None


def period_at(at: datetime, per: RoundPer, zone: ZoneInfo) -> Period:
    """The month, quarter or year of the zone's calendar that ``at`` lies in."""
    local, months = at.astimezone(zone), MONTHS[per]
    first = (local.month - 1) // months * months + 1
    years, month = divmod(first - 1 + months, 12)
    start, end = date(local.year, first, 1), date(local.year + years, month + 1, 1)
    return Period(_midnight(start, zone), _midnight(end, zone))


def window_of(plan: RoundPlanned, period: Period, since: datetime) -> Period | None:
    """The part of the period in which the plan holds for what exists ``since`` then."""
    return period.within(max(plan.valid_from, since), plan.valid_to or END)


def expected(plan: RoundPlanned, period: Period, window: Period) -> int:
    """How many visits are due in a part of a period: its share, rounded down, at least one."""
    return max(1, plan.times * window.length // period.length)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)
