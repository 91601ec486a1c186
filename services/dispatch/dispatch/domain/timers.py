"""When a case next needs attention by itself, and whose turn it is."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain import (
    timers_answer,
    timers_rulings,
    timers_supervision,
    timers_task,
    timers_time,
    timers_verification,
)
from dispatch.domain.escalation import supervising_grid
from dispatch.domain.evolve import evolve_all
from dispatch.domain.state import CaseState, Status
from dispatch.domain.succession import in_hands
from dispatch.domain.supervising import followed
from dispatch.domain.timer import Timer
from dispatch.domain.world import World

TIMERS: Sequence[Timer] = (
    *timers_task.TIMERS,
    *timers_time.TIMERS,
    *timers_rulings.TIMERS,
    *timers_supervision.TIMERS,
    *timers_verification.TIMERS,
    *timers_answer.TIMERS,
)
"""All that happens though nobody does anything; of two due at once the first comes first."""

MOST_AT_ONCE = 2000
"""Events of one case; a year of slips that nobody answers makes some hundreds."""


def next_due(state: CaseState) -> datetime | None:
    """The earliest time at which something happens though nobody does anything."""
    return min((at for _, at in _set(state)), default=None)


def coming(state: CaseState) -> list[tuple[str, datetime]]:
    """All that will happen though nobody does anything, by the timers' names, the next first."""
    return sorted(((timer.name, at) for timer, at in _set(state)), key=lambda each: each[1])


def fire(state: CaseState, world: World, now: datetime) -> list[EventData]:
    """All that is due by now, in the order of time; what one decides the next rests on.

    Raises RuntimeError where one is due again for ever: a fault, of which nothing is written.
    """
    happened: list[EventData] = []
    while due := [(at, timer) for timer, at in _set(state) if at <= now]:
        timer = min(due, key=lambda each: each[0])[1]
        if len(happened) > MOST_AT_ONCE:
            raise RuntimeError(f"case {state.case}: the timer {timer.name} does not come to an end")
        decided = followed(state, timer.fire(state, world, now), world)
        state = evolve_all(state, decided)
        happened += decided
    return happened


def _set(state: CaseState) -> list[tuple[Timer, datetime]]:
    if state.recorded:
        return []
    found = ((timer, timer.due(state)) for timer in TIMERS)
    return [(timer, at) for timer, at in found if at is not None]


def desk(state: CaseState) -> str | None:
    """Whose turn it is, as one word to look up by: ``department:…``, ``person:…``,
    ``supervisor:<grid>`` or ``arbiter:<grid>``; of a case that has ended ``reopening:<grid>`` where
    a higher level is to say whether it is opened again, and ``answers:<grid>`` while its
    reporters wait for their answer; None where nothing waits."""
    if not state.is_open:
        return _after_the_end(state)
    if state.status == Status.LAPSED:
        return f"supervisor:{supervising_grid(state)}"
    party = in_hands(state)
    if party is None and state.status == Status.VERIFYING:
        return f"supervisor:{state.watch.grid if state.watch else state.grids[-1]}"
    if party is None and state.status == Status.RULING:
        return f"arbiter:{state.grids[-1]}"
    if party is None:
        return None
    return f"person:{party.person}" if party.person else f"{party.kind}:{party.id}"


def _after_the_end(state: CaseState) -> str | None:
    if state.referred:
        return f"reopening:{state.grids[-1]}"
    return f"answers:{state.grids[-1]}" if state.running(ClockKind.ANSWER) else None
