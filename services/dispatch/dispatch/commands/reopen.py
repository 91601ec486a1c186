"""A reporter wishes a closed case opened again: done, passed to a higher level, or refused."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Text
from dispatch.commands.open_case import hand_over
from dispatch.domain.clocks import start_clock, stop_clock
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.reopening import Answer, answer_to
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import REOPENS, Step, Who, text
from dispatch.domain.steps import condition_of
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Reopen:
    """The wish of this reporter; ``reason`` goes into ``case.reopened``."""

    report: str
    asked_at: datetime
    reason: str


def rows(name: str, label: Text) -> tuple[Step, ...]:
    """What a reporter's wish can lead to: of a closed case, and of one that is void."""
    closed, void = frozenset({Status.CLOSED}), frozenset({Status.VOIDED})
    reporter = frozenset({Who.REPORTER})
    again = frozenset({Status.ASSIGNED, Status.CLOSED})
    return (
        Step(name, label, closed, again, reporter, clocks=REOPENS, quiet=True),
        Step(f"{name}_of_void", label, void, void, reporter, quiet=True),
    )


STEPS = rows("reopen", text("要求重开", "wish it opened again"))


def decide(state: CaseState, command: Reopen, context: Context) -> Decision:
    """The answer is the rule's; who does not agree may go to a higher level."""
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
    silent = stop_clock(state, ClockKind.ANSWER, context.now, "reopened")
    return [again, *silent, clock, *hand_over(evolve_all(after, [*silent]), world, context)]


def refused(
    state: CaseState, report: str, reason: str, context: Context, by: str | None = None
) -> events.ReopeningRefused:
    """The reporter learns that it stays closed, and why."""
    return events.ReopeningRefused(
        case=state.case, report=report, reason=reason, by=by, refused_at=context.now
    )
