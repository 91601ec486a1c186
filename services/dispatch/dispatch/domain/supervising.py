"""What the rules for supervision say to what happens: slips, and a level up. Decided in the same
commit as what they follow from, with its exact time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.values import Party
from dispatch.domain.escalation import escalated, next_watch
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.slips import by_rule, triggers
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from service_kit.store.model import Occurred

E = TypeVar("E", bound=EventData | Occurred)

WHEN: Mapping[type[EventData], Callable[[Any], datetime]] = {
    events.TaskNearDue: lambda e: e.near_at,
    events.TaskLapsed: lambda e: e.lapsed_at,
    events.TaskOverdue: lambda e: e.due_at,
    events.TaskTwiceOverdue: lambda e: e.twice_at,
    events.VerificationFailed: lambda e: e.verified_at,
    events.SlipOverdue: lambda e: e.answer_by,
}
"""What supervision looks at, and when it happened."""


def followed(state: CaseState, happened: Sequence[E], world: World) -> list[E | EventData]:
    """``happened`` to a case in ``state``, each event with what follows from it by the rules."""
    all_of_it: list[E | EventData] = []
    for each in happened:
        event = each.data if isinstance(each, Occurred) else each
        state = evolve(state, event)
        further = _follows(state, event, world)
        state = evolve_all(state, further)
        all_of_it += [each, *further]
    return all_of_it


def _follows(state: CaseState, event: EventData, world: World) -> list[EventData]:
    when = WHEN.get(type(event))
    if when is None or state.task is None or state.recorded or not state.is_open:
        return []
    at, to = when(event), _to(event, state.task.handler)
    found: list[EventData] = []
    met = triggers(state, event, world)
    for trigger in met:
        slip = by_rule(state, world, at, trigger, to)
        if slip is not None:
            state = evolve(state, slip)
            found.append(slip)
    up = next((t for t in met if t in world.supervision.rules.escalate), None)
    watch = next_watch(state, world, at) if up is not None else None
    if up is not None and watch is not None:
        found.append(escalated(state, at, watch, up))
    return found


def _to(event: EventData, handler: Party) -> Party:
    """A slip that follows from one that was not answered goes to whom that went to."""
    return event.to if isinstance(event, events.SlipOverdue) else handler
