"""What comes in and goes out over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.intake import Channel, Filing, Recorded, Rejection
from case_contracts.values import (
    About,
    ConditionCode,
    Instant,
    MatterCode,
    Point,
    Ref,
    Text,
    Versioned,
)
from intake.adapters.entry import Contact
from intake.domain.progress import Step
from intake.domain.report import Rating

Answers = dict[int | str, dict[str, Any]]
"""What a route can answer besides its model, by status, for OpenAPI."""


class In(BaseModel):
    """Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(In):
    """WGS-84 degrees, exact; only the vault keeps it so."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]

    def point(self) -> Point:
        return Point(lon=self.lon, lat=self.lat)


class Said(In):
    """What every report says, by whichever door it comes."""

    channel: Channel = Channel.WEB
    matter: MatterCode
    condition: ConditionCode | None = None
    point: Place | None = None
    text: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    contact: Contact | None = None
    language: Literal["zh", "en"] = "zh"
    about: About | None = None
    by: Ref | None = None
    reported_at: Instant | None = None
    recorded: Recorded | None = None


class ReportIn(Said):
    """A report. ``text``, ``contact`` and the exact ``point`` go into the vault and nowhere else.

    ``condition`` may be left out where the matter has a default or a single one. ``about``
    names the unit or person that is complained of: neither will see it. ``by`` is the
    post-holder on patrol. A ``reported_at`` in the past and ``recorded`` need
    ``history.import``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "channel": "web",
                    "matter": "part/utilities/manhole-cover",
                    "condition": "missing",
                    "point": {"lon": 113.60512, "lat": 34.70533},
                    "text": "路口井盖不见了，很危险。",
                    "contact": {"email": "reporter@example.org"},
                    "language": "zh",
                }
            ]
        }
    )


class Accepted(BaseModel):
    """The report is kept for good. ``case`` is null when it opens none; ``reason`` says why."""

    report: Ref
    case: Ref | None
    receipt: str
    status: Literal["received", "rejected"]
    reason: Rejection | None = None
    message: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "report": "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d",
                    "case": "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11",
                    "receipt": "7KQ2M9WXCB4TH",
                    "status": "received",
                    "reason": None,
                    "message": None,
                }
            ]
        }
    )


class ImportLine(Said):
    """One report of a city's past. ``ref`` is the city's own id of it: imported once, ever."""

    ref: Ref
    channel: Channel = Channel.IMPORT
    reported_at: Instant


class LineResult(BaseModel):
    """What became of one line; ``problem`` where it was not taken, with what to mend."""

    ref: str | None
    status: Literal["received", "rejected", "invalid"]
    repeated: bool = False
    report: Ref | None = None
    case: Ref | None = None
    reason: Rejection | None = None
    problem: str | None = None


class StepOut(BaseModel):
    """One of the seven steps; ``at`` when it was done with, null while it is not."""

    step: Step
    name: Text
    at: datetime | None


class Tracked(BaseModel):
    """What a reporter sees of the case; nothing about who works on it.

    ``due_at`` is null where the matter has no limit. ``notices`` counts what was sent to them.
    """

    status: Literal["received", "rejected", "in_progress", "closed"]
    step: Step
    steps: list[StepOut]
    matter: str
    matter_name: Text | None
    condition: str | None
    condition_name: Text | None
    grid_name: Text | None
    reported_at: datetime
    due_at: datetime | None
    overdue: bool
    closed_at: datetime | None
    reason: Rejection | None
    message: Text | None
    rated: bool
    notices: int


class RatingIn(In):
    """Whether the problem is solved, and how satisfied: 1 (not at all) to 5."""

    solved: bool
    score: Annotated[int, Field(ge=1, le=5, strict=True)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"solved": True, "score": 5}]})


class Rated(BaseModel):
    """The vote stands for this closing."""

    solved: bool
    score: int
    rated_at: datetime


class ContactOut(BaseModel):
    """How to reach a reporter, with the receipt to put into the notice."""

    email: str | None
    phone: str | None
    receipt: str | None
    language: str


class WordsOut(BaseModel):
    """What a handler needs beyond the case itself: the words and the exact place."""

    case: Ref
    text: str | None
    point: Point | None
    language: str


class ReceiptOut(BaseModel):
    """Which report a receipt is for."""

    report: Ref
    case: Ref | None


class FiledReport(BaseModel):
    """A report as intake holds it, for services and operators. Whom it complains of and who
    reported it is not in it."""

    report: Ref
    case: Ref
    channel: Channel
    matter: str
    filing: Filing | None
    rejected: Rejection | None
    waiting: bool
    linked: bool
    withdrawn: bool
    reported_at: datetime
    language: str
    recorded: bool
    rating: Rating | None


class FiledCase(BaseModel):
    """A case as intake filed it."""

    case: Ref
    reports: list[Ref]
    matter: str
    condition: str
    grid: Ref
    located: bool
    standard: Versioned
    opened_at: datetime
