"""Say of one thing what a change, decided as a whole, says of it."""

from dataclasses import dataclass

from case_contracts.events.base import EventData
from registry.domain.kinds import Kind
from registry.domain.record import Record
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class Say:
    """The step of a decided change. Nothing is left to decide: the ledger let nothing between."""

    events: tuple[EventData, ...]


def say(kind: Kind, state: Record, command: Say, context: Context) -> Decision:
    return command.events
