"""What intake says about a report, as far as the pages show it. What is new there is ignored."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

Status = Literal["received", "waiting", "rejected", "in_progress", "closed", "voided", "withdrawn"]


class Text(BaseModel):
    """One label in both languages."""

    zh: str
    en: str


class Accepted(BaseModel):
    receipt: str
    status: Literal["received", "waiting", "rejected"]
    message: Text | None
    turn_to: Text | None


class Step(BaseModel):
    step: str
    name: Text
    at: datetime | None


class Named(BaseModel):
    code: str
    name: Text


class Limit(BaseModel):
    name: Text


class May(BaseModel):
    right: Literal["add", "withdraw", "rate", "reopen"]
    name: Text
    until: datetime | None
    reasons: list[Named]


class Wish(BaseModel):
    asked_at: datetime
    message: Text


class Answer(BaseModel):
    statement: str
    given_at: datetime


class Tracked(BaseModel):
    """See ``GET /track/{receipt}`` of intake for what each means."""

    status: Status
    step: str
    steps: list[Step]
    matter_name: Text | None
    condition_name: Text | None
    grid_name: Text | None
    reported_at: datetime
    answering: Named | None
    limit: Limit | None
    due_at: datetime | None
    overdue: bool
    closed_at: datetime | None
    outcome: Text | None
    answer: Answer | None
    waiting_until: datetime | None
    message: Text | None
    turn_to: Text | None
    withdrawn_at: datetime | None
    others: int | None
    reopened: int
    reopening: Wish | None
    additions: int
    rated: bool
    may: list[May]


class Evidence(BaseModel):
    evidence: str
    phase: Literal["report", "before", "after"]
    kind: str
    public: bool
    attached_at: datetime
