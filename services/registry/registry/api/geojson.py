"""Grids as GeoJSON: in, to be created or drawn anew, and out."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from case_contracts.district import ChangeResult, Origin
from case_contracts.events.registry import GridPublished
from case_contracts.values import Instant, Text
from registry.api.answers import READ, REFUSALS, When, Writer
from registry.api.changing import DryRun, Key
from registry.api.drawing import WithMap, redraw_territory
from registry.api.grids import index, standing_grid
from registry.api.territory import ANSWERS
from registry.api.territory_schemas import Import, ImportedFeature, ImportedGrids, Reason
from registry.domain.territory.reshaping import Drawn, reshape
from registry.domain.territory.sketch import Sketch, place
from service_kit.grids import GridSpan

router = APIRouter(prefix="/grids", tags=["grids"])
GEOJSON = "application/geo+json"
_DEGREES = ("CRS84", "4326")
_COLLECTION: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {
                "grid": "410199001001001", "level": "unit", "parent": "410199001001",
                "name_zh": "第一单元网格", "name_en": "Unit grid 1", "households": 180,
                "valid_from": "2026-01-01T00:00:00Z", "valid_to": None,
            },
            "geometry": GridPublished.EXAMPLE["geometry"],
        }
    ],
}  # fmt: skip


@router.post("/import", responses=ANSWERS)
async def import_grids(
    request: Request,
    body: ImportedGrids,
    caller: Writer,
    level: Annotated[str, Query(max_length=60, examples=["unit"])],
    reason: Annotated[Reason, Query(examples=["survey of 2026"])],
    valid_from: Annotated[Instant | None, Query(examples=["2036-06-01T00:00:00+08:00"])] = None,
    key: Key = None,
    dry_run: DryRun = False,
    with_map: WithMap = False,
) -> ChangeResult:
    """Import the grids of one level: codes that stand are drawn anew, others are created.

    What stands and is not in the collection stays. `valid_from` in the features is not looked at.
    """
    whole = Import(reason=reason, valid_from=valid_from, level=level, grids=body)
    drawn = [_drawn(feature, level, n) for n, feature in enumerate(body.features)]

    def draw(sketch: Sketch) -> None:
        _check_degrees(body, sketch)
        reshape(sketch, drawn, create=True)

    return await redraw_territory(
        request, caller, whole, draw, kind="import", about=[each.grid for each in drawn],
        reason=reason, valid_from=valid_from, key=key, dry_run=dry_run, with_map=with_map,
    )  # fmt: skip


def _drawn(feature: ImportedFeature, level: str, n: int) -> Drawn:
    given = feature.properties
    named = given.name_zh or given.name_en
    name = Text(zh=given.name_zh or named, en=given.name_en or named) if named else None
    return Drawn(given.grid, _place(n), feature.geometry, level, given.parent, name,
                 given.households)  # fmt: skip


def _place(n: int) -> Origin:
    return place("features", n)


def _check_degrees(grids: ImportedGrids, sketch: Sketch) -> None:
    given = (grids.crs or {}).get("properties")
    name = str(given.get("name", "")) if isinstance(given, dict) else ""
    if grids.crs is not None and not name.endswith(_DEGREES):
        sketch.error("not_wgs84", place("crs"), f"the collection is in {name or 'another system'}",
                     "export it as WGS-84 longitude and latitude (EPSG:4326)")  # fmt: skip


@router.get(
    "/export",
    dependencies=READ,
    response_class=StreamingResponse,
    responses=REFUSALS
    | {200: {"description": "A FeatureCollection", "content": {GEOJSON: {
        "schema": {"type": "object"}, "example": _COLLECTION}}}},
)  # fmt: skip
async def export_grids(
    request: Request, when: When, level: str | None = None, parent: str | None = None
) -> StreamingResponse:
    """Grids that were valid, with their outlines, as GeoJSON; by code."""
    found = await index(request)
    spans = await asyncio.to_thread(found.valid, when)
    wanted = [
        span
        for span in sorted(spans, key=lambda span: span.data.grid)
        if level in (None, span.data.level) and parent in (None, span.data.parent)
    ]
    return StreamingResponse(_lines(wanted), media_type=GEOJSON)


def _lines(spans: list[GridSpan]) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    for n, span in enumerate(spans):
        yield (b",\n" if n else b"\n") + orjson.dumps(_feature(standing_grid(span)))
    yield b"\n]}\n"


def _feature(grid: GridPublished) -> dict[str, Any]:
    known = grid.model_dump(
        mode="json", include={"grid", "level", "parent", "households", "valid_from", "valid_to"}
    )
    names = {"name_zh": grid.name.zh, "name_en": grid.name.en}
    return {"type": "Feature", "properties": known | names, "geometry": grid.geometry}
