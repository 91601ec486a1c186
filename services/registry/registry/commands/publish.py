"""Make one thing be as a district's files say."""

from dataclasses import dataclass

from case_contracts.events.base import EventData
from registry.domain.changes import changes
from registry.domain.kinds import Kind
from registry.domain.record import Record
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class Publish:
    """The thing is to be like this. Nothing happens if that was already said."""

    data: EventData


def publish(kind: Kind, state: Record, command: Publish, context: Context) -> Decision:
    """Raises Unchangeable where a published version or the past would change."""
    return changes(kind, state.events(), command.data)
