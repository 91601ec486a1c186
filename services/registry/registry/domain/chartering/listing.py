"""Charter entries as a list: what was in force, and what waits for approval."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterProposed
from registry.domain.chartering.proposals import Proposal, proposals
from registry.domain.charters import matching
from registry.domain.validation.leads import charter_spans


@dataclass(frozen=True)
class Row:
    """An entry; at least one of the two is there."""

    charter: str
    in_force: CharterGranted | None
    waits: Proposal | None


@dataclass(frozen=True)
class Wanted:
    """What is looked for; ``ground`` is a grid with all those above it."""

    department: str | None = None
    matter: str | None = None
    ground: Sequence[str] | None = None
    pending: bool | None = None

    def fits(self, entry: CharterGranted | CharterProposed | None) -> bool:
        return (
            entry is not None
            and self.department in (None, entry.department)
            and (self.matter is None or matching(entry.matters, self.matter) is not None)
            and (self.ground is None or entry.grid in self.ground)
        )


def rows(known: Mapping[str, Sequence[EventData]], when: datetime, wanted: Wanted) -> Iterator[Row]:
    """In the order of ids."""
    for aggregate, said in sorted(known.items()):
        spans = charter_spans({aggregate: said})
        in_force = next((span.data for span in spans if span.valid(when)), None)
        waits = next((p for p in reversed(proposals(said).values()) if p.pending), None)
        if wanted.pending is not None and wanted.pending is not (waits is not None):
            continue
        if wanted.fits(in_force) or (waits is not None and wanted.fits(waits.wanted)):
            yield Row(aggregate, in_force, waits)
