"""Links between reports and cases (并案): proposed ones, made ones, and a person's word on them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request

from intake.adapters.vault import Vault
from intake.api import sight
from intake.api.beside import neighbours_of, reporter
from intake.api.link_schemas import (
    DeclineIn,
    DeclineOut,
    LinkIn,
    LinkOut,
    MadeOut,
    ProposedOut,
    UnlinkIn,
    UnlinkOut,
)
from intake.api.schemas import Answers
from intake.commands.decline_link import DeclineLink
from intake.commands.link_report import LinkReport, check_linkable
from intake.commands.unlink_report import UnlinkReport
from intake.domain.report import ReportState
from intake.views import links
from intake.views.progress import case_state, report_state
from intake.views.reports import report_states
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound, Refused
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Outcome, Work
from service_kit.telemetry.tracing import current_traceparent
from service_kit.validity import END

MOST = 500
ROWS_PRECISION = timedelta(milliseconds=1)
"""Times in rows are cut to whole ones of these."""
NO_REPORT, NO_CASE = "no such report", "no such case has been opened"
router = APIRouter(tags=["links"])
Linker = Annotated[Principal, Depends(needs("links.decide"))]
Report = Annotated[str, Path(max_length=160, examples=["report:0f8c0e6a-90f0-5d9c-8d77"])]
UNKNOWN: Answers = {404: {"description": "There is no such report or case"}}
LINKS: Answers = {
    **UNKNOWN,
    409: {"description": "not_linkable, with the reason; case_ended: the case is closed"},
}
UNLINKS: Answers = {
    **UNKNOWN,
    409: {"description": "not_linked: the report is linked to no case"},
    410: {"description": "It was erased: nobody can tell where it would belong"},
}
DECLINES: Answers = {**UNKNOWN, 409: {"description": "not_proposed: that case was not proposed"}}


@router.get("/links/proposed")
async def proposed(
    request: Request,
    caller: Linker,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    after: Annotated[str, Query(max_length=160, description="Last report of the page before")] = "",
) -> list[ProposedOut]:
    """Reports that may be about the problem of an older case, oldest proposal first."""
    found = await links.proposals(request.app.state.runtime.database, limit, after)
    return [_proposed(state) for state in found]


@router.get("/links")
async def made(
    request: Request,
    caller: Linker,
    day: Annotated[date | None, Query(description="Of this day (UTC); today without it")] = None,
    made_by: Annotated[Literal["machine", "person"] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[MadeOut]:
    """The links made on a day, oldest first: those of the machine are marked (``by`` null)."""
    database = request.app.state.runtime.database
    start = datetime.combine(day or clock.now().astimezone(UTC).date(), time(), UTC)
    end = start + timedelta(days=1) if start.date() < date.max else END
    machine = None if made_by is None else made_by == "machine"
    found = await links.made(database, start, end, machine)
    page = found[skip : skip + limit]
    states = await report_states(database, sorted({each.report for each in page}))
    return [_made(each, states.get(each.report)) for each in page]


@router.post("/reports/{report}/link", responses=LINKS)
async def link(request: Request, report: Report, asked: LinkIn, caller: Linker) -> LinkOut:
    """The report belongs to that case. Its reporter keeps receipt, notices, vote and the right
    to have it opened again; a case that is left by its last report ends."""
    runtime: Runtime = request.app.state.runtime
    state = await _visible(runtime, caller, report)
    await _check_target(runtime, caller, asked.case)
    emptied = await links.empties(runtime.database, state)
    if asked.dry_run or state.in_case == asked.case:
        check_linkable(state)
        same = state.in_case == asked.case
        return _link_out(state, asked, emptied=emptied and not same, dry_run=asked.dry_run)
    empties = state.in_case if emptied else None
    who = await _reporter(runtime, state, asked.case)
    command = LinkReport(asked.case, caller.id, empties, who)
    cause = derived("link", report, asked.case, _since(state))
    await _submit(runtime, state, caller, "intake.link-report", cause, command)
    return _link_out(state, asked, emptied=emptied, dry_run=False)


@router.post("/reports/{report}/unlink", responses=UNLINKS)
async def unlink(request: Request, report: Report, asked: UnlinkIn, caller: Linker) -> UnlinkOut:
    """The report is about another problem after all: it opens a case of its own, whose time runs
    from the report."""
    runtime: Runtime = request.app.state.runtime
    state = await _visible(runtime, caller, report)
    if state.link is None:
        raise Refused("the report is linked to no case", code="not_linked")
    vault: Vault = runtime.extras["vault"]
    entry, cause = await vault.report(report), derived("unlink", report, _since(state))
    own = f"case:{derived('unlinked-case', report, cause)}"
    who = reporter(entry.contact, own, vault)
    command = UnlinkReport(own, state.case, caller.id, asked.reason, entry.point, who)
    outcome = await _submit(runtime, state, caller, "intake.unlink-report", cause, command)
    await neighbours_of(runtime).learn([outcome.commit])
    after = await _report(runtime, report)
    return UnlinkOut(report=report, from_case=state.case, case=after.in_case)


@router.post("/reports/{report}/decline", responses=DECLINES)
async def decline(request: Request, report: Report, asked: DeclineIn, caller: Linker) -> DeclineOut:
    """The report is not about the problem of the case that was proposed."""
    runtime: Runtime = request.app.state.runtime
    state = await _visible(runtime, caller, report)
    cause = derived("decline", report, asked.case)
    command = DeclineLink(asked.case, caller.id)
    await _submit(runtime, state, caller, "intake.decline-link", cause, command)
    return DeclineOut(report=report, declined=list((await _report(runtime, report)).declined))


async def _visible(runtime: Runtime, caller: Principal, report: str) -> ReportState:
    """Raises NotFound also for a complaint that is not the caller's to see."""
    state = await _report(runtime, report)
    assert state.said is not None
    await sight.check(runtime, caller, state.said.about, NO_REPORT)
    return state


async def _report(runtime: Runtime, report: str) -> ReportState:
    found = await report_state(runtime.database, report)
    if found is None or found.said is None:
        raise NotFound(NO_REPORT)
    return found


async def _check_target(runtime: Runtime, caller: Principal, case: str) -> None:
    """Only to a case that somebody still deals with."""
    found = await case_state(runtime.database, case)
    if found is None or found.opened_at is None:
        raise NotFound(NO_CASE)
    await sight.check(runtime, caller, found.about, NO_CASE)
    if found.about is not None:
        raise Refused("a complaint about somebody takes no other report in", code="not_linkable")
    if case not in await links.still_open(runtime.database, [case]):
        raise Refused("the case has ended; link to one that is open", code="case_ended")


async def _reporter(runtime: Runtime, state: ReportState, case: str) -> str | None:
    """None also where the report was erased: nothing stands for its reporter any longer."""
    vault: Vault = runtime.extras["vault"]
    entry = (await vault.of_reports([state.report])).get(state.report)
    return reporter(entry.contact, case, vault) if entry is not None else None


async def _submit(
    runtime: Runtime, state: ReportState, caller: Principal, handler: str, cause: str,
    command: object,
) -> Outcome:  # fmt: skip
    return await runtime.committer.submit(
        Work(
            aggregate=state.report,
            handler=handler,
            cause=cause,
            command=command,
            actor=caller.actor("links"),
            correlation=state.case,
            traceparent=current_traceparent(),
        )
    )


def _since(state: ReportState) -> str:
    """Since when it belongs where it does: what is asked again after a change is asked anew."""
    return f"{state.in_case}|{state.link.at.isoformat() if state.link else ''}"


def _link_out(state: ReportState, asked: LinkIn, *, emptied: bool, dry_run: bool) -> LinkOut:
    return LinkOut(
        report=state.report,
        case=asked.case,
        from_case=state.in_case,
        emptied=emptied,
        dry_run=dry_run,
    )


def _proposed(state: ReportState) -> ProposedOut:
    assert state.said is not None
    assert state.proposal is not None
    return ProposedOut(
        report=state.report,
        case=state.case,
        to_case=state.proposal.case,
        matter=state.matter,
        likeness=state.proposal.likeness,
        reported_at=state.said.reported_at,
        proposed_at=state.proposal.at,
    )


def _made(each: links.Made, now: ReportState | None) -> MadeOut:
    return MadeOut(
        report=each.report,
        matter=now.matter if now else None,
        reported_at=now.said.reported_at if now and now.said else None,
        case=each.case,
        from_case=each.from_case,
        by=each.by,
        likeness=each.likeness,
        linked_at=each.at,
        stands=now is not None and _stands(each, now),
    )


def _stands(each: links.Made, now: ReportState) -> bool:
    """Linked, unlinked and linked again to the same case, only the last one does."""
    if now.link is None or now.case != each.case:
        return False
    return timedelta(0) <= now.link.at - each.at < ROWS_PRECISION
