"""Boston's requests of 2015 with due times, as tests read them: straight from the city's file."""

import csv
import gzip
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from case_contracts.values import DayException, Hours, Limit, LimitUnit, Versioned
from service_kit.worktime import WorkCalendar

ZONE = ZoneInfo("America/New_York")
_HOLIDAYS = "01-01 01-19 02-16 04-20 05-25 09-07 10-12 11-11 11-26 12-25"
CALENDAR = WorkCalendar(
    Versioned(id="boston-work", version=1),
    ZONE.key,
    dict.fromkeys(range(1, 6), (Hours(start=time(8, 30), end=time(17)),)),
    tuple(DayException(day=date.fromisoformat(f"2015-{day}")) for day in _HOLIDAYS.split()),
)


class Target(NamedTuple):
    """A request with a due time: what the city promised, and whether it kept it."""

    type: str
    opened: datetime
    due: datetime
    closed: datetime | None
    on_time: bool


def limits(data: Path) -> dict[str, Limit]:
    """The limit of each type that the work calendar explains in at least 97 % of its rows.

    85 types; one of them by "0 days", read from a single row of the year. That is no limit.
    """
    with (data / "boston/derived_sla_by_type.csv").open(encoding="utf-8") as file:
        found = ((row["TYPE"], _limit(row)) for row in csv.DictReader(file))
        return {name: limit for name, limit in found if limit}


def _limit(row: dict[str, str]) -> Limit | None:
    business = float(row["share_exact_business"] or 0)
    calendar = float(row["share_exact_calendar"] or 0)
    working = business >= calendar
    days = float(row["business_days" if working else "calendar_days"])
    if max(business, calendar) < 0.97 or days <= 0:
        return None
    return Limit(amount=days, unit=LimitUnit.WORKING_DAYS if working else LimitUnit.DAYS)


def targets(data: Path) -> Iterator[Target]:
    """The second quarter's rows that have a target, in the file's order."""
    path = data / "boston/boston311_2015_q2.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            due = _time(row["TARGET_DT"])
            opened = _time(row["OPEN_DT"])
            if due and opened:
                on_time = row["OnTime_Status"] == "ONTIME"
                yield Target(row["TYPE"], opened, due, _time(row["CLOSED_DT"]), on_time)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=ZONE)
