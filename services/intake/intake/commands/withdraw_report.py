"""A reporter takes the report back (撤回): possible until its case is closed."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import ReportWithdrawn
from intake.domain.report import ReportState
from service_kit.errors import Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class WithdrawReport:
    """``closed_at`` is the last closing of the case, None while it is open; ``alone``: no other
    report stands behind the case."""

    reason: str
    closed_at: datetime | None
    alone: bool


def withdraw_report(state: ReportState, command: WithdrawReport, context: Context) -> Decision:
    """``report.withdrawn``, once; again changes nothing. Raises Refused ``rejected``, ``closed``.

    What the reporter said stays in the vault: withdrawing asks for no erasure. A report without a
    case (it waits for a reviewer) leaves none behind, so it is nobody's last.
    """
    if state.withdrawn_at is not None:
        return []
    if state.rejected is not None:
        raise Refused("the report opened no case: there is nothing to withdraw", code="rejected")
    if command.closed_at is not None:
        raise Refused("the case is closed; rate it, or ask for it to be opened again",
                      code="closed")  # fmt: skip
    return [
        ReportWithdrawn(
            report=state.report,
            case=state.case,
            reason=command.reason,
            last=command.alone and state.in_case is not None,
            withdrawn_at=context.now,
        )
    ]
