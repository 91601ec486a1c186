"""What intake says of call-backs (回访). The number is in :class:`Claimed` alone."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from console.views.told import Text


class Calling(BaseModel):
    """A call to be made. ``later``: nobody answered, not before ``not_before``."""

    callback: str
    case: str
    about: Text
    asked_at: datetime
    due_at: datetime
    overdue: bool
    attempts: int
    status: Literal["open", "claimed", "later"]
    not_before: datetime | None


class Calls(BaseModel):
    """A page of the queue; ``cursor`` leads on, None at the end."""

    callbacks: list[Calling]
    cursor: str | None


class Claimed(BaseModel):
    """The call is the reader's until ``until``; ``may_rate``: they may say whether it is solved.
    ``message`` and ``turn_to``: why the report opened no case, and where they can turn."""

    callback: str
    case: str
    about: Text
    phone: str
    language: str
    matter_name: Text | None
    message: Text | None = None
    turn_to: Text | None = None
    may_rate: bool
    until: datetime


class Result(BaseModel):
    """It is written down; not ``ended``: it is to be tried again."""

    ended: bool
