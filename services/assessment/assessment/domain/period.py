"""A month in the district's zone."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

_FORM = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class Period:
    """``[start, end)`` in Unix seconds; ``now`` caps it while the month still runs."""

    name: str
    start: float
    end: float
    now: float

    @property
    def over(self) -> bool:
        return self.now >= self.end

    def holds(self, at: float) -> bool:
        return self.start <= at < self.end

    def has_ended(self, limit: float) -> bool:
        """Whether a limit ended within the period, and before now."""
        return self.start <= limit < self.end and limit <= self.now


def month(name: str, zone: str, now: datetime) -> Period:
    """``2026-01`` in a zone; raises ValueError for what is no month."""
    match = _FORM.match(name)
    if match is None:
        raise ValueError(f"{name} is no month: write YYYY-MM, for example 2026-01")
    year, number = int(match[1]), int(match[2])
    tz = ZoneInfo(zone)
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    start, end = datetime(year, number, 1, tzinfo=tz), datetime(*after, 1, tzinfo=tz)
    return Period(name, start.timestamp(), end.timestamp(), now.timestamp())
