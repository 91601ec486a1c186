"""One thing of the registry: a grid, a posting, a charter..."""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.events.base import EventData
from registry.domain.kinds import Kind
from registry.domain.record import Record
from service_kit.store.model import Context, Decision

Decide = Callable[[Kind, Record, Any, Context], Decision]


class RegistryAggregate:
    """All kinds are written alike: ``decisions`` says which command does what."""

    schema = 1
    state = Record

    def __init__(self, kind: Kind, decisions: Mapping[type[Any], Decide]) -> None:
        self.kind = kind.name
        self._kind, self._decisions = kind, decisions

    def initial(self, aggregate: str) -> Record:
        return Record()

    def evolve(self, state: Record, event: EventData) -> Record:
        return state.after(event)

    def decide(self, state: Record, command: Any, context: Context) -> Decision:
        return self._decisions[type(command)](self._kind, state, command, context)

    def fields(self, state: Record) -> Mapping[str, Any]:
        """Postings are looked up by every grid and person they had; the rest by id or whole."""
        if self.kind != "posting":
            return {}
        started = [said.data for said in state.said if "person" in said.data]
        return {
            "grids": sorted({each["grid"] for each in started}),
            "persons": sorted({each["person"] for each in started}),
        }
