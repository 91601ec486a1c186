"""The order of a district's changes: one aggregate through which every change that must agree
with others (two leads, a grid's ground, one accountable person) is decided, one after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from case_contracts.events.base import EventData
from case_contracts.events.registry import ChangeApplied, ChangeDecided
from service_kit.errors import Refused
from service_kit.store.model import Context, Decision

KIND = "ledger"


def ledger_of(district: str) -> str:
    return f"{KIND}:{district}"


@dataclass(frozen=True)
class DecideChange:
    """A change that was planned on what stood after change no. ``after``."""

    change: str
    after: int
    kind: str
    about: tuple[str, ...]
    steps: int
    digest: str
    valid_from: datetime | None = None


@dataclass(frozen=True)
class FinishChange:
    """Everything that follows from the change is published."""

    change: str


class LedgerState(BaseModel):
    """``number`` of the last change decided; ``open``, while what follows is being published, and
    the ``digest`` of its steps."""

    number: int = 0
    open: str | None = None
    digest: str = ""


class Ledger:
    """At most one change is under way: the next is decided when the one before is applied."""

    kind, schema, state = KIND, 2, LedgerState

    def initial(self, aggregate: str) -> LedgerState:
        return LedgerState()

    def evolve(self, state: LedgerState, event: EventData) -> LedgerState:
        if isinstance(event, ChangeDecided):
            return LedgerState(number=event.number, open=event.change, digest=event.digest)
        return LedgerState(number=state.number)

    def decide(self, state: LedgerState, command: Any, context: Context) -> Decision:
        decision = _finish if isinstance(command, FinishChange) else _decide
        return decision(state, command)

    def fields(self, state: LedgerState) -> Mapping[str, Any]:
        return {}


def _decide(state: LedgerState, command: DecideChange) -> Decision:
    if state.number != command.after or state.open is not None:
        raise Refused("something else was changed meanwhile", code="changed_meanwhile")
    return [
        ChangeDecided(
            change=command.change,
            number=state.number + 1,
            kind=command.kind,
            about=command.about,
            steps=command.steps,
            digest=command.digest,
            valid_from=command.valid_from,
        )
    ]


def _finish(state: LedgerState, command: FinishChange) -> Decision:
    if state.open != command.change:
        return []
    return [ChangeApplied(change=command.change, number=state.number)]
