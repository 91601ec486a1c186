"""Grids: which one a place lies in, and what each is."""

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from case_contracts.events.registry import GridPublished
from registry.api.answers import MISSING, READ, REFUSALS, When
from registry.api.schemas import GridBrief, GridHitOut, example
from registry.views.territory import Territory
from service_kit.errors import NotFound
from service_kit.grids import GridIndex, GridSpan
from service_kit.validity import END

router = APIRouter(prefix="/grids", tags=["grids"], dependencies=READ, responses=REFUSALS)
_TERRITORY = "territory"
MOST = 1000
MOST_METRES = 2000
_HIT = {
    "grid": "410199001001101",
    "level": "unit",
    "path": ["410199", "410199001", "410199001001", "4101990010011"],
    "on_border": False,
}


def extras() -> dict[str, Any]:
    return {_TERRITORY: Territory()}


async def index(request: Request) -> GridIndex:
    """All grids that were ever valid."""
    runtime = request.app.state.runtime
    territory: Territory = runtime.extras[_TERRITORY]
    return await territory.index(runtime.database)


@router.get("/at", responses={200: example([_HIT])}, response_model_exclude_none=True)
async def at_place(
    request: Request,
    when: When,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
    within: Annotated[float, Query(ge=0, le=MOST_METRES, description="metres")] = 0,
) -> list[GridHitOut]:
    """The lowest grids that a place lies in, lowest level first; empty outside the district.

    On a border there are several, and `on_border` says so: nothing is picked arbitrarily. With
    `within`, also those so near: `share` is how much of the disc around the place lies in each,
    and equal shares have the same `rank`.
    """
    grids = await index(request)
    if within:
        return [GridHitOut.near(each) for each in grids.near(lon, lat, within, when)]
    return [GridHitOut.model_validate(hit) for hit in grids.at(lon, lat, when)]


@router.get("")
async def several(
    request: Request,
    when: When,
    level: str | None = None,
    parent: str | None = None,
    after: Annotated[str, Query(description="code of the last grid of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[GridBrief]:
    """Grids that were valid, by code, without their outlines."""
    spans = sorted((await index(request)).valid(when), key=lambda span: span.data.grid)
    wanted = (
        span
        for span in spans
        if span.data.grid > after
        and level in (None, span.data.level)
        and parent in (None, span.data.parent)
    )
    return [GridBrief.model_validate(standing_grid(span)) for span in islice(wanted, limit)]


@router.get("/{code:path}", responses=MISSING | {200: example(GridPublished.EXAMPLE)})
async def one(request: Request, code: str, when: When) -> GridPublished:
    """A grid with its outline, as it was valid; `valid_to` is the end that it really has."""
    spans = (await index(request)).valid(when)
    found = next((span for span in spans if span.data.grid == code), None)
    if found is None:
        raise NotFound(f"no grid {code} was valid at {when.isoformat()}")
    return standing_grid(found)


def standing_grid(span: GridSpan) -> GridPublished:
    """The grid with the time for which it really stands."""
    until = None if span.end == END else span.end
    return span.data.model_copy(update={"valid_from": span.start, "valid_to": until})
