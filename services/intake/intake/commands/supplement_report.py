"""A reporter adds something to the report (补充): words, or a way to be reached."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import ReportSupplemented
from intake.domain.report import ReportState
from intake.domain.rights import MOST_ADDITIONS
from service_kit.errors import Refused
from service_kit.store.model import Context, Decision

WAYS = ("inapp", "email", "phone")
"""The ways to tell a reporter something, in their order."""


@dataclass(frozen=True)
class SupplementReport:
    """What was added is in the vault already: here is only which kinds, and the ways by which the
    reporter can be reached because of it."""

    added: tuple[str, ...]
    ways: tuple[str, ...]
    closed_at: datetime | None


def check_addition(state: ReportState, closed_at: datetime | None) -> None:
    """Raises Refused ``withdrawn``, ``rejected``, ``closed``, ``too_many_additions``."""
    if state.withdrawn_at is not None:
        raise Refused("the report has been withdrawn; report it anew", code="withdrawn")
    if state.rejected is not None:
        raise Refused("the report opened no case; report it anew and say more", code="rejected")
    if closed_at is not None:
        raise Refused("the case is closed; ask for it to be opened again", code="closed")
    if state.supplements >= MOST_ADDITIONS:
        raise Refused(f"{MOST_ADDITIONS} additions are the most", code="too_many_additions")


def supplement_report(state: ReportState, command: SupplementReport, context: Context) -> Decision:
    """``report.supplemented``: whoever left a contact only now is told from now on."""
    check_addition(state, command.closed_at)
    assert state.said is not None
    known = {*state.said.reachable, *command.ways}
    return [
        ReportSupplemented(
            report=state.report,
            case=state.case,
            number=state.supplements + 1,
            added=command.added,
            reachable=tuple(way for way in WAYS if way in known),
            supplemented_at=context.now,
        )
    ]
