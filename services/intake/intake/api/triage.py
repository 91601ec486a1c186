"""The reviewers' queue (立案审核): what no rule could file, for a person to decide."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Query, Request

from case_contracts.values import Point, Ref
from intake.adapters.additions import Additions, with_additions
from intake.adapters.audit import note
from intake.adapters.entry import Entry
from intake.adapters.vault import Vault
from intake.api import sight
from intake.api.beside import neighbours_of
from intake.api.schemas import Answers
from intake.api.triage_schemas import (
    ConditionOut,
    Cursor,
    Judged,
    Judgement,
    Queue,
    WaitingInFull,
    WaitingReport,
)
from intake.commands.triage_report import RejectReport, TriageReport
from intake.domain.report import ReportState
from intake.domain.world import World
from intake.views import triage
from intake.views.progress import report_state
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Erased, NotFound
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(prefix="/triage", tags=["triage"])
Reviewer = Annotated[Principal, Depends(needs("triage.decide"))]
Report = Annotated[Ref, "report:<id>"]
PURPOSE = "triage"
UNKNOWN: Answers = {404: {"description": "No such report, or none that waits for you"}}
JUDGED: Answers = {
    **UNKNOWN,
    409: {"description": "not_waiting: somebody has decided it, or it was withdrawn"},
    422: {"description": "not_in_standard, condition_not_in_standard, condition_not_said or"
          " unknown_grid; or not valid, with the fields"},
}  # fmt: skip


@router.get("")
async def queue(
    request: Request,
    caller: Reviewer,
    after: Annotated[Cursor | None, Query(description="cursor of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Queue:
    """What waits for a reviewer, the oldest first; not what complains of the caller."""
    runtime: Runtime = request.app.state.runtime
    now, hides = clock.now(), await sight.hidden_from(runtime, caller)
    page = await triage.waiting(runtime.database, "triage", hides, after, limit)
    shown = [WaitingReport.of(state, now) for state in page.reports]
    overdue = sum(each.is_overdue(now) for each in page.all)
    return Queue(reports=shown, cursor=page.cursor, waiting=len(page.all), overdue=overdue)


@router.get("/{report}", responses={**UNKNOWN, 410: {"description": "Its words were erased"}})
async def one(request: Request, report: Report, caller: Reviewer) -> WaitingInFull:
    """One that waits, with the reporter's words, what they added since, and the exact place:
    written into the audit."""
    runtime: Runtime = request.app.state.runtime
    state = await _waiting(runtime, report, caller)
    await note(runtime.database, caller, "words", report, PURPOSE)
    entry = await _entry(runtime, report)
    additions: Additions = runtime.extras["additions"]
    added = await additions.of([report])
    world: World = await runtime.load_world()
    return WaitingInFull(
        **dict(WaitingReport.of(state, clock.now())),
        choices=_choices(state, world),
        text=with_additions(entry.words, added, entry.language, ZoneInfo(world.loaded().zone)),
        exact=entry.point,
        language=entry.language,
    )


@router.post("/{report}", responses=JUDGED)
async def judge(
    request: Request,
    report: Report,
    body: Judgement,
    caller: Reviewer,
    key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> Judged:
    """File it, or reject it with where to turn. The same word again gets the same answer."""
    runtime: Runtime = request.app.state.runtime
    state = await report_state(runtime.database, report)
    if state is None or state.said is None:
        raise NotFound("no such report")
    await sight.check(runtime, caller, state.said.about, "no such report")
    said = body.model_dump_json()
    outcome = await runtime.committer.submit(
        Work(
            aggregate=report,
            handler="intake.triage",
            cause=derived(caller.id, "triage", report, key or said),
            command=await _command(runtime, state, body, caller),
            actor=caller.actor(PURPOSE),
            correlation=state.case,
            traceparent=current_traceparent(),
            body_hash=derived(said),
        )
    )
    await neighbours_of(runtime).learn([outcome.commit])
    after = await report_state(runtime.database, report)
    assert after is not None
    return _judged(after)


def _choices(state: ReportState, world: World) -> list[ConditionOut]:
    assert state.reported_at is not None
    matter = world.standard_at(state.reported_at).matters.get(state.matter)
    conditions = matter.conditions if matter else ()
    return [ConditionOut(condition=each.code, name=each.name) for each in conditions]


async def _command(
    runtime: Runtime, state: ReportState, body: Judgement, caller: Principal
) -> TriageReport | RejectReport:
    if body.reject is not None:
        return RejectReport(caller.id, body.reject, body.turn_to)
    assert body.matter is not None
    point = body.point.point() if body.point else await _reported_place(runtime, state)
    return TriageReport(caller.id, body.matter, body.condition, point, body.grid)


async def _reported_place(runtime: Runtime, state: ReportState) -> Point | None:
    """The exact place, as long as it can be read; shown to nobody here."""
    assert state.said is not None
    if state.said.point is None:
        return None
    try:
        return (await _entry(runtime, state.report)).point
    except (NotFound, Erased):
        return state.said.point


async def _entry(runtime: Runtime, report: str) -> Entry:
    vault: Vault = runtime.extras["vault"]
    return await vault.report(report)


async def _waiting(runtime: Runtime, report: str, caller: Principal) -> ReportState:
    state = await report_state(runtime.database, report)
    if state is None or state.said is None or state.waiting is None:
        raise NotFound("no such report waits")
    await sight.check(runtime, caller, state.said.about, "no such report waits")
    return state


def _judged(state: ReportState) -> Judged:
    return Judged(
        report=state.report,
        case=state.in_case,
        status="rejected" if state.rejected else "filed",
        reason=state.rejected,
        turn_to=state.turn_to,
    )
