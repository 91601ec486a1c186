"""The command centre: how the district stands now, down to the single case."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from case_contracts.values import Ref
from console.adapters.cases import part
from console.adapters.command import Command
from console.domain import command
from console.domain.command import Measure
from console.domain.outline import outlined
from console.domain.person import Area
from console.house import house_of
from console.staff import Staff, of_area
from console.views.command_told import Ground
from service_kit import clock

router = APIRouter(prefix="/staff/command", tags=["command"])
AREA: Area = "command"
Member = Annotated[Staff, Depends(of_area(AREA))]
Within = Annotated[Ref | None, Query()]
MOST_CASES = 20


@router.get("", response_class=Response)
async def centre(
    request: Request, staff: Member, grid: Within = None, measure: Measure = "open",
    wall: bool = False,
) -> Response:  # fmt: skip
    """A grid: figures, map and table of those below, its cases, and what goes on around it.
    ``wall``: for a large screen that nobody touches."""
    given = await _ground(staff, grid, measure, wall)
    name = "staff/command_wall.html" if wall else "staff/command.html"
    return await staff.show(request, name, AREA, given | await _stream(request, staff))


@router.get("/ground", response_class=Response)
async def ground(
    request: Request, staff: Member, grid: Within = None, measure: Measure = "open",
    wall: bool = False,
) -> Response:  # fmt: skip
    """The figures, the table and the cases, as they are now."""
    given = await _ground(staff, grid, measure, wall)
    return await staff.show(request, "staff/command_ground.html", AREA, given)


@router.get("/stream", response_class=Response)
async def stream(request: Request, staff: Member) -> Response:
    """The last events, of cases that this person may see."""
    given = await _stream(request, staff)
    return await staff.show(request, "staff/command_stream.html", AREA, given)


@router.get("/operations", response_class=Response)
async def operations(request: Request, staff: Member) -> Response:
    """Joint operations under way."""
    found = await part(Command(staff.peer).operations())
    given = {"operations": found.found, "refused": found.refused, "now": clock.now()}
    return await staff.show(request, "staff/command_operations.html", AREA, given)


@router.get("/departments", response_class=Response)
async def departments(request: Request, staff: Member, grid: Within = None) -> Response:
    """What each department has in the grid, and its figures of the month."""
    asked = Command(staff.peer)
    now = _there(staff)
    here, scored = await asyncio.gather(asked.ground(grid), part(asked.scores(f"{now:%Y-%m}")))
    scores = {each.subject: each for each in scored.found or []}
    has = {each.department: each for each in here.departments}
    order = sorted({*has, *scores}, key=lambda d: (-has[d].late if d in has else 0, d))
    given = {
        "order": order, "has": has, "scores": scores, "rates": command.RATES,
        "refused": scored.refused, "month": now,
    }  # fmt: skip
    return await staff.show(request, "staff/command_departments.html", AREA, given)


@router.get("/days.json", response_class=Response)
async def days(request: Request, staff: Member, grid: Within = None) -> Response:
    """Cases opened, closed in time and closed late, by day."""
    found = await Command(staff.peer).days(grid)
    rows = [each.model_dump(mode="json") for each in found]
    return Response(orjson.dumps(rows), media_type="application/json")


@router.get("/outlines.geojson", response_class=Response)
async def outlines(request: Request, staff: Member, grid: Ref) -> Response:
    """The grids below this one; where there are none, itself."""
    features = await Command(staff.peer).outlines(grid)
    drawn = {"type": "FeatureCollection", "features": [outlined(each) for each in features]}
    headers = {"Cache-Control": "private, max-age=300"}
    return Response(orjson.dumps(drawn), 200, headers, "application/geo+json")


async def _ground(staff: Staff, grid: str | None, measure: Measure, wall: bool) -> dict[str, Any]:
    asked = Command(staff.peer)
    found = await asked.ground(grid)
    here = found.path[-1]
    cases = await asked.cases(here, MOST_CASES, late=measure == "late")
    counts = await _counts(staff, found, measure)
    steps = command.scale(counts.values())
    return {
        "found": found, "here": here, "cases": cases, "measure": measure,
        "measures": command.MEASURES, "steps": steps, "counts": counts,
        "step_of": {code: command.step_of(count, steps) for code, count in counts.items()},
        "wall": "1" if wall else "",
    }  # fmt: skip


async def _counts(staff: Staff, found: Ground, measure: Measure) -> dict[str, int]:
    """What the map is painted by; a grid of which nothing can be said is left out."""
    grids = found.grids or [found.whole]
    if measure != command.FOUND_FIRST:
        return {each.grid: getattr(each, measure) for each in grids}
    scored = await part(Command(staff.peer).scores(f"{_there(staff):%Y-%m}", "grid"))
    shares = {each.subject: each.of(measure) for each in scored.found or []}
    known = {each.grid: shares.get(each.grid) for each in grids}
    return {code: round(100 * s.rate) for code, s in known.items() if s and s.rate is not None}


def _there(staff: Staff) -> datetime:
    """The time in the district's zone: months are its months."""
    return clock.now().astimezone(ZoneInfo(staff.house.settings.zone))


async def _stream(request: Request, staff: Staff) -> dict[str, Any]:
    hints = command.told(house_of(request).hub.last)
    known = await Command(staff.peer).standings(sorted({hint.case for hint in hints}))
    rows = [
        (hint, known[hint.case], datetime.fromisoformat(hint.at), command.mood(hint.kind))
        for hint in hints
        if hint.case in known
    ]
    return {"rows": rows, "live": house_of(request).hub.live}
