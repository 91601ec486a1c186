"""Call-backs that are no longer needed, or can no longer be made."""

from dataclasses import dataclass

from case_contracts.events.intake import CallbackDropped, CallbackWhy, DropReason
from intake.domain.callback import CaseCalls
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class DropCallbacks:
    """Open calls of this report, or this one alone, or all about a closing (``closing``)."""

    reason: DropReason
    report: str | None = None
    callback: str | None = None
    closing: bool = False


def drop_callbacks(state: CaseCalls, command: DropCallbacks, context: Context) -> Decision:
    """``callback.dropped`` for each of them that is open."""
    return [
        CallbackDropped(
            callback=call.callback,
            report=call.report,
            case=state.case,
            reason=command.reason,
            dropped_at=context.now,
        )
        for call in state.open
        if command.report in (None, call.report)
        and command.callback in (None, call.callback)
        and not (command.closing and call.why is CallbackWhy.REJECTED)
    ]
