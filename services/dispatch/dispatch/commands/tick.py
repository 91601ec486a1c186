"""A timer has run out: what becomes of it. The times in the events are exact, however late it
fires."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.state import CaseState
from dispatch.domain.timers import fire
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Tick:
    """Look at the case's timers; ``at`` is the time for which it was set."""

    at: datetime


def decide(state: CaseState, command: Tick, context: Context) -> Decision:
    return fire(state, context.world, context.now)
