"""What dispatch knows of the district: standards, calendars, charters, people. Built from mirrors,
immutable while a batch is decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from case_contracts.events.registry import (
    CalendarPublished,
    Condition,
    StandardPublished,
)
from case_contracts.values import About, Versioned
from dispatch.domain.admissions import Admissions
from dispatch.domain.knowledge import Knowledge
from dispatch.domain.supervision import Supervision
from dispatch.domain.territory import Territory
from service_kit.charters import Charters
from service_kit.conflict import Conflict
from service_kit.errors import NotYet
from service_kit.postings import Postings
from service_kit.ties import Portfolios, Secondments, Ties
from service_kit.worktime import WorkCalendar

WORKER = "worker"
"""The role to which tasks go only when their matter is admitted (domain rule 8)."""


@dataclass(frozen=True)
class Policy:
    """Settings of the district for leases: how long a department may take to accept, and how
    long an acceptance lasts without a heartbeat. ``working``: both count working time where the
    handler's own limit does, since people who go home send no heartbeats."""

    accept: timedelta = timedelta(hours=4)
    lease: timedelta = timedelta(hours=4)
    working: bool = False
    reopen_window: timedelta = timedelta(days=15)
    spot_share: float = 0


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
class World:
    """Everything together, as ``Context.world``."""

    standards: Standards
    calendars: Mapping[tuple[str, int], WorkCalendar]
    charters: Charters
    postings: Postings
    admissions: Admissions
    paths: Mapping[str, tuple[str, ...]]
    policy: Policy
    secondments: Secondments = field(default_factory=dict)
    portfolios: Portfolios = field(default_factory=dict)
    supervision: Supervision = field(default_factory=Supervision)
    territory: Territory = field(default_factory=Territory)
    knowledge: Knowledge = field(default_factory=Knowledge)

    @property
    def root(self) -> str:
        """The grid above all others; empty while none has arrived."""
        return next((grid for grid, path in self.paths.items() if not path), "")

    @property
    def zone(self) -> ZoneInfo:
        """That of the district's newest calendar; UTC where none has arrived."""
        newest = max(self.calendars, key=lambda each: each[1], default=None)
        return ZoneInfo("UTC") if newest is None else self.calendars[newest].zone

    @property
    def ties(self) -> Ties:
        """Who is under whom."""
        return Ties(self.postings, self.secondments, self.portfolios, self.paths)

    def conflict(self, about: About | None, at: datetime) -> Conflict:
        """Who may have to do with what complains of ``about``."""
        return Conflict(about, self.ties, at)

    def calendar(self, reference: Versioned) -> WorkCalendar:
        found = self.calendars.get((reference.id, reference.version))
        if found is None:
            raise NotYet(f"calendar {reference.id} version {reference.version} has not arrived")
        return found
