"""The page of a case: whose turn it is, why the deadline is what it is, what happened, and what
can be done. Open to all who may read cases; what they see of it is for the services to say."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from console.adapters.cases import Cases
from console.adapters.ground import Ground
from console.adapters.headers import NO_COPY
from console.api.staff import case_given
from console.api.staff.case_given import Answered, CaseId, Reading, case_page
from console.api.tracking import PICTURES, Evidence

router = APIRouter(prefix="/staff/cases/{case}", tags=["case"])
Purpose = Annotated[Literal["handle-task", "verify", "complaint"] | None, Query()]
PARTS = {"head": case_given.head, "clock": case_given.clock_, "time": case_given.time_}


@router.get("", response_class=Response)
async def page(
    request: Request, case: CaseId, staff: Reading, done: str = "", photos: Purpose = None
) -> Response:
    """The case; ``photos`` says what they are looked at for, and without it there are none."""
    return await case_page(request, staff, case, Answered(done=done), photos)


@router.get("/now", response_class=Response)
async def part(
    request: Request, case: CaseId, staff: Reading, of: Literal["head", "clock", "time"]
) -> Response:
    """A part of the page as it is at this moment, for a page that has heard of a change."""
    given = await PARTS[of](staff, case)
    return await staff.show(request, f"staff/case_{of}.html", None, given)


@router.get("/map.geojson", response_class=Response)
async def outlines(case: CaseId, staff: Reading) -> Response:
    """The outline of the case's grid as it was when it was reported, and of the one above."""
    found = await Cases(staff.peer).case(case)
    grids = [*found.grid_path[-1:], found.grid]
    return JSONResponse(await Ground(staff.peer("registry")).outlines(grids, found.reported_at))


@router.get("/photos/{evidence}", response_class=Response)
async def photo(
    case: CaseId,
    evidence: Evidence,
    staff: Reading,
    purpose: Literal["handle-task", "verify", "complaint"],
) -> Response:
    """A photo, by a link of some seconds that only we use; intake writes down who looked."""
    found = await Cases(staff.peer).photo(case, evidence, purpose)
    kind = found.kind if found.kind in PICTURES else "application/octet-stream"
    return Response(found.data, 200, NO_COPY, kind)
