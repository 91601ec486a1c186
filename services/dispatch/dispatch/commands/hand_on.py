"""What lies in the hands of a post that has ended goes to whoever answers for it now."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Party, Text
from dispatch.domain.clocks import stop_clock, wait_for_owner
from dispatch.domain.evolve import evolve_all
from dispatch.domain.rulings import ask_another
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, REVOKES, WORK, Does, Effect, Step, Who, effects, text
from dispatch.domain.steps import ask_verifier, assign, revoke
from dispatch.domain.succession import (
    ENDED,
    arbiter_after,
    left_behind,
    next_handler,
    next_placer,
    next_verifier,
)
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class HandOn:
    """A sweep found the case with somebody who may hold the post no longer."""


def _hand_on(
    name: str, label: Text, sources: frozenset[Status], target: Status, clocks: tuple[Effect, ...]
) -> Step:
    timer = frozenset({Who.TIMER})
    return Step(name, label, sources, frozenset({target}), timer, clocks=clocks, quiet=True)


STEPS = (
    _hand_on(
        "hand_on_task",
        text("离岗移交任务", "hand on the task of a post that ended"),
        WORK,
        Status.ASSIGNED,
        (*REVOKES, *ASSIGNS),
    ),
    _hand_on(
        "hand_on_verification",
        text("离岗移交核实", "hand on the check of a post that ended"),
        frozenset({Status.VERIFYING}),
        Status.VERIFYING,
        (*effects(Does.STOPS, ClockKind.VERIFY), *effects(Does.STARTS, ClockKind.VERIFY)),
    ),
    _hand_on(
        "hand_on_placing",
        text("离岗移交定位", "hand on the placing of a post that ended"),
        frozenset({Status.UNPLACED}),
        Status.UNPLACED,
        (*effects(Does.STOPS, ClockKind.DISPATCH), *effects(Does.STARTS, ClockKind.DISPATCH)),
    ),
    _hand_on(
        "hand_on_ruling",
        text("离岗移交裁定", "hand on the ruling of a post that ended"),
        frozenset({Status.RULING}),
        Status.RULING,
        (*effects(Does.STOPS, ClockKind.DISPATCH), *effects(Does.STARTS, ClockKind.DISPATCH)),
    ),
)


def decide(state: CaseState, command: HandOn, context: Context) -> Decision:
    """Nothing changes where its post-holder is in office, or it is nobody's."""
    before = left_behind(state, context.world, context.now)
    if before is None:
        return []
    hand_on = {
        Status.VERIFYING: _verification,
        Status.UNPLACED: _placing,
        Status.RULING: _ruling,
    }
    return hand_on.get(state.status, _task)(state, before, context)


def _task(state: CaseState, before: Party, context: Context) -> list[EventData]:
    assert state.task is not None
    taken = revoke(state, context.world, context.now, ENDED)
    after = evolve_all(state, taken)
    chosen = next_handler(after, context.world, context.now, before)
    return [*taken, *assign(after, context.world, context.now, chosen, state.task.id)]


def _verification(state: CaseState, before: Party, context: Context) -> list[EventData]:
    stopped: list[EventData] = [*stop_clock(state, ClockKind.VERIFY, context.now, ENDED)]
    after = evolve_all(state, stopped)
    verifier = next_verifier(after, context.world, context.now, before)
    return [*stopped, *ask_verifier(after, context.world, context.now, verifier)]


def _ruling(state: CaseState, before: Party, context: Context) -> list[EventData]:
    arbiter = arbiter_after(state, context.world, context.now, before)
    return ask_another(state, context.world, context.now, arbiter, ENDED)


def _placing(state: CaseState, before: Party, context: Context) -> list[EventData]:
    world, now = context.world, context.now
    placer = next_placer(state, world, now, before)
    asked = events.PlacingRequested(case=state.case, placer=placer, requested_at=now)
    stopped = stop_clock(state, ClockKind.DISPATCH, now, ENDED)
    after = evolve_all(state, [*stopped])
    return [asked, *stopped, *wait_for_owner(after, world, now, placer)]
