"""The household map (户况网格图): counts per grid from a grid down, small ones left out."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from case_contracts.events.registry import GridPublished
from case_contracts.values import Text
from registry.api.answers import MISSING, REFUSALS, When
from registry.api.grids import index
from registry.api.schemas import example
from registry.commands.households import HouseholdRegister
from registry.domain.household_map import Row, household_map
from registry.domain.needs import LABELS, NeedKind
from registry.views.need_counts import count_needs
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.grids import GridSpan
from service_kit.http.access import needs
from service_kit.runtime import Runtime
from service_kit.suppression import THRESHOLD

router = APIRouter(prefix="/grids", tags=["households"], responses=REFUSALS | MISSING)
_ROW = {
    "grid": "410199001001101",
    "parent": "4101990010011",
    "level": "unit",
    "name": {"zh": "第一单元网格", "en": "Unit grid 1"},
    "households": 180,
    "needs": {"lives-alone": 12, "limited-mobility": None, "child-left-behind": None,
              "other-service": None},
    "total": None,
    "suppressed": ["limited-mobility", "child-left-behind", "other-service"],
}  # fmt: skip


class MapRow(BaseModel):
    """A grid's counts of households. ``None`` in ``suppressed``: fewer than the threshold, or
    left out because it would give such a count away. ``total`` adds the kinds up."""

    grid: str
    parent: str | None
    level: str
    name: Text
    households: int | None
    needs: dict[str, int | None]
    total: int | None
    suppressed: list[str]


class HouseholdMap(BaseModel):
    """From the grid down. ``counted_at`` is when the needs were counted; None where they were
    not, since the ground of ``at`` is not that of now: only the present ones are kept, and two
    grounds laid over each other would tell small counts."""

    grid: str
    at: datetime
    counted_at: datetime | None
    threshold: int
    kinds: dict[str, Text]
    rows: list[MapRow]


_MAP = {
    "grid": "410199001001101",
    "at": "2026-01-08T01:00:00Z",
    "counted_at": "2026-01-08T01:00:00Z",
    "threshold": THRESHOLD,
    "kinds": {kind.value: label.model_dump() for kind, label in LABELS.items()},
    "rows": [_ROW],
}


@router.get("/{code:path}/household-map", responses={200: example(_MAP)})
async def shown(
    request: Request,
    code: str,
    when: When,
    caller: Annotated[Principal, Depends(needs("registry.read"))],
    depth: Annotated[int, Query(ge=0, le=32, description="levels below the grid")] = 32,
) -> HouseholdMap:
    """Households, and how many of them have a service need, per grid from this one down.

    Fewer than five are not shown, nor what would give them away by a difference: neither in this
    map nor together with the map of any other grid.
    """
    found, now = await index(request), clock.now()
    grids = [span.data for span in found.valid(when)]
    top = next((grid for grid in grids if grid.grid == code), None)
    if top is None:
        raise NotFound(f"no grid {code} was valid at {when.isoformat()}")
    same = _shape(found.valid(when)) == _shape(found.valid(now))
    counts = await _counts(request, caller, grids) if same else {}
    deepest = len(top.path) + depth
    rows = [
        row
        for row in await asyncio.to_thread(household_map, grids, counts)
        if code in (*row.grid.path, row.grid.grid) and len(row.grid.path) <= deepest
    ]
    return HouseholdMap(
        grid=code,
        at=when,
        counted_at=now if same else None,
        threshold=THRESHOLD,
        kinds={kind.value: LABELS[kind] for kind in NeedKind},
        rows=[_row(row, counted=same) for row in rows],
    )


async def _counts(
    request: Request, caller: Principal, grids: list[GridPublished]
) -> dict[str, Counter[str]]:
    """Always of the whole district: what may be shown of a part depends on all the rest."""
    runtime: Runtime = request.app.state.runtime
    kept: HouseholdRegister = runtime.extras["households"]
    root = next(grid.grid for grid in grids if grid.parent is None)
    codes = [grid.grid for grid in grids]
    return await count_needs(runtime.database, kept.vault, caller, root, codes)


def _shape(spans: list[GridSpan]) -> set[tuple[str, str | None, int | None]]:
    return {(span.data.grid, span.data.parent, span.data.households) for span in spans}


def _row(row: Row, *, counted: bool) -> MapRow:
    grid = row.grid
    return MapRow(
        grid=grid.grid, parent=grid.parent, level=grid.level, name=grid.name,
        households=row.households, needs=row.needs if counted else {},
        total=row.total if counted else None,
        suppressed=[each for each in row.suppressed if counted or each == "households"],
    )  # fmt: skip
