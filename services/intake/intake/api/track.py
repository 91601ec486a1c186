"""What a receipt opens: the state of one's own report, and the vote on it. No token needed."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request

from case_contracts.values import Text
from intake.adapters.vault import Vault
from intake.api.schemas import Answers, Rated, RatingIn, StepOut, Tracked
from intake.commands.rate_satisfaction import RateSatisfaction
from intake.domain.labels import REJECTIONS, STEPS
from intake.domain.progress import Progress
from intake.domain.report import ReportState
from intake.views.progress import Names, last_closing, names, progress, report_state
from service_kit.errors import NotFound
from service_kit.http.access import Caller
from service_kit.ids import derived, receipt_is_valid
from service_kit.runtime import Runtime
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(tags=["track"])
Receipt = Annotated[str, Path(max_length=40, description="The receipt code; case and spaces are"
                              " ignored", examples=["7KQ2M9WXCB4TH"])]  # fmt: skip
Status = Literal["received", "rejected", "in_progress", "closed"]
UNKNOWN: Answers = {404: {"description": "No report has this receipt"}}


async def report_of(runtime: Runtime, receipt: str) -> ReportState:
    """The report of a receipt; raises NotFound, for a mistyped one without asking the store."""
    code = "".join(receipt.split()).replace("-", "").upper()
    if not receipt_is_valid(code):
        raise NotFound("this is no receipt code: a letter is wrong")
    vault: Vault = runtime.extras["vault"]
    found = await report_state(runtime.database, vault.references.report(code))
    if found is None:
        raise NotFound("no report has this receipt code")
    return found


@router.get("/track/{receipt}", responses=UNKNOWN)
async def track(request: Request, receipt: Receipt) -> Tracked:
    """Where the report is in the seven steps, until when it is due, and whether it is late."""
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    world = await runtime.load_world()
    return _tracked(report, await progress(runtime.database, report), names(report, world))


@router.post(
    "/track/{receipt}/rating",
    responses={**UNKNOWN, 409: {"description": "not_closed, or already_rated for this closing"}},
)
async def rate(request: Request, receipt: Receipt, rating: RatingIn, caller: Caller) -> Rated:
    """Vote once for each closing of the case; the same vote again changes nothing."""
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    closed_at = await last_closing(runtime.database, report)
    await runtime.committer.submit(
        Work(
            aggregate=report.report,
            handler="intake.rate-satisfaction",
            cause=_cause(report, rating, closed_at),
            command=RateSatisfaction(rating.solved, rating.score, closed_at),
            actor=caller.actor(),
            correlation=report.case,
            traceparent=current_traceparent(),
        )
    )
    after = await report_state(runtime.database, report.report)
    assert after is not None
    assert after.rating is not None
    return Rated(solved=after.rating.solved, score=after.rating.score, rated_at=after.rating.at)


def _cause(report: ReportState, rating: RatingIn, closed_at: datetime | None) -> str:
    """The same vote for the same closing is the same cause."""
    return derived("rating", report.report, str(closed_at), str(rating.solved), str(rating.score))


def _status(report: ReportState, way: Progress) -> Status:
    if report.rejected:
        return "rejected"
    if way.closed_at:
        return "closed"
    return "in_progress" if len(way.passed) > 1 else "received"


def _tracked(report: ReportState, way: Progress, labels: Names) -> Tracked:
    assert report.reported_at is not None
    return Tracked(
        status=_status(report, way),
        step=way.step,
        steps=[StepOut(step=s, name=STEPS[s], at=way.passed.get(s)) for s in STEPS],
        matter=report.matter,
        matter_name=labels.matter,
        condition=report.filing.condition if report.filing else None,
        condition_name=labels.condition,
        grid_name=labels.grid,
        reported_at=report.reported_at,
        due_at=way.due_at,
        overdue=way.overdue,
        closed_at=way.closed_at,
        reason=report.rejected,
        message=_why(report),
        rated=report.rating is not None,
        notices=way.notices,
    )


def _why(report: ReportState) -> Text | None:
    return REJECTIONS[report.rejected] if report.rejected else None
