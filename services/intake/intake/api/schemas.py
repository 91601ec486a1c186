"""What comes in and goes out over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.events.intake import Channel, Filing, Recorded, Rejection, Unclear
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
from intake.api.evidence.handling import AttachmentsOut
from intake.domain.report import Link, Rating

Answers = dict[int | str, dict[str, Any]]
"""What a route can answer besides its model, by status, for OpenAPI."""
MOST_LETTERS = 4_000
Words = Annotated[str, Field(min_length=1, max_length=MOST_LETTERS)]
"""What somebody wrote: it goes into the vault and nowhere else."""
Language = Literal["zh", "en"]
"""In which a reporter is written to."""


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
    matter: MatterCode | None = None
    condition: ConditionCode | None = None
    point: Place | None = None
    text: Words | None = None
    contact: Contact | None = None
    language: Language = "zh"
    about: About | None = None
    by: Ref | None = None
    origin: Ref | None = None
    review: bool = False
    reported_at: Instant | None = None
    recorded: Recorded | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.matter is None and self.text is None:
            raise ValueError("say what it is about: the matter, or the text")
        return self


class ReportIn(Said):
    """A report. ``text``, ``contact`` and the exact ``point`` go into the vault and nowhere else.

    ``matter`` and ``condition`` may be left out by whoever cannot say: where the standard's rules
    do not, a reviewer then decides (立案审核). ``about`` names the unit or person that is
    complained of: neither will see it. ``by`` is the post-holder who saw it, the caller where it
    is left out on patrol; ``origin`` the campaign, sensor or department that it comes from;
    ``alarm`` a sensor's own number of the alarm, which is taken once. ``review`` asks for a
    reviewer whatever the rules say. A ``reported_at`` in the past and ``recorded`` need
    ``history.import``.
    """

    alarm: Ref | None = None

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
                },
                {"text": "楼下天天半夜有人敲东西。", "point": {"lon": 113.60512, "lat": 34.70533}},
            ]
        }
    )


class Accepted(BaseModel):
    """The report is kept for good. ``case`` is null when it opens none, or none yet: ``reason``
    says why it is rejected and ``turn_to`` where to go, ``unclear`` what a reviewer decides."""

    report: Ref
    case: Ref | None
    receipt: str
    status: Literal["received", "waiting", "rejected"]
    reason: Rejection | None = None
    unclear: Unclear | None = None
    message: Text | None = None
    turn_to: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "report": "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d",
                    "case": "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11",
                    "receipt": "7KQ2M9WXCB4TH",
                    "status": "received",
                    "reason": None,
                    "unclear": None,
                    "message": None,
                    "turn_to": None,
                }
            ]
        }
    )


class ImportLine(Said):
    """One report of a city's past. ``ref`` is the city's own id of it: imported once, ever."""

    ref: Ref
    channel: Channel = Channel.IMPORT
    matter: MatterCode
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


class ContactOut(BaseModel):
    """How to reach a reporter, with the receipt to put into the notice."""

    email: str | None
    phone: str | None
    receipt: str | None
    language: str


class WordsOut(AttachmentsOut):
    """What a handler needs beyond the case itself: the words, the exact place and the evidence."""

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
    reported it is not in it. ``linked``: others' reports opened ``case``; ``link`` says who put it
    there, and when."""

    report: Ref
    case: Ref
    channel: Channel
    matter: str
    filing: Filing | None
    rejected: Rejection | None
    waiting: bool
    linked: bool
    link: Link | None
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
