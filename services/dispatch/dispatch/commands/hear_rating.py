"""A reporter rates the result. One dissent reopens once; after that a higher level decides."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import ClockKind
from dispatch.commands.open_case import hand_over
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import condition_of, start_clock
from service_kit.errors import NotYet
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class HearRating:
    report: str
    solved: bool
    rated_at: datetime


def decide(state: CaseState, command: HearRating, context: Context) -> Decision:
    if state.status == Status.UNKNOWN:
        raise NotYet(f"case {state.case} has not arrived")
    if command.solved or state.status != Status.CLOSED or command.report in state.dissents:
        return []
    world = context.world
    assert state.closed_at is not None
    if state.dissents or command.rated_at - state.closed_at > world.policy.reopen_window:
        return []
    reopened = events.CaseReopened(
        case=state.case,
        reopened_at=context.now,
        reason="dissent",
        by_report=command.report,
    )
    after = evolve(state, reopened)
    limit = condition_of(after, world).handle
    clock = start_clock(after, world, ClockKind.CASE, context.now, None, limit)
    after = evolve_all(after, [clock])
    return [reopened, clock, *hand_over(after, world, context)]
