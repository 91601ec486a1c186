"""What the services say to somebody in the field, as far as their pages show it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from console.views.beside_told import Point
from console.views.case_told import Versioned
from console.views.told import Text


class Party(BaseModel):
    id: str
    person: str | None = None


class Task(BaseModel):
    """``evidence`` is what the standard asks for, ``shown`` what the handler referred to."""

    id: str
    handler: Party
    due_at: datetime | None = None
    overdue: bool = False
    completed_at: datetime | None = None
    evidence: list[str] = []
    shown: list[str] = []
    rework: bool = False
    taken: bool = False


class Verification(BaseModel):
    verifier: Party | None = None
    due_at: datetime | None = None
    overdue: bool = False


class Case(BaseModel):
    """A case as dispatch knows it."""

    case: str
    status: str
    matter: str
    condition: str
    grid: str
    grid_path: list[str] = []
    standard: Versioned | None = None
    reported_at: datetime
    due_at: datetime | None = None
    task: Task | None = None
    verification: Verification | None = None
    alerted: list[Party] = []
    request: dict[str, Any] | None = None


class Attachment(BaseModel):
    evidence: str
    phase: Literal["report", "before", "after"]
    format: str
    taken_at: datetime | None


class Attachments(BaseModel):
    attachments: list[Attachment]
    withheld: int


class Round(BaseModel):
    """A contact group or grid that is to be visited in a round's present period."""

    round_name: Text
    kind: str
    target: str
    grid: str
    households: int | None
    expected: int
    done: int
    missing: int
    due_at: datetime | None
    overdue: bool
    last_visit: datetime | None


class Member(BaseModel):
    person: str
    accountable: bool
    on_duty: bool


class Role(BaseModel):
    role: str
    name: Text | None
    members: list[Member]


class Team(BaseModel):
    """Who is in a grid by role; ``complete`` is null where nothing is set for its level."""

    grid: str
    people: int
    complete: bool | None
    roles: list[Role]


class Posting(BaseModel):
    posting: str
    grid: str
    role: str


class Codes(BaseModel):
    """Kinds of visits and topics, with what people read."""

    kinds: dict[str, Text]
    topics: dict[str, Text]


class CameOfIt(BaseModel):
    receipt: str
    case: str | None
    status: str


class VisitTaken(BaseModel):
    services: list[CameOfIt]
    repeated: bool


class HeldPost(BaseModel):
    role: str
    grid: str
    since: datetime
    until: datetime | None


class Visited(BaseModel):
    grid: str
    kind_name: Text
    visited_at: datetime


class HeldVisit(BaseModel):
    visit: Visited
    note: str | None


class HeldCheckin(BaseModel):
    grid: str
    inside: bool
    checked_in_at: datetime
    point: Point | None


class HeldReport(BaseModel):
    case: str
    matter: str
    reported_at: datetime


class Looked(BaseModel):
    at: datetime
    who: str
    what: str
    purpose: str


class Elsewhere(BaseModel):
    service: str
    what: Text
    where: str


class Held(BaseModel):
    """All that intake holds on the person in a year."""

    year: int
    posts: list[HeldPost]
    visits: list[HeldVisit]
    checkins: list[HeldCheckin]
    reports: list[HeldReport]
    looked_at: list[Looked]
    elsewhere: list[Elsewhere]


class Fate(BaseModel):
    """What became of an item of an offline batch; see intake's ``/patrol/batches``."""

    id: str | None
    status: str
    case: str | None = None
    receipt: str | None = None
    reason: str | None = None
    code: str | None = None
    problem: str | None = None
