"""A month of reports: which of a file's, and when each is sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from civicgrid.reports_file import ReportLine

DAYS = 30


def some_of(lines: Sequence[ReportLine], limit: int) -> list[ReportLine]:
    """So many, from all of the file alike, in its order."""
    if limit >= len(lines):
        return list(lines)
    return [lines[number * len(lines) // limit] for number in range(limit)]


def spread_out(
    lines: Sequence[ReportLine], begin: datetime, zone: str, seed: int
) -> tuple[list[ReportLine], list[datetime]]:
    """When each is sent, from ``begin`` on: the file's days are spread over a month, each report
    at the time of day at which it was made."""
    first, last = min(_day(line, zone) for line in lines), max(_day(line, zone) for line in lines)
    chance, span = Random(f"{seed}:month"), (last - first).days + 1
    midnight = begin.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)

    def at(line: ReportLine) -> datetime:
        day = int(((_day(line, zone) - first).days + chance.random()) * DAYS / span)
        local = line.reported_at.astimezone(ZoneInfo(zone))
        time = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        return max(midnight + timedelta(days=day) + time, begin)

    timed = sorted(((at(line), number) for number, line in enumerate(lines)))
    return [lines[number] for _, number in timed], [when for when, _ in timed]


def _day(line: ReportLine, zone: str) -> datetime:
    local = line.reported_at.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
