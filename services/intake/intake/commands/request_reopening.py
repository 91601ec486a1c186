"""A reporter asks for a closed case to be opened again. Dispatch decides by its rules."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import ReopeningRequested
from intake.domain.report import ReportState
from service_kit.errors import Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class RequestReopening:
    """``closed_at`` is when the case was last closed, or voided by hand; None while it is open."""

    reason: str
    closed_at: datetime | None


def request_reopening(state: ReportState, command: RequestReopening, context: Context) -> Decision:
    """``reopening.requested``, once for each closing; again changes nothing.

    Raises Refused ``withdrawn``, ``not_closed``.
    """
    if state.withdrawn_at is not None:
        raise Refused("the report has been withdrawn; report it anew", code="withdrawn")
    if command.closed_at is None:
        raise Refused("the case is not closed; it is being worked on", code="not_closed")
    before = state.reopening_asked_at
    if before is not None and before >= command.closed_at:
        return []
    return [
        ReopeningRequested(
            report=state.report,
            case=state.case,
            reason=command.reason,
            requested_at=context.now,
        )
    ]
