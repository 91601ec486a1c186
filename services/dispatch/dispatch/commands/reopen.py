"""A reporter wishes a closed case opened again: done, passed to a higher level, or refused."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.commands.open_case import hand_over
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.reopening import Answer, answer_to
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import condition_of, start_clock
from service_kit.errors import NotYet
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Reopen:
    """The wish of this reporter; ``reason`` goes into ``case.reopened``."""

    report: str
    asked_at: datetime
    reason: str


def decide(state: CaseState, command: Reopen, context: Context) -> Decision:
    """Raises NotYet while the case has not arrived."""
    if state.status == Status.UNKNOWN:
        raise NotYet(f"case {state.case} has not arrived")
    window = context.world.policy.reopen_window
    found = answer_to(state, command.report, command.asked_at, window)
    match found.answer:
        case Answer.REOPEN:
            return reopened(state, command.report, command.reason, context)
        case Answer.REFER:
            return [
                events.ReopeningReferred(
                    case=state.case, report=command.report, referred_at=context.now
                )
            ]
        case Answer.REFUSE:
            return [refused(state, command.report, found.reason, context)]
        case Answer.NOTHING:
            return []


def reopened(
    state: CaseState, report: str | None, reason: str, context: Context
) -> list[EventData]:
    """A new segment of the case's clock, and a task for whoever is responsible now."""
    world = context.world
    again = events.CaseReopened(
        case=state.case, reopened_at=context.now, reason=reason, by_report=report
    )
    after = evolve(state, again)
    limit = condition_of(after, world).handle
    clock = start_clock(after, world, ClockKind.CASE, context.now, None, limit)
    after = evolve_all(after, [clock])
    return [again, clock, *hand_over(after, world, context)]


def refused(
    state: CaseState, report: str, reason: str, context: Context, by: str | None = None
) -> events.ReopeningRefused:
    """The reporter learns that it stays closed, and why."""
    return events.ReopeningRefused(
        case=state.case, report=report, reason=reason, by=by, refused_at=context.now
    )
