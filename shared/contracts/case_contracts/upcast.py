"""Reading what was written under an older version of an event.

A stored commit keeps its events as they were decided and is never rewritten; whoever reads
one calls ``upcast(type, data)`` first and sees only the newest version. ``catalogue.parse``
does so itself.
"""

from collections.abc import Mapping
from typing import Any

import case_contracts.events  # noqa: F401  (loading the modules fills UPCASTERS)
from case_contracts.events.upcasters import (
    UPCASTERS,
    BadEventType,
    Upcasters,
    split_type,
)

__all__ = [
    "UPCASTERS",
    "BadEventType",
    "Upcasters",
    "readable_types",
    "split_type",
    "upcast",
]


def upcast(event_type: str, data: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The newest type that ``event_type`` has become, and ``data`` in its terms; pure.

    What has no upcaster comes back as it is. Raises BadEventType for a text that is no type.
    """
    return UPCASTERS.upcast(event_type, data)


def readable_types(event_type: str) -> tuple[str, ...]:
    """``event_type`` and every older released type that becomes it.

    A subscriber binds all of them, so that it misses nothing while an owner's replicas of an
    older and a newer version run side by side.
    """
    return (*UPCASTERS.older_types(event_type), event_type)
