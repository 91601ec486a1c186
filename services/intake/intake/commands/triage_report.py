"""A reviewer decides what no rule could (立案审核): what it is, or that it opens no case."""

from dataclasses import dataclass
from typing import Any

from case_contracts.events.intake import Filing, Rejection, ReportTriaged, Said, Unclear
from case_contracts.values import Point, Text
from intake.commands.receive_report import rejected
from intake.domain.deciding import Decide
from intake.domain.filing import Claim, Verdict, file_claim
from intake.domain.report import ReportState
from intake.domain.world import World
from service_kit.errors import Invalid, NotFound, Refused
from service_kit.store.model import Context, Decision

REVIEWERS = frozenset(
    {Rejection.CONDITION_NOT_MET, Rejection.OUT_OF_SCOPE, Rejection.NOT_UNDERSTANDABLE}
)
"""Reasons that only a reviewer can give; those of the rules are found by filing."""


@dataclass(frozen=True)
class TriageReport:
    """``point`` is exact, the reporter's or the reviewer's; ``grid`` where nobody knows one."""

    by: str
    matter: str
    condition: str | None
    point: Point | None
    grid: str | None


@dataclass(frozen=True)
class RejectReport:
    """``turn_to`` of None: what the district's rules say for this reason."""

    by: str
    reason: Rejection
    turn_to: Text | None


def triage_report(state: ReportState, command: TriageReport, context: Context) -> Decision:
    """``report.triaged``: the case's time runs from the report, as if it had been filed at once.

    Raises Invalid where the matter, the condition or the grid does not stand in the district's
    standard or tree; ``report.rejected`` where the place lies outside.
    """
    said = _waiting(state, command.by, context)
    world: World = context.world
    claim = Claim(command.matter, command.condition, command.point, said.reported_at, command.grid)
    verdict = file_claim(claim, world)
    if verdict is Rejection.OUTSIDE_DISTRICT:
        turn_to = world.rules.turn_to(verdict, command.matter)
        return [rejected(_as_judged(said, command, None), verdict, turn_to, command.by)]
    if not isinstance(verdict, Filing):
        raise Invalid(f"it cannot be filed so: {_WRONG[verdict]}", code=verdict.value)
    judged = _as_judged(said, command, verdict)
    return [ReportTriaged(**dict(judged), triaged_by=command.by, triaged_at=context.now)]


def reject_report(state: ReportState, command: RejectReport, context: Context) -> Decision:
    """``report.rejected`` by a reviewer's word, with where to turn."""
    said = _waiting(state, command.by, context)
    rules = context.world.rules
    turn_to = command.turn_to or rules.turn_to(command.reason, said.matter)
    return [rejected(said, command.reason, turn_to, command.by)]


def _waiting(state: ReportState, by: str, context: Context) -> Said:
    """What was said, if it waits for a reviewer, who must not be whom it complains of."""
    said, world = state.said, context.world
    if said is None or world.conflict(said.about, context.now).hides_from(by, None):
        raise NotFound("no such report")
    if state.waiting is None:
        raise Refused("the report does not wait for a reviewer", code="not_waiting")
    return said


def _as_judged(said: Said, command: TriageReport, filing: Filing | None) -> Said:
    """What is known of it now: the matter as the reviewer says, the place coarsened."""
    return said.model_copy(
        update={
            "matter": command.matter,
            "condition": command.condition,
            "point": command.point.coarse() if command.point else said.point,
            "filing": filing,
        }
    )


_WRONG: dict[Verdict, str] = {
    Rejection.NOT_IN_STANDARD: "the standard has no such matter",
    Rejection.CONDITION_NOT_IN_STANDARD: "the matter has no such condition",
    Unclear.CONDITION_NOT_SAID: "the matter has several conditions, say which one is met",
}


REVIEWING: dict[type[Any], Decide[ReportState]] = {
    TriageReport: triage_report,
    RejectReport: reject_report,
}
"""What a reviewer can decide."""
