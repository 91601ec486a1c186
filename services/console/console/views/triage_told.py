"""What intake says of reports that wait for a reviewer (立案审核), as it is shown."""

from datetime import datetime

from pydantic import BaseModel

from console.views.told import Text


class Waiting(BaseModel):
    """A report that no rule can file; its words are read one by one."""

    report: str
    channel: str
    matter: str
    condition: str | None
    reason: str
    reported_at: datetime
    due_at: datetime | None
    overdue: bool


class Queue(BaseModel):
    reports: list[Waiting]
    waiting: int
    overdue: int


class Choice(BaseModel):
    condition: str
    name: Text


class Whole(Waiting):
    """With the reporter's words: the look is written into the audit."""

    choices: list[Choice]
    text: str | None
    language: str
