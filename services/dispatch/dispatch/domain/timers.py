"""When a case next needs attention by itself, and whose turn it is."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events.base import EventData
from dispatch.domain import timers_task
from dispatch.domain.evolve import evolve_all
from dispatch.domain.state import CaseState, Status
from dispatch.domain.succession import in_hands
from dispatch.domain.timer import Timer
from dispatch.domain.world import World

TIMERS: Sequence[Timer] = (*timers_task.TIMERS,)
"""All that happens though nobody does anything; of two due at once the first comes first."""


def next_due(state: CaseState) -> datetime | None:
    """The earliest time at which something happens though nobody does anything."""
    return min((at for _, at in _set(state)), default=None)


def fire(state: CaseState, world: World, now: datetime) -> list[EventData]:
    """All that is due by now, in the order of time; what one decides the next rests on."""
    happened: list[EventData] = []
    while due := [(at, timer) for timer, at in _set(state) if at <= now]:
        timer = min(due, key=lambda each: each[0])[1]
        decided = list(timer.fire(state, world, now))
        state = evolve_all(state, decided)
        happened += decided
    return happened


def _set(state: CaseState) -> list[tuple[Timer, datetime]]:
    if state.recorded:
        return []
    found = ((timer, timer.due(state)) for timer in TIMERS)
    return [(timer, at) for timer, at in found if at is not None]


def desk(state: CaseState) -> str | None:
    """Whose turn it is, as one word to look up by: ``department:…``, ``person:…`` or
    ``supervisor:<grid>``, and ``reopening:<grid>`` where a higher level is to say whether a
    closed case is opened again; None when it is closed."""
    if not state.is_open:
        return f"reopening:{state.grids[-1]}" if state.referred else None
    if state.status == Status.LAPSED:
        return f"supervisor:{state.grids[-1]}"
    party = in_hands(state)
    if party is None and state.status == Status.VERIFYING:
        return f"supervisor:{state.grids[-1]}"
    if party is None:
        return None
    return f"person:{party.person}" if party.person else f"{party.kind}:{party.id}"
