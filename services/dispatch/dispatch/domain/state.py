"""The state of a case as dispatch knows it: the fold of dispatch's own events."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from case_contracts.events.dispatch import ClockKind
from case_contracts.values import About, Limit, Party, Versioned


class Status(StrEnum):
    """Where a case is in the seven steps, as far as dispatch goes."""

    UNKNOWN = "unknown"
    UNPLACED = "unplaced"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    VERIFYING = "verifying"
    CLOSED = "closed"
    VOIDED = "voided"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Clock(_Part):
    """One segment of the ledger: time that runs for a party under a limit. Never rewritten,
    only ended."""

    id: str
    kind: ClockKind
    party: Party | None
    started_at: datetime
    limit: Limit | None
    due_at: datetime | None
    stopped_at: datetime | None = None
    reason: str | None = None


class Task(_Part):
    """The lead task. ``assignment`` counts up with every new handing over."""

    id: str
    assignment: int
    handler: Party
    charter: Versioned | None
    evidence: tuple[str, ...] = ()
    accept_by: datetime | None = None
    lease_until: datetime | None = None
    due_at: datetime | None = None
    overdue: bool = False
    completed_at: datetime | None = None
    on_time: bool | None = None


class Verification(_Part):
    round: int
    verifier: Party | None
    due_at: datetime | None


class CaseState(_Part):
    """Everything that decisions on a case rest on.

    ``begun``: somebody has accepted the work, or done it. ``referred`` are the reports whose wish
    to open it again waits for a higher level; ``decided``: that level has spoken on this closing.
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

    @property
    def grids(self) -> tuple[str, ...]:
        """The case's grid and all above it, from the bottom up."""
        return (self.grid, *reversed(self.grid_path))

    @property
    def is_open(self) -> bool:
        return self.status not in (Status.UNKNOWN, Status.CLOSED, Status.VOIDED)

    def running(self, kind: ClockKind) -> Clock | None:
        return next((c for c in self.clocks if c.kind == kind and c.stopped_at is None), None)
