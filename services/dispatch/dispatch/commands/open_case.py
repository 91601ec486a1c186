"""A filed case arrives: dispatch takes it up and hands it to whoever is responsible."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.intake import CaseOpened
from dispatch.commands.import_history import as_recorded
from dispatch.domain.clocks import start_clock, wait_for_owner
from dispatch.domain.emergency import call_out
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.routing import Route, placer_for, route
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, Does, Step, Who, effects, text
from dispatch.domain.steps import assign, condition_of
from dispatch.domain.world import World
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class OpenCase:
    """Take up a case as intake filed it."""

    filed: CaseOpened


STEP = Step(
    "open_case",
    text("立案", "take up the case"),
    sources=frozenset({Status.UNKNOWN}),
    targets=frozenset({Status.UNPLACED, Status.ASSIGNED, Status.CLOSED}),
    who=frozenset({Who.INTAKE}),
    clocks=(
        *effects(Does.STARTS, ClockKind.CASE, ClockKind.DISPATCH),
        *ASSIGNS,
        *effects(Does.STOPS, ClockKind.HANDLE, ClockKind.CASE),
    ),
    quiet=True,
)
"""Closed at once where a city's past is brought along."""


def decide(state: CaseState, command: OpenCase, context: Context) -> Decision:
    world: World = context.world
    filed = command.filed
    received = _received(state, filed, world, context)
    state = evolve(state, received)
    clock = start_clock(
        state, world, ClockKind.CASE, filed.reported_at, None, condition_of(state, world).handle
    )
    state = evolve(state, clock)
    if filed.recorded is not None:
        return as_recorded(state, [received, clock], filed, context)
    if state.placer is not None:
        waits = wait_for_owner(state, world, context.now, state.placer)
        return [received, clock, *waits]
    return [received, clock, *hand_over(state, world, context)]


def hand_over(state: CaseState, world: World, context: Context) -> list[EventData]:
    """Route the case and assign its task; in an emergency everybody on duty is told at once."""
    found = route(state, world, context.now)
    alerted, why = call_out(state, world, context.now)
    chosen = Route(found.handler, found.charter, (*found.reasons, *why))
    return [*assign(state, world, context.now, chosen, context.new_id("task")), *alerted]


def _received(
    state: CaseState, filed: CaseOpened, world: World, context: Context
) -> events.CaseReceived:
    world.standards.condition(filed.standard, filed.matter, filed.condition)
    received = events.CaseReceived(
        case=filed.case,
        report=filed.report,
        matter=filed.matter,
        condition=filed.condition,
        grid=filed.grid,
        grid_path=filed.grid_path,
        located=filed.located,
        standard=filed.standard,
        calendar=world.standards.calendar(filed.standard),
        reported_at=filed.reported_at,
        about=filed.about,
        by=filed.by,
        receiver=filed.receiver,
        recorded=filed.recorded is not None,
    )
    if filed.located or filed.recorded is not None:
        return received
    placer = placer_for(evolve_all(state, [received]), world, context.now)
    return received.model_copy(update={"placer": placer})
