"""A person says that a report belongs to another case (并案); its reporter keeps every right."""

from dataclasses import dataclass

from case_contracts.events.intake import Likeness, ReportLinked
from intake.domain.report import ReportState
from service_kit.errors import NotFound, Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class LinkReport:
    """``empties`` is the case behind which no other report would stand. ``reporter`` is what
    stands for its reporter in ``case``. ``by`` is None where the machine follows a case that was
    itself merged."""

    case: str
    by: str | None
    empties: str | None = None
    reporter: str | None = None


def link_report(state: ReportState, command: LinkReport, context: Context) -> Decision:
    """``report.linked``; to the case that it belongs to already, nothing.

    Raises Refused ``not_linkable``, with the reason, for what keeps its own case or has none.
    """
    said = state.said
    if said is None:
        raise NotFound("no such report")
    if state.in_case == command.case:
        return []
    check_linkable(state)
    return [
        ReportLinked(
            report=state.report,
            case=command.case,
            from_case=state.in_case,
            emptied=state.in_case is not None and state.in_case == command.empties,
            by=command.by,
            likeness=_likeness(state, command.case),
            reporter=command.reporter,
            reachable=said.reachable,
            language=said.language,
            linked_at=context.now,
        )
    ]


def check_linkable(state: ReportState) -> None:
    """Raises Refused ``not_linkable`` for what keeps its own case or has none."""
    assert state.said is not None
    reasons = {
        "a complaint about somebody keeps a case of its own": state.said.about is not None,
        "it is recorded history": state.said.recorded is not None,
        "it was withdrawn": state.withdrawn_at is not None,
        "it was rejected": state.rejected is not None,
    }
    for reason, applies in reasons.items():
        if applies:
            raise Refused(f"the report cannot be linked: {reason}", code="not_linkable")


def _likeness(state: ReportState, case: str) -> Likeness | None:
    """What the rule made of it, where it was the rule that proposed this case."""
    proposal = state.proposal
    return proposal.likeness if proposal is not None and proposal.case == case else None
