"""What every event payload is, and the decorator that enters it into the catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from case_contracts.values import Value


class EventData(Value):
    """The ``data`` of an event: a fact, decided by its one owner. Subclasses set ``EXAMPLE``."""

    SPEC: ClassVar["EventSpec"]
    EXAMPLE: ClassVar[dict[str, Any]]


@dataclass(frozen=True)
class EventSpec:
    """One row of the catalogue."""

    name: str
    version: int
    owner: str
    aggregate: str
    meaning: str
    model: type[EventData]

    @property
    def type(self) -> str:
        return f"{self.name}.v{self.version}"

    @property
    def routing_key(self) -> str:
        return f"{self.owner}.{self.type}"

    @property
    def dataschema(self) -> str:
        return f"urn:civicgrid:schema:{self.type}"


SPECS: dict[str, EventSpec] = {}
"""Event type (``case.opened.v1``) to its catalogue row, filled as the event modules load."""

E = TypeVar("E", bound=EventData)


def event(
    name: str,
    *,
    owner: str,
    aggregate: str,
    version: int = 1,
    specs: dict[str, EventSpec] = SPECS,
) -> Callable[[type[E]], type[E]]:
    """Enter a payload class into a catalogue under its owner; its docstring is its meaning."""

    def register(model: type[E]) -> type[E]:
        meaning = " ".join((model.__doc__ or "").split())
        spec = EventSpec(name, version, owner, aggregate, meaning, model)
        if spec.type in specs:
            raise ValueError(f"{spec.type} is already in the catalogue")
        if not meaning:
            raise ValueError(f"{spec.type} says nothing about its meaning")
        model.SPEC = spec
        specs[spec.type] = spec
        return model

    return register
