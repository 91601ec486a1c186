"""What evidence there is: for staff by case or report, for a reporter by receipt."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from case_contracts.values import Ref
from intake.api.evidence import seeing
from intake.api.evidence.handling import AttachmentsOut, attachments
from intake.api.evidence.schemas import EvidenceOut, EvidencePage, out, row
from intake.api.schemas import Answers
from intake.api.track import UNKNOWN, Receipt
from intake.domain.evidence.state import EvidenceState
from service_kit.auth import Principal
from service_kit.errors import Invalid
from service_kit.http.access import needs
from service_kit.http.within import InTime
from service_kit.runtime import Runtime

router = APIRouter(tags=["evidence"], route_class=InTime)
Reader = Annotated[Principal, Depends(needs("evidence.read"))]
LISTED: Answers = {404: {"description": "No such report or case, or none that you may see"}}


@router.get("/evidence", responses=LISTED)
async def evidence(
    request: Request,
    caller: Reader,
    case: Annotated[Ref | None, Query(description="Its tasks' and its reporters'")] = None,
    report: Annotated[Ref | None, Query(description="One reporter's")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[Ref | None, Query(description="The cursor: ``next`` of a page")] = None,
) -> EvidencePage:
    """Evidence of a case or a report, the oldest first; what was removed is left out."""
    runtime: Runtime = request.app.state.runtime
    if case is not None and report is None:
        found = await seeing.of_case(runtime, caller, case)
    elif report is not None and case is None:
        found = await seeing.of_report(runtime, caller, report)
    else:
        raise Invalid("say either case or report")
    page, following = _page(found, limit, after)
    items = [row(state) for state in await seeing.resemblances(runtime, caller, page)]
    return EvidencePage(items=items, next=following)


@router.get("/evidence/attachments", responses=LISTED)
async def attachments_of_case(request: Request, caller: Reader, case: Ref) -> AttachmentsOut:
    """What those who handle the case may see of its evidence, and how much they may not."""
    return attachments(await seeing.of_case(request.app.state.runtime, caller, case))


@router.get("/track/{receipt}/evidence", responses=UNKNOWN)
async def reporters_evidence(request: Request, receipt: Receipt) -> list[EvidenceOut]:
    """One's own evidence, and public photos of the finished work."""
    found = await seeing.of_reporter(request.app.state.runtime, receipt)
    return [out(state) for state in found]


def _page(
    found: list[EvidenceState], limit: int, after: str | None
) -> tuple[list[EvidenceState], str | None]:
    """A case has few enough that they are sorted in memory. A cursor that is no longer there
    begins anew: what comes twice does less harm than what is left out."""
    start = next((n for n, state in enumerate(found, start=1) if state.evidence == after), 0)
    page = found[start : start + limit]
    more = start + limit < len(found)
    return page, page[-1].evidence if more else None
