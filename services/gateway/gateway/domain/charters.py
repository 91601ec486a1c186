"""Which charter entries hold: looked at again whenever a task's words are about to go out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterRevoked
from case_contracts.values import Versioned

Key = tuple[str, int]


@dataclass(frozen=True)
class Charters:
    """Validity ``[from, to)`` of each version of each entry, and when it was revoked."""

    granted: dict[Key, tuple[datetime, datetime | None]] = field(default_factory=dict)
    revoked: dict[Key, datetime] = field(default_factory=dict)

    def known(self, charter: Versioned) -> bool:
        """Whether the entry has reached us at all."""
        return (charter.id, charter.version) in self.granted

    def holds(self, charter: Versioned, at: datetime) -> bool:
        """Whether the entry gives its department any right at that time."""
        key = (charter.id, charter.version)
        since, until = self.granted[key]
        ends = [end for end in (until, self.revoked.get(key)) if end is not None]
        return since <= at and all(at < end for end in ends)


def build_charters(events: Iterable[EventData]) -> Charters:
    """From what the registry has published, in any order."""
    charters = Charters()
    for event in events:
        if isinstance(event, CharterGranted):
            validity = (event.valid_from, event.valid_to)
            charters.granted[(event.charter, event.version)] = validity
        elif isinstance(event, CharterRevoked):
            charters.revoked[(event.charter, event.version)] = event.valid_to
    return charters


@dataclass(frozen=True)
class World:
    """What the gateway's decisions need of other services."""

    charters: Charters = field(default_factory=Charters)
