"""What dispatch says of many cases: lists, a desk, rulings that wait, what bulk came to."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from console.views.case_told import Party, Wait


class Listed(BaseModel):
    """See ``GET /cases/list`` of dispatch for what each means."""

    case: str
    status: str
    matter: str
    condition: str
    grid: str
    handler: Party | None
    reported_at: datetime
    handle_by: datetime | None
    closed_at: datetime | None
    late: bool
    paused: bool
    open_slips: int
    reopened: int
    escalated_to: str | None
    waits: list[Wait]


class Desk(BaseModel):
    grids: list[str]
    waiting: list[Listed]
    late: list[Listed]
    came_up: list[Listed]
    counts: dict[str, int]


class Page(BaseModel):
    cases: list[Listed]
    cursor: str | None


class Ruling(BaseModel):
    """A case that waits for a ruling."""

    case: str
    matter: str
    condition: str
    grid: str
    reason: str
    asked_by: Party
    proposed: str | None
    due_at: datetime | None
    overdue: bool
    yours: bool


class Found(BaseModel):
    """Cases in whose statements some words stand."""

    cases: list[Listed]
    searched: int
    complete: bool


class Item(BaseModel):
    case: str
    outcome: Literal["done", "would_be_done", "unchanged", "refused", "failed"]
    code: str | None


class Bulk(BaseModel):
    dry_run: bool
    counts: dict[str, int]
    items: list[Item]
