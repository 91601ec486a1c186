"""What intake says of reports that may be about the problem of an older case (疑似重复)."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from console.domain.moments import Span, span


class Likeness(BaseModel):
    """What the district's rule made of it: a score from 0 to 1."""

    metres: float | None
    hours: float | None
    score: float

    @property
    def percent(self) -> int:
        return round(self.score * 100)

    @property
    def apart(self) -> Span | None:
        """How long one was reported after the other."""
        return None if self.hours is None else span(timedelta(hours=self.hours))


class Proposed(BaseModel):
    """A report with its own case, and the older one whose problem it may be."""

    report: str
    case: str
    to_case: str
    matter: str
    likeness: Likeness
    reported_at: datetime
    proposed_at: datetime


class Link(BaseModel):
    """Who put a report where it belongs, and when; ``by`` is None for the machine."""

    by: str | None
    likeness: Likeness | None
    at: datetime


class Linked(BaseModel):
    """A report and the case that it belongs to; ``link`` is None where it is its own."""

    report: str
    case: str
    matter: str
    channel: str
    reported_at: datetime
    link: Link | None


class Made(BaseModel):
    """A link as it was made; ``stands``: it was neither undone nor replaced by another."""

    report: str
    matter: str | None
    reported_at: datetime | None
    case: str
    by: str | None
    likeness: Likeness | None
    linked_at: datetime
    stands: bool


class Unlinked(BaseModel):
    """``case`` is the report's own from now on; None where it opens none, or none yet."""

    case: str | None


class Outlook(BaseModel):
    """What linking would do; ``emptied``: nobody else's report stands behind its own case, which
    ends."""

    from_case: str | None
    emptied: bool
