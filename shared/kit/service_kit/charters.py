"""Charter entries as others have published them: who has which right when, by what stands now.

An entry's later versions take the place of earlier ones from their ``valid_from`` on, and a
revocation ends all of it; events may come in any order and are read by their sequence.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterRevoked
from case_contracts.values import Versioned
from service_kit.matters import matches
from service_kit.validity import END, Span, overlay

Entry = Span[CharterGranted]


def fits(charter: CharterGranted, matter: str) -> bool:
    """Whether one of its shell-style patterns fits ``class/category/item``."""
    return matches(matter, charter.matters)


@dataclass(frozen=True)
class Charters:
    """``granted`` are all versions that have arrived, ``standing`` what stands of each entry;
    ``by_grid`` and ``departments`` are what any version of an entry has named, ``changes`` the
    times at which one begins or ends, in order."""

    granted: Mapping[tuple[str, int], CharterGranted] = field(default_factory=dict)
    standing: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    by_grid: Mapping[str, Sequence[str]] = field(default_factory=dict)
    departments: Mapping[str, frozenset[str]] = field(default_factory=dict)
    changes: Sequence[datetime] = ()

    def known(self, reference: Versioned) -> bool:
        """Whether this version has reached us at all."""
        return (reference.id, reference.version) in self.granted

    def at(self, entry: str, when: datetime) -> CharterGranted | None:
        """The version of an entry that is in force; None where none is."""
        return next((s.data for s in self.standing.get(entry, ()) if s.valid(when)), None)

    def holds(self, reference: Versioned, when: datetime, matter: str | None = None) -> bool:
        """Whether who got a task by this version has the right to it (still, or by now).

        A later version leaves the right alone as long as it gives the same department the same
        role on the same ground, and covers the task's ``matter``.
        """
        given = self.granted.get((reference.id, reference.version))
        now = self.at(reference.id, when)
        if given is None or now is None:
            return False
        same = (now.department, now.role, now.grid) == (given.department, given.role, given.grid)
        return same and (matter is None or fits(now, matter))

    def next_change(self, after: datetime) -> datetime:
        """The next time at which an entry begins or ends; END where none does."""
        found = bisect_right(self.changes, after)
        return self.changes[found] if found < len(self.changes) else END

    def covering(self, matter: str, grids: Iterable[str], when: datetime) -> list[CharterGranted]:
        """The versions in force for a matter on this ground (a grid and all above it)."""
        entries = {entry for grid in grids for entry in self.by_grid.get(grid, ())}
        standing = (self.at(entry, when) for entry in sorted(entries))
        ground = set(grids)
        return [c for c in standing if c is not None and c.grid in ground and fits(c, matter)]


def build_charters(events: Iterable[EventData]) -> Charters:
    """From what has arrived of the registry's events, each entry's in the order of sequence."""
    said: dict[str, list[CharterGranted | CharterRevoked]] = defaultdict(list)
    granted: dict[tuple[str, int], CharterGranted] = {}
    by_grid: dict[str, list[str]] = defaultdict(list)
    departments: dict[str, frozenset[str]] = {}
    for event in events:
        if isinstance(event, CharterGranted | CharterRevoked):
            said[event.charter].append(event)
        if isinstance(event, CharterGranted):
            granted[event.charter, event.version] = event
            by_grid[event.grid].append(event.charter)
            before = departments.get(event.charter, frozenset())
            departments[event.charter] = before | {event.department}
    standing = {entry: overlay(map(_decision, of_entry)) for entry, of_entry in said.items()}
    spans = [span for of_entry in standing.values() for span in of_entry]
    changes = sorted({at for span in spans for at in (span.start, span.end)})
    return Charters(granted, standing, by_grid, departments, changes)


def _decision(
    event: CharterGranted | CharterRevoked,
) -> tuple[CharterGranted | None, datetime, datetime]:
    if isinstance(event, CharterRevoked):
        return None, event.valid_to, END
    return event, event.valid_from, event.valid_to or END
