"""What dispatch says of a case, as far as the pages of staff show it. What is new is ignored."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from console.views.told import Text


class Party(BaseModel):
    """A department, or a post with who holds it."""

    kind: str
    id: str
    person: str | None = None
    grid: str | None = None


class Versioned(BaseModel):
    id: str
    version: int


class Limit(BaseModel):
    amount: float
    unit: Literal["hours", "working_hours", "days", "working_days"]


class Task(BaseModel):
    id: str
    assignment: int
    handler: Party
    charter: Versioned | None
    evidence: list[str]
    shown: list[str]
    due_at: datetime | None
    overdue: bool
    ruled: bool


class Asked(BaseModel):
    """More time that somebody wants: a pause ``until``, or ``limit`` on top."""

    id: str
    by: Party
    reason: str
    requested_at: datetime
    until: datetime | None
    limit: Limit | None


class Slip(BaseModel):
    id: str
    colour: str
    trigger: str
    to: Party
    leader: Party | None
    issued_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None
    breached: bool


class Holder(BaseModel):
    """A verification or a ruling: with whom it is."""

    verifier: Party | None = None
    arbiter: Party | None = None


class Watch(BaseModel):
    grid: str
    by: Party | None


class Voiding(BaseModel):
    by: str
    reason: str
    requested_at: datetime


class Case(BaseModel):
    """See ``GET /cases/{case}`` of dispatch for what each means."""

    case: str
    status: str
    matter: str
    condition: str
    grid: str
    grid_path: list[str]
    located: bool
    reported_at: datetime
    placer: Party | None
    task: Task | None
    verification: Holder | None
    ruling: Holder | None
    request: Asked | None
    slips: list[Slip]
    watch: Watch | None
    voiding: Voiding | None
    alerted: list[Party]
    operation: str | None
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    reopened: int

    @property
    def posts(self) -> dict[str, Party]:
        """The posts that have to do with it, by who holds them."""
        found = [
            self.task and self.task.handler,
            self.verification and self.verification.verifier,
            self.ruling and self.ruling.arbiter,
            self.watch and self.watch.by,
            self.placer,
            *self.alerted,
            *(party for slip in self.slips for party in (slip.to, slip.leader)),
        ]
        return {party.person: party for party in found if party and party.person}


class Wait(BaseModel):
    desk: str
    what: str
    due_at: datetime | None
    ref: str | None = None


class Coming(BaseModel):
    what: str
    at: datetime


class Turn(BaseModel):
    waits: list[Wait]
    coming: list[Coming]


class Cause(BaseModel):
    code: str
    label: Text


class Owner(BaseModel):
    who: str
    label: Text


class Action(BaseModel):
    step: str
    label: Text
    possible: bool
    yours: bool
    why: list[Cause]
    whose: list[Owner]


class Involved(BaseModel):
    role: str
    label: Text
    kind: str
    id: str
    person: str | None
    grid: str | None


class Entry(BaseModel):
    """An event of dispatch, with who and why."""

    event: str
    label: Text
    at: datetime
    who: list[Involved]
    why: list[Cause]
    facts: dict[str, Any]


class Timeline(BaseModel):
    entries: list[Entry]
    cursor: str | None


class Stated(BaseModel):
    """What was said on a case; ``words`` are None where they were erased."""

    label: Text
    at: datetime
    who: list[Involved]
    words: str | None
