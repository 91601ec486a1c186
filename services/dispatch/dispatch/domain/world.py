"""What dispatch knows of the district: standards, calendars, charters, people. Built from mirrors,
immutable while a batch is decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CalendarPublished,
    CharterGranted,
    CharterRevoked,
    Condition,
    GridPublished,
    MatterAdmitted,
    MatterWithdrawn,
    PostingEnded,
    PostingStarted,
    StandardPublished,
)
from case_contracts.values import Versioned
from service_kit.errors import NotYet
from service_kit.worktime import WorkCalendar

WORKER = "worker"
"""The role to which tasks go only when their matter is admitted (domain rule 8)."""


@dataclass(frozen=True)
class Policy:
    """Settings of the district for leases: how long a department may take to accept, and how
    long an acceptance lasts without a heartbeat."""

    accept: timedelta = timedelta(hours=4)
    lease: timedelta = timedelta(hours=4)
    reopen_window: timedelta = timedelta(days=15)


@dataclass(frozen=True)
class Standards:
    """Every published version of the standard, with its conditions by (matter, condition)."""

    conditions: Mapping[tuple[str, int], Mapping[tuple[str, str], Condition]]
    calendars: Mapping[tuple[str, int], Versioned]

    def condition(self, standard: Versioned, matter: str, condition: str) -> Condition:
        """The condition in the pinned version; NotYet while that version has not arrived."""
        version = self.conditions.get((standard.id, standard.version))
        if version is None:
            raise NotYet(f"standard {standard.id} version {standard.version} has not arrived")
        return version[(matter, condition)]

    def calendar(self, standard: Versioned) -> Versioned:
        return self.calendars[(standard.id, standard.version)]


def build_standards(events: Iterable[StandardPublished]) -> Standards:
    published = list(events)
    return Standards(
        {
            (e.standard, e.version): {(m.code, c.code): c for m in e.matters for c in m.conditions}
            for e in published
        },
        {(e.standard, e.version): e.calendar for e in published},
    )


def build_calendars(
    events: Iterable[CalendarPublished],
) -> Mapping[tuple[str, int], WorkCalendar]:
    return {(c.calendar, c.version): WorkCalendar.from_event(c) for c in events}


@dataclass(frozen=True)
class Charters:
    """Charter entries, and from when each is revoked."""

    granted: tuple[CharterGranted, ...] = ()
    revoked: Mapping[tuple[str, int], datetime] = field(default_factory=dict)

    def in_force(self, charter: CharterGranted, at: datetime) -> bool:
        end = self.revoked.get((charter.charter, charter.version)) or charter.valid_to
        return charter.valid_from <= at and (end is None or at < end)

    def holds(self, reference: Versioned, at: datetime) -> bool:
        """Whether the entry that a task relies on is in force."""
        return any(
            c.charter == reference.id and c.version == reference.version and self.in_force(c, at)
            for c in self.granted
        )

    def ended(self, at: datetime) -> list[CharterGranted]:
        return [c for c in self.granted if c.valid_from <= at and not self.in_force(c, at)]

    def covering(self, matter: str, grids: tuple[str, ...], at: datetime) -> list[CharterGranted]:
        """Entries in force for a matter on this ground (grid and all above it)."""
        return [
            c
            for c in self.granted
            if c.grid in grids
            and any(fnmatchcase(matter, p) for p in c.matters)
            and self.in_force(c, at)
        ]


def build_charters(events: Iterable[EventData]) -> Charters:
    events = list(events)
    return Charters(
        tuple(e for e in events if isinstance(e, CharterGranted)),
        {(e.charter, e.version): e.valid_to for e in events if isinstance(e, CharterRevoked)},
    )


@dataclass(frozen=True)
class Postings:
    """Who holds which post, by grid."""

    by_grid: Mapping[str, tuple[PostingStarted, ...]] = field(default_factory=dict)
    ended: Mapping[str, datetime] = field(default_factory=dict)

    def in_grid(self, grid: str, at: datetime) -> list[PostingStarted]:
        return [p for p in self.by_grid.get(grid, ()) if self._in_force(p, at)]

    def grids_of(self, person: str, at: datetime) -> set[str]:
        """The grids in which a person holds a post."""
        everything = (p for posts in self.by_grid.values() for p in posts)
        return {p.grid for p in everything if p.person == person and self._in_force(p, at)}

    def _in_force(self, posting: PostingStarted, at: datetime) -> bool:
        end = self.ended.get(posting.posting) or posting.valid_to
        return posting.valid_from <= at and (end is None or at < end)


def build_postings(events: Iterable[EventData]) -> Postings:
    events = list(events)
    by_grid: dict[str, list[PostingStarted]] = {}
    for e in events:
        if isinstance(e, PostingStarted):
            by_grid.setdefault(e.grid, []).append(e)
    return Postings(
        {g: tuple(sorted(ps, key=lambda p: p.posting)) for g, ps in by_grid.items()},
        {e.posting: e.valid_to for e in events if isinstance(e, PostingEnded)},
    )


@dataclass(frozen=True)
class Admissions:
    """Which matters grid workers may be sent (准入)."""

    admitted: tuple[MatterAdmitted, ...] = ()
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)

    def allows(self, matter: str, at: datetime) -> bool:
        end = self.withdrawn.get(matter)
        return any(
            a.matter == matter
            and a.valid_from <= at
            and (a.valid_to is None or at < a.valid_to)
            and (end is None or at < end)
            for a in self.admitted
        )


def build_admissions(events: Iterable[EventData]) -> Admissions:
    events = list(events)
    return Admissions(
        tuple(e for e in events if isinstance(e, MatterAdmitted)),
        {e.matter: e.valid_to for e in events if isinstance(e, MatterWithdrawn)},
    )


def build_paths(events: Iterable[EventData]) -> Mapping[str, tuple[str, ...]]:
    """Grid to the grids above it, from the top down."""
    return {e.grid: e.path for e in events if isinstance(e, GridPublished)}


@dataclass(frozen=True)
class World:
    """Everything together, as ``Context.world``."""

    standards: Standards
    calendars: Mapping[tuple[str, int], WorkCalendar]
    charters: Charters
    postings: Postings
    admissions: Admissions
    paths: Mapping[str, tuple[str, ...]]
    policy: Policy

    def calendar(self, reference: Versioned) -> WorkCalendar:
        found = self.calendars.get((reference.id, reference.version))
        if found is None:
            raise NotYet(f"calendar {reference.id} version {reference.version} has not arrived")
        return found
