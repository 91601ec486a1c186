"""What a decision did, held against the rows of its command."""

from collections.abc import Iterator, Sequence

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.commands.aggregate import STEPS
from dispatch.domain.state import CaseState
from dispatch.domain.step import Does, Effect, Step

DOES: dict[type[EventData], Does] = {
    events.ClockStarted: Does.STARTS,
    events.ClockStopped: Does.STOPS,
    events.ClockPaused: Does.PAUSES,
    events.ClockResumed: Does.RESUMES,
    events.ClockExtended: Does.EXTENDS,
}


def rows_of(command: object) -> tuple[Step, ...]:
    """Of a department's command the row of what it says."""
    rows = STEPS[type(command)]
    said = getattr(command, "step", None)
    return tuple(row for row in rows if said in (None, row.name))


def strays(
    command: object, before: CaseState, after: CaseState, happened: Sequence[EventData]
) -> list[str]:
    """Everything in which the decision went beyond the rows; each says what to do."""
    rows = [row for row in rows_of(command) if before.status in row.sources]
    names = ", ".join(row.name for row in rows_of(command))
    if not happened or all(isinstance(e, events.CommandRefused) for e in happened):
        return []
    if not rows:
        return [f"{names}: something was decided in {before.status}, no row's source: add it"]
    found = []
    if not any(after.status in row.leads(before.status) for row in rows):
        found.append(f"{names}: led from {before.status} to {after.status}: add it to the targets")
    named = {effect for row in rows for effect in row.clocks}
    beyond = [effect for effect in touched(happened) if effect not in named]
    return found + [
        f"{names}: {e.does} clock {e.clock}: add it to the row's clocks" for e in beyond
    ]


def touched(happened: Sequence[EventData]) -> Iterator[Effect]:
    for event in happened:
        if (does := DOES.get(type(event))) is not None:
            clock: str = getattr(event, "clock")  # noqa: B009  # all five have it
            yield Effect(ClockKind(clock.split(":")[0]), does)
