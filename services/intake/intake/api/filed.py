"""What intake holds on reports and cases, for services and operators: nothing personal."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from intake.api import sight
from intake.api.schemas import Answers, FiledCase, FiledReport
from intake.views.progress import case_state, report_state
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs

router = APIRouter(tags=["filed"])
Reader = Annotated[Principal, Depends(needs("reports.read"))]
UNKNOWN: Answers = {404: {"description": "No such report or case"}}


@router.get("/reports/{report}", responses=UNKNOWN)
async def report(request: Request, report: str, caller: Reader) -> FiledReport:
    """A report as it stands."""
    found = await report_state(request.app.state.runtime.database, report)
    if found is None or found.said is None:
        raise NotFound("no such report")
    await sight.check(request.app.state.runtime, caller, found.said.about, "no such report")
    return FiledReport(
        report=found.report,
        case=found.case,
        channel=found.said.channel,
        matter=found.matter,
        filing=found.filing,
        rejected=found.rejected,
        waiting=found.waiting is not None,
        linked=found.link is not None,
        link=found.link,
        withdrawn=found.withdrawn_at is not None,
        reported_at=found.said.reported_at,
        language=found.language,
        recorded=found.said.recorded is not None,
        rating=found.rating,
    )


@router.get("/cases/{case}", responses=UNKNOWN)
async def case(request: Request, case: str, caller: Reader) -> FiledCase:
    """A case as it was filed."""
    found = await case_state(request.app.state.runtime.database, case)
    if found is None or found.opened_at is None or found.standard is None:
        raise NotFound("no such case has been opened")
    runtime = request.app.state.runtime
    await sight.check(runtime, caller, found.about, "no such case has been opened")
    return FiledCase(
        case=found.case,
        reports=list(found.reports),
        matter=found.matter,
        condition=found.condition,
        grid=found.grid,
        located=found.located,
        standard=found.standard,
        opened_at=found.opened_at,
    )
