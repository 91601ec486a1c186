"""The notices of one case: who is to be told, and who was told what."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

Channel = Literal["inapp", "email"]
Kind = Literal[
    "received", "rejected", "linked", "unlinked", "assigned", "closed", "voided", "reopened",
    "reopening_referred", "reopening_refused",
]  # fmt: skip
CHANNELS: tuple[Channel, ...] = ("inapp", "email")


class Outcome(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Subscriber(BaseModel):
    """A report whose reporter is to be told; nobody is told of imported history, nor of a case
    that the report has left."""

    model_config = ConfigDict(frozen=True)

    report: str
    channels: tuple[Channel, ...]
    language: str
    recorded: bool = False
    left: bool = False


class Notice(BaseModel):
    """One notice by one channel. ``at``: when it was queued, sent or failed."""

    model_config = ConfigDict(frozen=True)

    notice: str
    report: str
    kind: Kind
    channel: Channel
    outcome: Outcome
    at: datetime
    reason: str | None = None


class CaseNotices(BaseModel):
    """All notices of a case, in their order."""

    model_config = ConfigDict(frozen=True)

    case: str
    subscribers: tuple[Subscriber, ...] = ()
    notices: tuple[Notice, ...] = ()

    def of(self, report: str, kind: Kind) -> list[Notice]:
        return [n for n in self.notices if n.report == report and n.kind == kind]

    def notice(self, notice: str) -> Notice | None:
        return next((n for n in self.notices if n.notice == notice), None)

    def waiting(self) -> list[Notice]:
        return [n for n in self.notices if n.outcome == Outcome.QUEUED]
