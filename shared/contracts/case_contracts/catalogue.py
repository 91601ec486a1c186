"""The catalogue: every event type, its owner, version, routing key, payload and example."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import case_contracts.events  # noqa: F401  (loading the modules fills SPECS)
from case_contracts.events.base import SPECS, EventData, EventSpec
from case_contracts.events.upcasters import UPCASTERS, BadEventType, Upcasters

CATALOGUE: Mapping[str, EventSpec] = MappingProxyType(SPECS)

OWNERS = ("registry", "intake", "dispatch", "joint", "assessment", "notification")


class UnknownEvent(LookupError):
    """The type is not in this version's catalogue."""


def spec_of(event_type: str) -> EventSpec:
    """The catalogue row of ``case.opened.v1``; raises UnknownEvent."""
    try:
        return SPECS[event_type]
    except KeyError:
        raise UnknownEvent(event_type) from None


def parse(
    event_type: str,
    data: Mapping[str, Any],
    *,
    specs: Mapping[str, EventSpec] = CATALOGUE,
    upcasters: Upcasters = UPCASTERS,
) -> EventData:
    """The typed payload, in the newest version's terms also where an older one was sent.

    ``specs`` and ``upcasters`` are the catalogue to read by, if not this package's own. Raises
    UnknownEvent or pydantic's ValidationError.
    """
    try:
        newest = upcasters.upcast_type(event_type)
    except BadEventType:
        raise UnknownEvent(event_type) from None
    if newest not in specs:
        raise UnknownEvent(event_type)
    _, current = upcasters.upcast(event_type, data)
    return specs[newest].model.model_validate(current)


def owned_by(owner: str) -> tuple[EventSpec, ...]:
    return tuple(spec for spec in SPECS.values() if spec.owner == owner)
