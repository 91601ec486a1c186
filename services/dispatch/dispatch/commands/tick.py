"""A timer has run out: what becomes of it. The times in the events are exact, however late it
fires."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.dispatch import ClockKind
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import OPEN, WORK, Does, Step, Who, effects, text
from dispatch.domain.timers import fire
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Tick:
    """Look at the case's timers; ``at`` is the time for which it was set."""

    at: datetime


_TIMER = frozenset({Who.TIMER})
_LOOKED_AT = OPEN | {Status.CLOSED}
STEPS = (
    Step(
        "lapse",
        text("租约失效", "let the lease lapse"),
        frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        frozenset({Status.LAPSED}),
        _TIMER,
        quiet=True,
    ),
    Step(
        "end_pause",
        text("挂账到期", "let time run again at the end of a pause"),
        WORK,
        WORK,
        _TIMER,
        clocks=effects(Does.RESUMES, ClockKind.HANDLE, ClockKind.CASE),
        quiet=True,
    ),
    Step(
        "ask_higher_arbiter",
        text("裁定逾期上提", "ask the next level where a ruling is late"),
        frozenset({Status.RULING}),
        frozenset({Status.RULING}),
        _TIMER,
        clocks=(
            *effects(Does.STOPS, ClockKind.DISPATCH),
            *effects(Does.STARTS, ClockKind.DISPATCH),
        ),
        quiet=True,
    ),
    Step(
        "ask_higher_verifier",
        text("核实逾期上提", "ask somebody further up where the check is late"),
        frozenset({Status.VERIFYING}),
        frozenset({Status.VERIFYING}),
        _TIMER,
        clocks=(*effects(Does.STOPS, ClockKind.VERIFY), *effects(Does.STARTS, ClockKind.VERIFY)),
        quiet=True,
    ),
    Step(
        "remind",
        text("到点提醒", "tell what is due"),
        _LOOKED_AT,
        _LOOKED_AT,
        _TIMER,
        quiet=True,
    ),
)


def decide(state: CaseState, command: Tick, context: Context) -> Decision:
    return fire(state, context.world, context.now)
