"""One thing of the registry: a grid, a posting, a charter..."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from case_contracts.events.base import EventData
from registry.domain.kinds import Kind
from registry.domain.record import Record
from service_kit.store.model import Context, Decision

FOUND_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "posting": {"grids": ("grid",), "persons": ("person",)},
    "secondment": {"grids": ("grid",), "persons": ("person",), "departments": ("department",)},
    "contact_group": {"grids": ("grid",), "persons": ("person",)},
    "handover": {"persons": ("from_person", "to_person")},
}
"""By kind, the fields of a view and what of the payloads is in them."""

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
        """People's things are looked up by every grid, person and department they had; the rest
        by id or as a whole."""
        looked_up = FOUND_BY.get(self.kind, {})
        payloads = [said.data for said in state.said]
        return {name: _all(payloads, fields) for name, fields in looked_up.items()}


def _all(payloads: Iterable[Mapping[str, Any]], fields: Iterable[str]) -> list[str]:
    return sorted({data[field] for data in payloads for field in fields if field in data})
