"""How things stand on the ground: figures of the grids below a grid."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from datetime import datetime

from pydantic import BaseModel

from case_contracts.values import Instant, Text
from dispatch.domain.state import Status
from dispatch.domain.world import World
from dispatch.views.board import DAY, Entry
from dispatch.views.sight import Sees

COUNTED = ("open", "late", "paused", "verifying", "opened", "closed")


class GridFigures(BaseModel):
    """Cases in a grid and all below it. ``late``: of the open ones, those whose handler is;
    ``opened`` and ``closed`` are of the last 24 hours. ``below``: it has grids of its own;
    ``name`` and ``level`` are null of one that is retired."""

    grid: str
    name: Text | None
    level: str | None
    below: bool
    open: int = 0
    late: int = 0
    paused: int = 0
    verifying: int = 0
    opened: int = 0
    closed: int = 0


class DepartmentFigures(BaseModel):
    """The open cases that a department handles in the grid, and of these the late ones."""

    department: str
    open: int
    late: int


class Ground(BaseModel):
    """A grid, its ``path`` from the top, its own figures and those of the grids directly below it.
    A case that lies in none of these is in its own figures alone. ``departments``: those that have
    open cases in it."""

    at: Instant
    path: list[str]
    whole: GridFigures
    grids: list[GridFigures]
    departments: list[DepartmentFigures]


def ground(entries: Iterable[Entry], world: World, grid: str, sees: Sees, now: datetime) -> Ground:
    """Counted over those of the cases that one ``sees``."""
    path = (*world.paths[grid], grid)
    depth, whole, late, has = len(path), Counter[str](), Counter[str](), Counter[str]()
    below = {code: Counter[str]() for code, above in world.paths.items() if above[-1:] == (grid,)}
    for entry in entries:
        if entry.path[:depth] != path or not sees(entry.row):
            continue
        counted = [name for name, applies in _traits(entry, now) if applies]
        whole.update(counted)
        if entry.is_open and entry.department is not None:
            has[entry.department] += 1
            late[entry.department] += entry.listed.late
        if entry.path[depth:] and entry.path[depth] in below:
            below[entry.path[depth]].update(counted)
    parents = {above[-1] for above in world.paths.values() if above}
    rows = [_figures(world, code, parents, below[code]) for code in sorted(below)]
    return Ground(
        at=now,
        path=list(path),
        whole=_figures(world, grid, parents, whole),
        grids=[row for row in rows if row.name or below[row.grid]],
        departments=[
            DepartmentFigures(department=name, open=has[name], late=late[name])
            for name in sorted(has)
        ],
    )


def _traits(entry: Entry, now: datetime) -> Iterator[tuple[str, bool]]:
    case, ended = entry.listed, entry.listed.closed_at
    paused = entry.is_open and case.paused
    last_day = (case.reported_at > now - DAY, ended is not None and ended > now - DAY)
    traits = (entry.is_open, case.late, paused, case.status == Status.VERIFYING, *last_day)
    return zip(COUNTED, traits, strict=True)


def _figures(world: World, grid: str, parents: Set[str], counts: Counter[str]) -> GridFigures:
    territory = world.territory
    return GridFigures(
        grid=grid,
        name=territory.name(grid),
        level=territory.level(grid),
        below=grid in parents,
        **counts,
    )
