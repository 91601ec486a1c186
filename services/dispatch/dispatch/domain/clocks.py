"""Starting and stopping the clocks of a case: each start is a new segment of the ledger."""

from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Limit, Party
from dispatch.domain.case_parts import Clock
from dispatch.domain.course import ends_of
from dispatch.domain.state import CaseState
from dispatch.domain.world import World


def start_clock(
    state: CaseState, world: World, kind: ClockKind, at: datetime, party: Party | None,
    limit: Limit | None,
) -> events.ClockStarted:  # fmt: skip
    """A new segment of the ledger, with its deadlines under the case's pinned calendar."""
    assert state.standard is not None
    assert state.calendar is not None
    number = sum(1 for c in state.clocks if c.kind == kind) + 1
    clock = Clock(
        id=f"{kind}:{number}", kind=kind, party=party, started_at=at, limit=limit, due_at=None
    )
    ends = ends_of(clock, world.calendar(state.calendar), world.supervision.rules.near_share)
    return events.ClockStarted(
        case=state.case,
        clock=clock.id,
        kind=kind,
        party=party,
        started_at=at,
        limit=limit,
        due_at=ends.due_at,
        near_at=ends.near_at,
        twice_at=ends.twice_at,
        standard=state.standard,
        calendar=state.calendar,
    )


def stop_clock(
    state: CaseState, kind: ClockKind, at: datetime, reason: str
) -> list[events.ClockStopped]:
    running = state.running(kind)
    if running is None:
        return []
    return [events.ClockStopped(case=state.case, clock=running.id, stopped_at=at, reason=reason)]


def wait_for_owner(
    state: CaseState, world: World, at: datetime, party: Party | None
) -> list[EventData]:
    """Nobody has the task: the clock of handing on runs until somebody is assigned. ``party`` is
    who is to see to it: the placer, the arbiter."""
    limit = world.supervision.rules.dispatch_limit
    return [start_clock(state, world, ClockKind.DISPATCH, at, party, limit)]


def start_answer(
    state: CaseState, world: World, at: datetime, party: Party | None
) -> events.ClockStarted:
    """The reporters wait for their answer from now on."""
    return start_clock(
        state, world, ClockKind.ANSWER, at, party, world.supervision.rules.answer_limit
    )
