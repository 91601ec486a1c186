"""Plan a round of visits, plan it anew, end it (走访计划)."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import (
    RoundEach,
    RoundEnded,
    RoundKind,
    RoundPer,
    RoundPlanned,
)
from case_contracts.values import Text
from intake.domain.round import RoundState
from service_kit.errors import NotFound, Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class PlanRound:
    """How often each contact group, or lowest grid, of these grounds is to be visited."""

    name: Text
    kind: RoundKind
    each: RoundEach
    grids: tuple[str, ...]
    groups: tuple[str, ...]
    times: int
    per: RoundPer
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True)
class EndRound:
    valid_to: datetime


def plan_round(state: RoundState, command: PlanRound, context: Context) -> Decision:
    """``round.planned`` under the next version; the same plan again changes nothing."""
    planned = RoundPlanned(
        round=state.round,
        version=state.version + 1,
        name=command.name,
        kind=command.kind,
        each=command.each,
        grids=command.grids,
        groups=command.groups,
        times=command.times,
        per=command.per,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        by=context.actor.id,
        planned_at=context.now,
    )
    beside = {"version", "by", "planned_at"}
    same = state.plan is not None and (
        state.plan.model_dump(exclude=beside) == planned.model_dump(exclude=beside)
    )
    return [] if same else [planned]


def end_round(state: RoundState, command: EndRound, context: Context) -> Decision:
    """``round.ended``; ended at the same time already, it changes nothing.

    Raises NotFound, and Refused ``ends_before_it_begins``.
    """
    if state.plan is None:
        raise NotFound("no such round is planned")
    if state.plan.valid_to == command.valid_to:
        return []
    if command.valid_to <= state.plan.valid_from:
        raise Refused(
            f"the round begins at {state.plan.valid_from.isoformat()}: end it after that",
            code="ends_before_it_begins",
        )
    return [
        RoundEnded(
            round=state.round,
            valid_to=command.valid_to,
            by=context.actor.id,
            ended_at=context.now,
        )
    ]
