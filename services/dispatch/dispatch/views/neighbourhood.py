"""The figures of a month that everybody may see."""

import asyncio
import time
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from case_contracts.values import Instant, Text
from dispatch.domain import looked_up
from dispatch.domain.looked_up import Share
from dispatch.domain.neighbourhood import Happened, Public, public
from dispatch.domain.state import Status
from dispatch.domain.world import World
from service_kit import clock
from service_kit.mongo import Database, Document
from service_kit.suppression import THRESHOLD

KEEP_SECONDS = 300.0
"""A month's cases cost the embedded store some seconds: all who ask in between share them."""
MONTHS = 3
_FIELDS = {
    f"state.{name}": 1
    for name in (
        "status", "grid", "grid_path", "matter", "reported_at", "due_at", "on_time",
        "task.completed_at",
    )
}  # fmt: skip


class InTime(BaseModel):
    """Per cent: at least ``least``, and less than ``most`` unless that is 100."""

    least: int
    most: int


class GridFigures(BaseModel):
    """Of a grid and all below it. Null: fewer than the threshold, or a number from which one that
    is could be computed. ``open``: not done, and still in time; ``in_time``: the share of the
    others that was done in time, where there were enough."""

    grid: str
    parent: str | None
    level: str | None
    name: Text | None
    reported: int | None
    classes: dict[str, int | None]
    open: int | None
    in_time: InTime | None


class Month(BaseModel):
    """The cases that were reported in a month, in the district's zone. ``over``: it has ended;
    ``months`` can be asked for."""

    month: str
    over: bool
    months: list[str]
    counted_at: Instant
    threshold: int
    grids: list[GridFigures]


def months(now: datetime, zone: ZoneInfo, *, running: bool) -> list[str]:
    """Those that are told, the newest first: the last that are over, and the running one."""
    first = now.astimezone(zone).date().replace(day=1)
    found = [first] if running else []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return [f"{each:%Y-%m}" for each in found]


class Months:
    """Each month is counted anew seldom, by one of those who ask. ``levels`` are those of the
    grids that are told of: a unit grid has too few households."""

    def __init__(self, levels: Collection[str]) -> None:
        self._levels = levels
        self._known: dict[str, tuple[float, Month]] = {}
        self._counting = asyncio.Lock()

    async def of(self, database: Database, world: World, month: str, told: list[str]) -> Month:
        async with self._counting:
            known = self._known.get(month)
            if known is None or time.monotonic() - known[0] > KEEP_SECONDS:
                known = time.monotonic(), await _counted(database, world, month, self._levels)
                self._known = {name: at for name, at in self._known.items() if name in told}
                self._known[month] = known
            return known[1].model_copy(update={"months": told})


async def _counted(database: Database, world: World, month: str, levels: Collection[str]) -> Month:
    now, (start, end) = clock.now(), _span(month, world.zone)
    last = min(end, now)
    days = range(looked_up.day_of(start), looked_up.day_of(last) + 1)
    words = looked_up.on_days(looked_up.in_grid(world.root), tuple(Share), days)
    rows = database["view_case"].find({"by": {"$in": words}}, _FIELDS)
    cases = [
        _happened(row["state"], now)
        async for row in rows
        if start <= datetime.fromisoformat(row["state"]["reported_at"]) < end
        and row["state"]["status"] != Status.VOIDED
    ]
    found = await asyncio.to_thread(public, cases, _paths(world, levels))
    return Month(
        month=month, over=end <= now, months=[], counted_at=now, threshold=THRESHOLD,
        grids=[_told(each, world) for each in found],
    )  # fmt: skip


def _span(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    year, number = map(int, month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return datetime(year, number, 1, tzinfo=zone), datetime(after.year, after.month, 1, tzinfo=zone)


def _happened(state: Document, now: datetime) -> Happened:
    """Late is what was done late, and what is not done though its limit is over."""
    in_time: bool | None = None
    if state["status"] == Status.CLOSED:
        in_time = state.get("on_time") is not False
    elif not (state.get("task") or {}).get("completed_at") and _is_over(state.get("due_at"), now):
        in_time = False
    path = (*state["grid_path"], state["grid"])
    return Happened(path, state["matter"].split("/")[0], in_time)


def _is_over(due_at: str | None, now: datetime) -> bool:
    return due_at is not None and datetime.fromisoformat(due_at) < now


def _paths(world: World, levels: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    return {
        grid: path for grid, path in world.paths.items() if world.territory.level(grid) in levels
    }


def _told(found: Public, world: World) -> GridFigures:
    share = found.in_time
    return GridFigures(
        grid=found.grid,
        parent=found.parent,
        level=world.territory.level(found.grid),
        name=world.territory.name(found.grid),
        reported=found.reported,
        classes=dict(found.classes),
        open=found.open,
        in_time=InTime(least=share.least, most=share.most) if share else None,
    )
