"""A person says that a report is not about the problem of the case that was proposed."""

from dataclasses import dataclass

from case_contracts.events.intake import LinkDeclined
from intake.domain.report import ReportState
from service_kit.errors import NotFound, Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class DeclineLink:
    case: str
    by: str


def decline_link(state: ReportState, command: DeclineLink, context: Context) -> Decision:
    """``link.declined``: this case is never proposed again. Raises Refused ``not_proposed``."""
    if state.said is None:
        raise NotFound("no such report")
    if command.case in state.declined:
        return []
    if state.proposal is None or state.proposal.case != command.case:
        raise Refused("no link to that case is proposed", code="not_proposed")
    return [
        LinkDeclined(
            report=state.report,
            case=state.case,
            to_case=command.case,
            by=command.by,
            declined_at=context.now,
        )
    ]
