"""What the holder of a receipt may do: rate, add, withdraw, ask for reopening. No token needed."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request

from intake.adapters.additions import Additions
from intake.adapters.entry import Entry
from intake.adapters.vault import Vault
from intake.api.track import UNKNOWN, Receipt, private, report_of
from intake.api.track_schemas import (
    Added,
    AdditionIn,
    Rated,
    RatingIn,
    ReopeningAsked,
    ReopeningIn,
    WithdrawalIn,
    Withdrawn,
)
from intake.commands.rate_satisfaction import RateSatisfaction
from intake.commands.request_reopening import RequestReopening
from intake.commands.supplement_report import SupplementReport, check_addition
from intake.commands.withdraw_report import WithdrawReport
from intake.domain.report import ReportState
from intake.domain.rights_labels import WITHDRAWN
from intake.views import links
from intake.views.progress import last_closing, last_ending, report_state
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Refused
from service_kit.http.access import Caller
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Outcome, Work
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(prefix="/track/{receipt}", tags=["track"], dependencies=[Depends(private)])
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="New for each addition: sent again, it gets the same answer.",
    ),
]


def _refusals(codes: str) -> dict[int | str, dict[str, Any]]:
    return {**UNKNOWN, 409: {"description": codes}}


@router.post("/rating", responses=_refusals("not_closed, already_rated, or withdrawn"))
async def rate(request: Request, receipt: Receipt, rating: RatingIn, caller: Caller) -> Rated:
    """Vote once for each closing of the case; the same vote again changes nothing."""
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    closed_at = await last_closing(runtime.database, report)
    said = (str(closed_at), str(rating.solved), str(rating.score))
    command = RateSatisfaction(rating.solved, rating.score, closed_at)
    await _submit(runtime, report, caller, "rate-satisfaction", said, command)
    vote = (await _after(runtime, report)).rating
    assert vote is not None
    return Rated(solved=vote.solved, score=vote.score, rated_at=vote.at)


@router.post("/withdrawal", responses=_refusals("closed, or rejected"))
async def withdraw(
    request: Request, receipt: Receipt, body: WithdrawalIn, caller: Caller
) -> Withdrawn:
    """Take the report back, until the case is closed; again changes nothing.

    Work that somebody has begun goes on, and so does whatever is a danger to the public. Nothing
    that was said is deleted by it.
    """
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    closed_at = await last_closing(runtime.database, report)
    alone = await links.empties(runtime.database, report)
    command = WithdrawReport(body.reason.value, closed_at, alone)
    await _submit(runtime, report, caller, "withdraw-report", (), command)
    at = (await _after(runtime, report)).withdrawn_at
    assert at is not None
    return Withdrawn(withdrawn_at=at, message=WITHDRAWN)


@router.post("/reopening", status_code=202, responses=_refusals("not_closed, or withdrawn"))
async def reopen(
    request: Request, receipt: Receipt, body: ReopeningIn, caller: Caller
) -> ReopeningAsked:
    """Ask for the closed case to be opened again, once for each closing; or object to its having
    been voided.

    Dispatch decides: the first wish opens it again, a further one goes to a higher level, and so
    does every objection; what becomes of it is shown at the receipt.
    """
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    closed_at = await last_ending(runtime.database, report)
    command = RequestReopening(body.reason.value, closed_at)
    await _submit(runtime, report, caller, "request-reopening", (str(closed_at),), command)
    asked_at = (await _after(runtime, report)).reopening_asked_at
    assert asked_at is not None
    policy = (await runtime.load_world()).policy
    until = closed_at + policy.reopen_window if closed_at else None
    return ReopeningAsked(asked_at=asked_at, until=until)


@router.post(
    "/additions",
    status_code=201,
    responses={
        **_refusals("closed, withdrawn, rejected, or too_many_additions"),
        410: {"description": "The report was erased: nothing can be kept under its key"},
    },
)
async def add(
    request: Request, receipt: Receipt, body: AdditionIn, caller: Caller, key: Key = None
) -> Added:
    """Add words, or a way to be reached, up to 20 times while the case is open."""
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    cause = derived("addition", report.report, key or uuid.uuid4().hex)
    closed_at = await last_closing(runtime.database, report)
    outcome = await _kept(runtime, report, body, cause, closed_at, caller, await request.body())
    said = outcome.events[0].data
    return Added(number=said["number"], added=said["added"], added_at=said["supplemented_at"])


async def _kept(
    runtime: Runtime, report: ReportState, body: AdditionIn, cause: str,
    closed_at: datetime | None, caller: Principal, sent: bytes,
) -> Outcome:  # fmt: skip
    """First into the vault, then committed; what is refused after all is taken out again."""
    additions: Additions = runtime.extras["additions"]
    vault: Vault = runtime.extras["vault"]
    name, entry = (
        f"{report.report}+{cause}",
        Entry(text=body.text, contact=body.contact, language=report.language),
    )
    repeated = await runtime.committer.commits.by_cause(_name("supplement-report"), cause)
    if repeated is None:
        check_addition(report, closed_at)
        await additions.put(name, report.report, entry, clock.now())
    command = SupplementReport(body.kinds, body.ways, closed_at)
    try:
        return await runtime.committer.submit(
            _work(report, caller, "supplement-report", cause, command, vault.references.body(sent))
        )
    except Refused:
        await additions.drop(name)
        raise


async def _after(runtime: Runtime, report: ReportState) -> ReportState:
    found = await report_state(runtime.database, report.report)
    assert found is not None
    return found


async def _submit(
    runtime: Runtime, report: ReportState, caller: Principal, what: str, said: tuple[str, ...],
    command: Any,
) -> Outcome:  # fmt: skip
    """The same word on the same closing is the same cause."""
    cause = derived(what, report.report, *said)
    return await runtime.committer.submit(_work(report, caller, what, cause, command))


def _work(
    report: ReportState, caller: Principal, what: str, cause: str, command: Any,
    body_hash: str | None = None,
) -> Work:  # fmt: skip
    return Work(
        aggregate=report.report,
        handler=_name(what),
        cause=cause,
        command=command,
        actor=caller.actor(),
        correlation=report.case,
        traceparent=current_traceparent(),
        body_hash=body_hash,
    )


def _name(what: str) -> str:
    return f"intake.{what}"
