"""The state of a case as dispatch knows it: the fold of dispatch's own events."""

from datetime import datetime
from enum import StrEnum

from case_contracts.events.dispatch import ClockKind
from case_contracts.values import About, Party, Versioned
from dispatch.domain.case_parts import (
    Answer,
    Clock,
    Mediation,
    Part,
    Request,
    Ruling,
    Slip,
    Task,
    Verification,
    Voiding,
    Watch,
)


class Status(StrEnum):
    """Where a case is in the seven steps, as far as dispatch goes."""

    UNKNOWN = "unknown"
    UNPLACED = "unplaced"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    RULING = "ruling"
    VERIFYING = "verifying"
    CLOSED = "closed"
    VOIDED = "voided"


class CaseState(Part):
    """Everything that decisions on a case rest on.

    ``begun``: somebody has accepted the work, or done it. ``referred`` are the reports whose wish
    to open it again waits for a higher level; ``decided``: that level has spoken on this closing.
    ``request`` for more time waits to be granted; ``breaches`` counts what slips are issued for;
    ``watch`` is the level it has gone up to; ``alerted`` are the posts on duty that an urgent
    matter went to; ``papers``: who has the papers of an on-behalf service.
    """

    case: str
    status: Status = Status.UNKNOWN
    report: str | None = None
    matter: str = ""
    condition: str = ""
    grid: str = ""
    grid_path: tuple[str, ...] = ()
    located: bool = True
    standard: Versioned | None = None
    calendar: Versioned | None = None
    reported_at: datetime | None = None
    about: About | None = None
    by: str | None = None
    receiver: str | None = None
    recorded: bool = False
    placer: Party | None = None
    task: Task | None = None
    verification: Verification | None = None
    clocks: tuple[Clock, ...] = ()
    returned_by: tuple[str, ...] = ()
    handled_by: tuple[str, ...] = ()
    operation: str | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    on_time: bool | None = None
    reopened: int = 0
    dissents: tuple[str, ...] = ()
    begun: bool = False
    referred: tuple[str, ...] = ()
    decided: bool = False
    request: Request | None = None
    ruling: Ruling | None = None
    slips: tuple[Slip, ...] = ()
    breaches: int = 0
    watch: Watch | None = None
    answer: Answer | None = None
    voiding: Voiding | None = None
    mediation: Mediation | None = None
    alerted: tuple[Party, ...] = ()
    papers: Party | None = None

    @property
    def grids(self) -> tuple[str, ...]:
        """The case's grid and all above it, from the bottom up."""
        return (self.grid, *reversed(self.grid_path))

    @property
    def is_open(self) -> bool:
        return self.status not in (Status.UNKNOWN, Status.CLOSED, Status.VOIDED)

    def running(self, kind: ClockKind) -> Clock | None:
        return next((c for c in self.clocks if c.kind == kind and c.stopped_at is None), None)
