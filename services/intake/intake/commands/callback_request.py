"""Somebody is to be called back: promised with the report, due when it is settled."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import CallbackPromised, CallbackRequested, CallbackWhy
from intake.domain.callback import CaseCalls, id_of
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class PromiseCallback:
    """The reporter of this report can be told by telephone alone."""

    report: str


@dataclass(frozen=True)
class RequestCallbacks:
    """``report``: only this one's reporter is called; everybody who was promised it without.
    ``happened_at`` is null for what happens now."""

    why: CallbackWhy
    happened_at: datetime | None = None
    report: str | None = None


def promise_callback(state: CaseCalls, command: PromiseCallback, context: Context) -> Decision:
    """``callback.promised``, once for each report."""
    if command.report in state.people:
        return []
    return [CallbackPromised(report=command.report, case=state.case)]


def request_callbacks(state: CaseCalls, command: RequestCallbacks, context: Context) -> Decision:
    """``callback.requested`` for each, once for each thing that they are called about."""
    at = command.happened_at or context.now
    asked = {(call.report, call.why, call.happened_at) for call in state.calls}
    wanted = [
        report
        for report in state.people
        if command.report in (None, report) and (report, command.why, at) not in asked
    ]
    return [
        CallbackRequested(
            callback=f"{id_of(state.case)}:{len(state.calls) + position}",
            report=report,
            case=state.case,
            why=command.why,
            happened_at=at,
            asked_at=context.now,
            due_at=context.now + context.world.policy.callback_within,
        )
        for position, report in enumerate(wanted, start=1)
    ]
