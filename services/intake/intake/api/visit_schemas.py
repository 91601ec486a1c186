"""Visits as they come in and go out over HTTP."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.events.intake import (
    Rejection,
    RoundKind,
    RoundPer,
    Topic,
    Unclear,
    VisitKind,
    Whereabouts,
)
from case_contracts.values import About, ConditionCode, Instant, MatterCode, Ref, Text
from intake.adapters.entry import Contact
from intake.api.schemas import In, Language, Place, Words

MOST = 10


class VisitReport(In):
    """A report made at a visit, or a service that somebody asked to be done for them (代办).

    ``contact`` is theirs, so that they hear of it; hand them the receipt that comes back.
    """

    matter: MatterCode
    condition: ConditionCode | None = None
    point: Place | None = None
    text: Words | None = None
    contact: Contact | None = None
    language: Language = "zh"
    about: About | None = None


class VisitSaid(In):
    """Name the contact ``group``, or the ``grid``. ``household`` only where it agreed to be on
    the register.

    ``point`` says inside or outside the grid and is then forgotten. ``note`` goes into the vault.
    ``topics`` are services, from a fixed list: there is no field for opinions, beliefs, petitions
    or associations, and none belongs into the note. ``reports`` are ids of reports that the
    caller has made at this visit already; ``new_reports`` and ``services`` are taken with it.
    """

    group: Ref | None = None
    grid: Ref | None = None
    household: Ref | None = None
    kind: VisitKind
    point: Place | None = None
    topics: Annotated[tuple[Topic, ...], Field(max_length=12)] = ()
    note: Words | None = None
    reports: Annotated[tuple[Ref, ...], Field(max_length=MOST)] = ()
    new_reports: Annotated[tuple[VisitReport, ...], Field(max_length=MOST)] = ()
    services: Annotated[tuple[VisitReport, ...], Field(max_length=MOST)] = ()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.group is None) == (self.grid is None):
            raise ValueError("name the contact group or the grid, one of the two")
        return self


class VisitIn(VisitSaid):
    """``id`` is made on the device: sent again, the visit is logged once, as it came first."""

    id: Ref
    visited_at: Instant

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0c1b8a52-1f6e-4f0d-8d5b-6c7a1e2f3b40",
                    "grid": "410199001001001",
                    "kind": "routine",
                    "visited_at": "2026-01-05T09:12:00+08:00",
                    "topics": ["documents", "medical"],
                    "note": "帮助整理医保报销材料，周五再来取。",
                    "services": [
                        {
                            "matter": "service/civil-affairs/form-handed-in",
                            "text": "代交医保报销材料。",
                            "contact": {"phone": "+86 371 5555 0100"},
                        }
                    ],
                }
            ]
        }
    )


class CameOfIt(BaseModel):
    """A report or service taken with the visit; ``receipt`` is for the one whom it is for."""

    report: Ref
    case: Ref | None
    receipt: str
    status: Literal["received", "rejected", "waiting"]
    reason: Rejection | Unclear | None = None


class VisitRow(BaseModel):
    """A visit without its note; ``noted``: there is one. ``household`` is null once it has taken
    its consent back."""

    visit: Ref
    person: Ref
    posting: Ref | None
    grid: Ref
    group: Ref | None
    household: Ref | None
    kind: VisitKind
    kind_name: Text
    topics: list[Topic]
    visited_at: Instant
    logged_at: Instant
    place: Whereabouts
    noted: bool
    reports: list[Ref]
    services: list[Ref]


class VisitTaken(BaseModel):
    """The visit as logged, and what was taken with it. ``repeated``: it was logged before."""

    visit: VisitRow
    new_reports: list[CameOfIt]
    services: list[CameOfIt]
    repeated: bool


class Diary(BaseModel):
    """Visits in the order of time; ``cursor`` is to be given as ``after`` for the next page."""

    visits: list[VisitRow]
    cursor: str | None


class NoteOut(BaseModel):
    """What was written down at a visit."""

    visit: Ref
    note: str


class Codes(BaseModel):
    """The kinds of visits and rounds, the topics, and what a round counts by, with what people
    read."""

    kinds: dict[VisitKind, Text]
    topics: dict[Topic, Text]
    rounds: dict[RoundKind, Text]
    periods: dict[RoundPer, Text]
