"""What a timer of a case is, as data: when it is due, and what is decided then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from dispatch.domain.state import CaseState
from dispatch.domain.world import World


@dataclass(frozen=True)
class Timer:
    """``due`` from the state alone, None while it is not set; ``fire`` what is decided, of which
    something must make it due no longer. ``now`` is when it is looked at, never earlier than
    due: the events carry the exact time."""

    name: str
    due: Callable[[CaseState], datetime | None]
    fire: Callable[[CaseState, World, datetime], Sequence[EventData]]
