"""What dispatch says of a case's clocks (``GET /cases/{case}/clock``), as far as it is shown."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from console.views.case_told import Limit, Party, Versioned
from console.views.told import Text


class Counted(BaseModel):
    """Time that counts, without a break; ``name`` is that of a make-up working day."""

    start: datetime
    end: datetime
    name: Text | None

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class Part(BaseModel):
    """One limit: the standard's own, or an extension (``granted_by``)."""

    limit: Limit
    granted_by: str | None
    reason: str | None
    granted_at: datetime | None
    counts: Literal["working", "elapsed"]
    seconds: float
    spans: list[Counted]
    spans_not_shown: int
    left_seconds: float | None
    ends_at: datetime | None


class Stood(BaseModel):
    """Time stood still; ``end`` is None while it does, to ``until`` at the latest."""

    start: datetime
    until: datetime
    end: datetime | None
    reason: str
    granted_by: str


class Segment(BaseModel):
    """One segment of the ledger."""

    id: str
    kind: Literal["case", "accept", "dispatch", "handle", "verify", "answer"]
    party: Party | None
    started_at: datetime
    stopped_at: datetime | None
    reason: str | None
    limit: Limit | None
    due_at: datetime | None
    near_at: datetime | None
    twice_at: datetime | None
    standard: Versioned | None
    calendar: Versioned
    pauses: list[Stood]
    parts: list[Part]

    @property
    def runs(self) -> bool:
        return self.stopped_at is None


class Clock(BaseModel):
    zone: str
    segments: list[Segment]
