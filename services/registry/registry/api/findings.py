"""What is wrong or doubtful in the territory."""

import asyncio

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from case_contracts.district import DistrictError
from registry.api.answers import READ, REFUSALS, When
from registry.api.drawing import WithMap, checks_of
from registry.api.schemas import example
from registry.domain.territory.report import report
from registry.views.known import Known
from service_kit.runtime import Runtime

router = APIRouter(prefix="/grids", tags=["grids"], dependencies=READ, responses=REFUSALS)
KINDS = ("district", "standard", "calendar", "department", "grid", "posting")
_REPORT = {
    "grids": {"district": 1, "unit": 1144},
    "errors": [],
    "warnings": [
        {
            "code": "gap_in_parent",
            "origin": {"file": "published before", "line": None},
            "message": "grid 410199001: 2.1% of it lies in none of its children"
            " from 2026-01-01T00:00:00+00:00 on",
            "hint": "redraw the children, or add the one that is missing",
            "grids": ["410199001"],
        }
    ],
    "map": None,
}


class TerritoryReport(BaseModel):
    """``grids`` are counts by level; of each code the first fifty warnings are listed. ``map``
    is an SVG of the grids that are named, where one was asked for."""

    model_config = ConfigDict(from_attributes=True)

    grids: dict[str, int]
    errors: list[DistrictError]
    warnings: list[DistrictError]
    map: str | None


@router.get("/findings", responses={200: example(_REPORT)})
async def findings(request: Request, when: When, with_map: WithMap = False) -> TerritoryReport:
    """All that is wrong or doubtful in the territory as it stands: outlines, overlaps, gaps,
    codes, household counts, grids nobody answers for; for the time from `at` on."""
    runtime: Runtime = request.app.state.runtime
    known: Known = runtime.extras["known"]
    published = await known.read(KINDS)
    found = await asyncio.to_thread(
        report, published, when, with_map=with_map, checks=checks_of(runtime)
    )
    return TerritoryReport.model_validate(found)
