"""Cases by day: opened, closed in time and closed late, in the district's zone."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from dispatch.domain import looked_up
from dispatch.domain.looked_up import Share
from dispatch.views.sight import Sees
from service_kit import clock
from service_kit.mongo import Database, Document

DAYS = 14
KEEP_SECONDS = 30.0
"""In which a chart of days changes little: reading it costs the embedded store a second."""
_FIELDS = {
    f"state.{name}": 1
    for name in ("grid", "grid_path", "about", "reported_at", "closed_at", "on_time")
}


class Day(BaseModel):
    """``closed_late``: completed after the case's limit; without a limit it is in time."""

    day: date
    opened: int = 0
    closed_in_time: int = 0
    closed_late: int = 0


@dataclass(frozen=True)
class Course:
    """When a case was reported and closed."""

    row: Document
    grids: frozenset[str]
    reported_at: datetime
    closed_at: datetime | None
    late: bool


class Days:
    """The cases of the last days, read again seldom, by one of those who ask."""

    def __init__(self) -> None:
        self._courses: Sequence[Course] = ()
        self._read_at: float | None = None
        self._reading = asyncio.Lock()

    async def courses(self, database: Database, root: str) -> Sequence[Course]:
        async with self._reading:
            if self._read_at is None or time.monotonic() - self._read_at > KEEP_SECONDS:
                self._courses = await _read(database, root, clock.now())
                self._read_at = time.monotonic()
            return self._courses


async def _read(database: Database, root: str, now: datetime) -> list[Course]:
    today = looked_up.day_of(now)
    found: dict[str, Course] = {}
    for day in range(today - DAYS, today + 1):
        reported = looked_up.on_days(looked_up.in_grid(root), tuple(Share), [day])
        words = [*reported, looked_up.closed_on(day)]
        async for row in database["view_case"].find({"by": {"$in": words}}, _FIELDS):
            found[row["_id"]] = _course(row)
    return list(found.values())


def _course(row: Document) -> Course:
    state = row["state"]
    ended = state.get("closed_at")
    return Course(
        row={"state": {"about": state.get("about")}},
        grids=frozenset((state["grid"], *state["grid_path"])),
        reported_at=datetime.fromisoformat(state["reported_at"]),
        closed_at=None if ended is None else datetime.fromisoformat(ended),
        late=state.get("on_time") is False,
    )


def by_day(
    courses: Iterable[Course], grid: str, zone: ZoneInfo, sees: Sees, now: datetime
) -> list[Day]:
    """The last days up to today, those of the subtree that one ``sees``."""
    today = now.astimezone(zone).date()
    counts: dict[date, Counter[str]] = {
        today - timedelta(days=n): Counter() for n in reversed(range(DAYS))
    }
    for course in courses:
        if grid not in course.grids or not sees(course.row):
            continue
        for day, what in _happened(course, zone):
            if day in counts:
                counts[day][what] += 1
    return [Day(day=day, **count) for day, count in counts.items()]


def _happened(course: Course, zone: ZoneInfo) -> list[tuple[date, str]]:
    found = [(course.reported_at.astimezone(zone).date(), "opened")]
    if course.closed_at is not None:
        what = "closed_late" if course.late else "closed_in_time"
        found.append((course.closed_at.astimezone(zone).date(), what))
    return found
