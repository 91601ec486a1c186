"""How payloads of an older version become payloads of a newer one.

An upcaster is written beside the payload class whose version it replaces, in the same change::

    @upcaster("case.opened", since=1)
    def opened_v2(data: Data) -> Data:
        return {**data, "priority": "normal"}

It takes what version 1 carried and returns what version 2 carries. It is pure: it asks no
clock, no store and no other event, so that a commit means the same whenever it is read.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]
Change = Callable[[Data], Data]


class BadEventType(ValueError):
    """The text is no event type; a type looks like ``case.opened.v1``."""


@dataclass(frozen=True)
class Upcaster:
    """One step: ``change`` turns data of the version it is kept under into ``to_version``'s."""

    to_version: int
    change: Change


def split_type(event_type: str) -> tuple[str, int]:
    """``case.opened.v1`` as ``("case.opened", 1)``; raises BadEventType."""
    name, separator, digits = event_type.rpartition(".v")
    if not (name and separator and digits.isascii() and digits.isdigit()):
        raise BadEventType(f"{event_type!r} is no event type; one looks like case.opened.v1")
    return name, int(digits)


@dataclass(frozen=True)
class Upcasters:
    """All steps, by event name and the version they start from."""

    steps: dict[tuple[str, int], Upcaster] = field(default_factory=dict)

    def register(
        self, name: str, *, since: int, to: int | None = None
    ) -> Callable[[Change], Change]:
        """Enter a step from version ``since`` to ``to`` (default: the next one)."""
        target = since + 1 if to is None else to

        def enter(change: Change) -> Change:
            if target <= since:
                raise ValueError(f"{name}: v{since} to v{target} is no step forward")
            if (name, since) in self.steps:
                raise ValueError(f"{name}.v{since} has an upcaster already")
            self.steps[name, since] = Upcaster(target, change)
            return change

        return enter

    def upcast(self, event_type: str, data: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The newest type that ``event_type`` has become, and ``data`` in its terms.

        Data of a type without an upcaster come back as they are, whether or not the catalogue
        knows the type. ``data`` itself is never changed. Raises BadEventType.
        """
        name, version = split_type(event_type)
        if (name, version) not in self.steps:
            return event_type, data
        current = deepcopy(dict(data))
        while step := self.steps.get((name, version)):
            version, current = step.to_version, step.change(current)
        return f"{name}.v{version}", current

    def older_types(self, event_type: str) -> tuple[str, ...]:
        """The released types, oldest first, that end up as ``event_type``."""
        name, _ = split_type(event_type)
        versions = sorted(since for known, since in self.steps if known == name)
        older = (f"{name}.v{version}" for version in versions)
        return tuple(old for old in older if self.upcast_type(old) == event_type)

    def upcast_type(self, event_type: str) -> str:
        """The newest type that ``event_type`` has become; raises BadEventType."""
        name, version = split_type(event_type)
        while step := self.steps.get((name, version)):
            version = step.to_version
        return f"{name}.v{version}"


UPCASTERS = Upcasters()
"""The steps between released versions. Empty as long as every event is at version 1."""

upcaster = UPCASTERS.register
