"""Who is in the field: post-holders with their shifts, and who visits which contact group."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CalendarPublished,
    ContactGroupDissolved,
    ContactGroupFormed,
    DistrictPublished,
)
from service_kit.postings import Postings
from service_kit.validity import END, Span, overlay

GroupSpan = Span[ContactGroupFormed]


@dataclass(frozen=True)
class Groups:
    """Contact groups as they stood over time."""

    by_group: Mapping[str, Sequence[GroupSpan]] = field(default_factory=dict)

    @classmethod
    def build(cls, events: Iterable[EventData]) -> "Groups":
        """``events`` of one group are in their order."""
        said: dict[str, list[ContactGroupFormed | ContactGroupDissolved]] = defaultdict(list)
        for event in events:
            if isinstance(event, ContactGroupFormed | ContactGroupDissolved):
                said[event.group].append(event)
        return cls({group: overlay(map(_formed, events)) for group, events in said.items()})

    def at(self, group: str, when: datetime) -> ContactGroupFormed | None:
        """The group as it stood."""
        spans = self.by_group.get(group, ())
        return next((span.data for span in spans if span.valid(when)), None)

    def valid(self, when: datetime) -> Iterator[ContactGroupFormed]:
        """All groups that stood, by their ids."""
        for group in sorted(self.by_group):
            if (found := self.at(group, when)) is not None:
                yield found

    def since(self, group: str) -> datetime:
        """When it was first formed; another contact does not make it a new one."""
        return min(span.start for span in self.by_group[group])


class Calendars:
    """The zones of the district's calendars, which shifts are in."""

    def __init__(self, published: Iterable[CalendarPublished] = ()) -> None:
        self._published = tuple(published)

    def zone(self, district: DistrictPublished, at: datetime) -> ZoneInfo:
        """Of the newest version in force of the district's calendar; else the district's own."""
        own = [
            each
            for each in self._published
            if each.calendar == district.calendar and each.valid_from <= at
        ]
        newest = max(own, key=lambda each: each.version, default=None)
        return ZoneInfo(newest.zone if newest else district.zone)


@dataclass(frozen=True)
class Field:
    """An immutable snapshot of what the registry has published about people in the field.

    The posts are those of the world."""

    postings: Postings = field(default_factory=Postings)
    groups: Groups = field(default_factory=Groups)
    calendars: Calendars = field(default_factory=Calendars)


def accountable(postings: Postings, grid: str, at: datetime) -> tuple[str, ...]:
    """Who answered for the grid."""
    return tuple(sorted({p.person for p in postings.in_grid(grid, at) if p.accountable}))


def _formed(
    event: ContactGroupFormed | ContactGroupDissolved,
) -> tuple[ContactGroupFormed | None, datetime, datetime]:
    if isinstance(event, ContactGroupDissolved):
        return None, event.valid_to, END
    return event, event.valid_from, event.valid_to or END
