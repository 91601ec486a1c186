"""Call-backs (回访): operators call those who left only a telephone number."""

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from case_contracts.events.intake import CallbackWhy, DropReason
from case_contracts.values import About
from intake.adapters.additions import Additions
from intake.adapters.audit import note
from intake.api import sight
from intake.api.callback_schemas import CallbackOut, Callbacks, Claimed, Result, ResultIn
from intake.api.schemas import Answers
from intake.api.track import private
from intake.commands.callback_claim import ClaimCallback, known
from intake.commands.callback_drop import DropCallbacks
from intake.commands.callback_result import RecordCall
from intake.domain.callback import Call, CaseCalls, aggregate_of
from intake.domain.callback_labels import ABOUT
from intake.domain.callback_needed import why_not
from intake.domain.labels import REJECTIONS
from intake.domain.purposes import Purpose
from intake.domain.report import ReportState
from intake.views import callbacks
from intake.views.callbacks import Place
from intake.views.progress import names, report_state
from intake.views.reports import report_states
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Erased, Invalid, NotFound, Refused
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(prefix="/callbacks", tags=["callbacks"], dependencies=[Depends(private)])
Operator = Annotated[Principal, Depends(needs("callbacks.make"))]
Callback = Annotated[
    str,
    Path(
        pattern=r"^callback:case:[0-9a-f-]{36}:[0-9]{1,6}$",
        examples=["callback:case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11:1"],
    ),
]
Cursor = Annotated[str | None, Query(max_length=160, description="Of the page before")]
UNKNOWN_CALL = "there is no such call-back"
UNKNOWN: Answers = {404: {"description": "No such call-back, or none that you may see"}}


@router.get("")
async def queue(
    request: Request,
    caller: Operator,
    limit: Annotated[int, Query(ge=1, le=100, description="Cases on a page")] = 50,
    cursor: Cursor = None,
) -> Callbacks:
    """Call-backs that are open, those of the case that has waited longest first. Whom a complaint
    is about, and those under them, are not shown the calls about it."""
    runtime: Runtime = request.app.state.runtime
    now = clock.now()
    found, place = await callbacks.queue(runtime.database, now, limit, _place(cursor))
    open_calls = [(each, call) for each in found for call in each.open]
    reports = await report_states(runtime.database, [call.report for _, call in open_calls])
    hides = await sight.hidden_from(runtime, caller)
    shown = [
        _shown(each, call, now)
        for each, call in open_calls
        if not hides(_about(reports.get(call.report)))
    ]
    return Callbacks(callbacks=shown, cursor=str(place) if place else None)


@router.post(
    "/{callback}/claim",
    responses={
        **UNKNOWN,
        409: {"description": "claimed, too_early, own_work, or callback_ended"},
        410: {"description": "The number was erased: the call-back has ended"},
    },
)
async def claim(request: Request, callback: Callback, caller: Operator) -> Claimed:
    """Take the call in hand for 15 minutes and be given the number, which is written to the audit
    trail. Whoever works on the case, or checks it, does not call."""
    runtime: Runtime = request.app.state.runtime
    state, call, report = await _needed(runtime, callback, caller)
    language, phone = await _number(runtime, call)
    hands = await callbacks.hands_of(runtime.database, state.case)
    own = bool(hands & {caller.id, caller.department}) or _reported(report, caller)
    command = ClaimCallback(callback, caller.id, own)
    after = await _submit(runtime, caller, "callback-claim", callback, uuid.uuid4().hex, command)
    await note(runtime.database, caller, "contact", call.report, Purpose.CALLBACK)
    mine = known(after, callback).claim
    assert mine is not None
    return Claimed(
        callback=callback,
        case=state.case,
        why=call.why,
        about=ABOUT[call.why],
        phone=phone,
        language=language,
        matter_name=names(report, await runtime.load_world()).matter,
        message=REJECTIONS[report.rejected] if report.rejected else None,
        turn_to=report.turn_to,
        may_rate=call.why is CallbackWhy.CLOSED,
        until=mine.until,
    )


@router.post(
    "/{callback}/result", responses={**UNKNOWN, 409: {"description": "not_claimed by you"}}
)
async def result(request: Request, callback: Callback, body: ResultIn, caller: Operator) -> Result:
    """Write down how it went. Nobody answered: again later, three times in all. A rating and the
    wish to have it opened again count as if the reporter had said so at the receipt."""
    runtime: Runtime = request.app.state.runtime
    call = known(await _calls(runtime, callback), callback)
    await _check_sight(runtime, caller, await report_state(runtime.database, call.report))
    command = RecordCall(
        callback, caller.id, body.outcome, body.solved, body.score, body.wants_reopening
    )
    said = f"{call.attempts}|{body.model_dump_json()}"
    after = await _submit(runtime, caller, "callback-result", callback, said, command)
    now = known(after, callback)
    return Result(
        callback=callback,
        outcome=body.outcome,
        attempts=now.attempts,
        again_at=now.again_at,
        ended=now.ended,
    )


async def _needed(
    runtime: Runtime, callback: str, caller: Principal
) -> tuple[CaseCalls, Call, ReportState]:
    """The call, if it is theirs to see and still of use; what is not is dropped.

    Raises NotFound, and Refused ``callback_ended``.
    """
    state = await _calls(runtime, callback)
    call = known(state, callback)
    report = await report_state(runtime.database, call.report)
    if report is None:
        raise NotFound(UNKNOWN_CALL)
    await _check_sight(runtime, caller, report)
    needless = None if call.ended else why_not(call, report, state.case)
    if needless is not None:
        await _drop(runtime, callback, needless)
        raise Refused(f"it is not needed any longer: {needless.value}", code="callback_ended")
    return state, call, report


async def _check_sight(runtime: Runtime, caller: Principal, report: ReportState | None) -> None:
    await sight.check(runtime, caller, _about(report), UNKNOWN_CALL)


async def _number(runtime: Runtime, call: Call) -> tuple[str, str]:
    """The language to speak, and the number; raises Erased, which ends the call-back."""
    additions: Additions = runtime.extras["additions"]
    try:
        entry, contact = await additions.contact(call.report)
    except (Erased, NotFound):
        contact = None
    if contact is None or contact.phone is None:
        if not call.ended:
            await _drop(runtime, call.callback, DropReason.NO_NUMBER)
        raise Erased("the number is gone: there is nobody to call")
    return entry.language, contact.phone


async def _calls(runtime: Runtime, callback: str) -> CaseCalls:
    state = await callbacks.calls_of(runtime.database, callback)
    if state is None:
        raise NotFound(UNKNOWN_CALL)
    return state


async def _drop(runtime: Runtime, callback: str, reason: DropReason) -> None:
    cause = derived("callback-drop", callback, reason.value)
    command = DropCallbacks(reason, callback=callback)
    actor = Principal("service:intake", "service").actor()
    await runtime.committer.submit(
        Work(aggregate_of(callback), "intake.callback-drop", cause, command, actor)
    )


async def _submit(
    runtime: Runtime, caller: Principal, what: str, callback: str, said: str,
    command: ClaimCallback | RecordCall,
) -> CaseCalls:  # fmt: skip
    await runtime.committer.submit(
        Work(
            aggregate=aggregate_of(callback),
            handler=f"intake.{what}",
            cause=derived(what, callback, caller.id, said),
            command=command,
            actor=caller.actor(),
            traceparent=current_traceparent(),
        )
    )
    return await _calls(runtime, callback)


def _about(report: ReportState | None) -> About | None:
    return report.said.about if report is not None and report.said is not None else None


def _reported(report: ReportState, caller: Principal) -> bool:
    return report.said is not None and report.said.by == caller.id


def _shown(state: CaseCalls, call: Call, now: datetime) -> CallbackOut:
    return CallbackOut(
        callback=call.callback,
        case=state.case,
        why=call.why,
        about=ABOUT[call.why],
        asked_at=call.asked_at,
        due_at=call.due_at,
        overdue=call.due_at < now,
        attempts=call.attempts,
        status=call.status(now),
        not_before=call.again_at,
    )


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    try:
        return Place.of(cursor)
    except ValueError:
        raise Invalid("that is no cursor of ours", code="bad_cursor") from None
