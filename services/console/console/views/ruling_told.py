"""The boundary evidence of a case (``GET /cases/{case}/ruling`` of dispatch), as it is shown."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from console.views.case_told import Party, Versioned
from console.views.told import Text


class Outline(BaseModel):
    grid: str
    level: str
    name: Text
    geometry: dict[str, Any]


class Ground(BaseModel):
    """Where the case lies, and what lies beside it, as it was when it was reported."""

    case: Outline | None
    neighbours: list[Outline]


class Entry(BaseModel):
    """A charter version that is concerned."""

    charter: str
    version: int
    department: str
    matters: list[str]
    covers_matter: bool
    grid: str
    ground: str
    role: str
    legal_basis: str
    valid_from: datetime
    holds: bool


class Return(BaseModel):
    handler: Party
    reason: str
    proposed: str | None
    returned_at: datetime
    words: str | None


class Question(BaseModel):
    reason: str
    asked_by: Party
    proposed: str | None
    arbiter: Party | None
    requested_at: datetime
    due_at: datetime | None
    overdue: bool
    missed: int


class Made(BaseModel):
    case: str
    lead: Party
    reason: str
    charters: list[Versioned]
    made_at: datetime


class Boundary(BaseModel):
    """``question`` is None when it is answered."""

    case: str
    matter: str
    condition: str
    question: Question | None
    ground: Ground
    charters: list[Entry]
    returns: list[Return]
    made: list[Made]
    earlier: list[Made]
