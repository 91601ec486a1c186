"""A person says that a linked report is about another problem after all: it gets its own case."""

from dataclasses import dataclass

from case_contracts.events.base import EventData
from case_contracts.events.intake import Filing, ReportUnlinked, Said
from case_contracts.values import Point
from intake.commands.receive_report import judged
from intake.domain.filing import Claim, Verdict, file_claim
from intake.domain.report import ReportState
from service_kit.errors import NotFound, Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class UnlinkReport:
    """``case`` is the new case's id, ``reporter`` what stands for the reporter in it; ``point``
    is exact and stays here. ``reason`` is a code. ``from_case``: only from this one."""

    case: str
    from_case: str
    by: str
    reason: str
    point: Point | None = None
    reporter: str | None = None


def unlink_report(state: ReportState, command: UnlinkReport, context: Context) -> Decision:
    """``report.unlinked``, from which its own case opens as if it had never been linked.

    Where no rule says what it opens, it is rejected or waits for a reviewer as any other.
    Raises Refused ``not_linked``.
    """
    if state.said is None:
        raise NotFound("no such report")
    if state.link is None:
        done = state.case == command.case
        if done:
            return []
    if state.link is None or state.case != command.from_case:
        raise Refused("the report is not linked to that case", code="not_linked")
    verdict = _verdict(state.said, command, context)
    unlinked = ReportUnlinked(
        **{
            **state.said.model_dump(),
            "case": command.case,
            "reporter": command.reporter,
            "filing": verdict if isinstance(verdict, Filing) else None,
        },
        from_case=command.from_case,
        unlinked_by=command.by,
        reason=command.reason,
        unlinked_at=context.now,
    )
    events: list[EventData] = [unlinked, *judged(unlinked, verdict, context)]
    return events


def _verdict(said: Said, command: UnlinkReport, context: Context) -> Verdict:
    """As it was filed before; one that was linked when it came has not been filed yet."""
    if said.filing is not None:
        return said.filing
    claim = Claim(said.matter, said.condition, command.point, said.reported_at)
    return file_claim(claim, context.world)
