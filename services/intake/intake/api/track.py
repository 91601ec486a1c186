"""What a receipt opens: the state of one's own report. No token needed, nothing is cached."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from intake.adapters.vault import Vault
from intake.api.schemas import Answers
from intake.api.track_schemas import Tracked
from intake.api.tracked import tracked
from intake.domain.report import ReportState
from intake.views import links
from intake.views.progress import case_state, names, progress, report_state
from service_kit import clock
from service_kit.errors import NotFound
from service_kit.ids import receipt_is_valid
from service_kit.runtime import Runtime

Receipt = Annotated[str, Path(max_length=40, description="The receipt code; case and spaces are"
                              " ignored", examples=["7KQ2M9WXCB4TH"])]  # fmt: skip
UNKNOWN: Answers = {404: {"description": "No report has this receipt"}}


def private(response: Response) -> None:
    """A receipt stands in the address: neither it nor what it opens is to be left anywhere."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"


router = APIRouter(tags=["track"], dependencies=[Depends(private)])


async def report_of(runtime: Runtime, receipt: str) -> ReportState:
    """The report of a receipt; raises NotFound.

    For a mistyped one the store is not asked: everybody can tell by the check letter that it is
    none, so that the quicker answer says nothing about which receipts there are.
    """
    code = "".join(receipt.split()).replace("-", "").upper()
    if not receipt_is_valid(code):
        raise NotFound("this is no receipt code: a letter is wrong")
    vault: Vault = runtime.extras["vault"]
    found = await report_state(runtime.database, vault.references.report(code))
    if found is None or found.said is None:
        raise NotFound("no report has this receipt code")
    return found


@router.get("/track/{receipt}", responses=UNKNOWN)
async def track(request: Request, receipt: Receipt) -> Tracked:
    """Where the report is in the seven steps, until when it is due, and whether it is late; what
    became of it, and what its holder may do now."""
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    world = await runtime.load_world()
    way = await progress(runtime.database, report)
    case = await case_state(runtime.database, report.case)
    others = await _others(runtime, report)
    return tracked(report, way, names(report, world, case), others, world.policy, clock.now())


async def _others(runtime: Runtime, report: ReportState) -> int:
    """How many others' reports stand behind its case."""
    if report.in_case is None:
        return 0
    behind = (await links.reports_of(runtime.database, [report.case])).get(report.case, [])
    return sum(r.report != report.report and not r.withdrawn_at for r in behind)
