"""A supervisor closes a case as linked: its reports belong to another one (并案)."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from dispatch.domain.state import CaseState
from dispatch.domain.step import OPEN, Need, Step, Who, text
from service_kit.errors import Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Merge:
    """``into`` is the case that goes on; ``goes_on``: it does, as far as is known."""

    by: str
    into: str
    goes_on: bool


_NO_COMPLAINT = Need(
    "not_linkable",
    text("针对某单位或个人的投诉不并案", "a complaint about somebody keeps a case of its own"),
    lambda state, _, __: state.about is None and not state.recorded,
)
STEP = Step(
    "merge",
    text("并案", "close it as linked to another case"),
    sources=OPEN,
    targets=OPEN,
    who=frozenset({Who.SUPERVISOR}),
    needs=(_NO_COMPLAINT,),
)


def decide(state: CaseState, command: Merge, context: Context) -> Decision:
    """Intake links the reports, so that each reporter keeps every right; the case is voided when
    the last of them has gone."""
    if command.into == state.case:
        raise Refused("a case is not linked to itself", code="same_case")
    if not command.goes_on:
        raise Refused(f"case {command.into} does not go on", code="case_ended")
    return [
        events.MergingRequested(
            case=state.case, into=command.into, by=command.by, requested_at=context.now
        )
    ]
