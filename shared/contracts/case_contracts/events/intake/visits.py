"""Events of visits: check-ins, calls on households and places, planned rounds (签到、走访)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import EXAMPLE_REPORT
from case_contracts.values import Instant, Ref, Text

_GRID, _PATH = "410199001001001", ["410199", "410199001", "410199001001"]
_POSTING = "posting:410199001001001:worker:1"
_GROUP = "contact_group:410199001001001:1"
_VISIT = "visit:3f0c6a52-6f4e-5d0b-8b55-0d5b1f2f7a10"
_AT, _LATER = "2026-01-05T09:12:00+08:00", "2026-01-05T09:40:00+08:00"


class VisitKind(StrEnum):
    """What a call is for: 日常走访、集中走访、关爱走访、服务走访、调解走访、安全走访."""

    ROUTINE = "routine"
    CONCENTRATED = "concentrated"
    CARE = "care"
    SERVICE = "service"
    MEDIATION = "mediation"
    SAFETY = "safety"


class Topic(StrEnum):
    """Services that were asked for or explained. There is none for what people think, believe,
    petition for or belong to, and nothing that describes a person."""

    DOCUMENTS = "documents"
    SOCIAL_INSURANCE = "social-insurance"
    MEDICAL = "medical"
    EMPLOYMENT = "employment"
    SCHOOLING = "schooling"
    HOUSING = "housing"
    UTILITIES = "utilities"
    HOME_CARE = "home-care"
    SAFETY = "safety"
    LEGAL_AID = "legal-aid"
    ENVIRONMENT = "environment"
    OTHER_SERVICE = "other-service"


class Whereabouts(StrEnum):
    """Where a visit was logged from, as far as its grid goes; unknown without a place."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class RoundKind(StrEnum):
    """日常走访、集中走访: any call counts for a routine round, for a concentrated one only a
    concentrated visit."""

    ROUTINE = "routine"
    CONCENTRATED = "concentrated"


class RoundEach(StrEnum):
    """What has to be visited so often: each contact group, or each lowest grid."""

    GROUP = "group"
    GRID = "grid"


class RoundPer(StrEnum):
    """A period of the calendar, in the district's zone."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@event("checkin.recorded", owner="intake", aggregate="checkin")
class CheckinRecorded(EventData):
    """A post-holder on shift was at this time inside their post's grid, or not. The exact place
    is kept apart for 30 days; how many check-ins there are never scores."""

    checkin: Ref
    person: Ref
    posting: Ref
    grid: Ref
    grid_path: tuple[Ref, ...]
    inside: bool
    checked_in_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "checkin": "checkin:9a0f5c1e-30c4-5a6e-9a11-5f0d2b7c8e42",
        "person": "p-000123",
        "posting": _POSTING,
        "grid": _GRID,
        "grid_path": _PATH,
        "inside": True,
        "checked_in_at": _AT,
    }


@event("visit.logged", owner="intake", aggregate="visit")
class VisitLogged(EventData):
    """A call on a place or a contact group was made (民情日记). ``entry`` is the household, only
    where it has agreed to be on the register; ``reports`` came of the visit, ``services`` are
    those that were opened on somebody's behalf (代办). ``noted``: there is a note in the vault.
    ``posting`` is null for a group's contact without a post there."""

    visit: Ref
    person: Ref
    posting: Ref | None = None
    grid: Ref
    grid_path: tuple[Ref, ...]
    group: Ref | None = None
    entry: Ref | None = None
    kind: VisitKind
    topics: tuple[Topic, ...] = ()
    visited_at: Instant
    logged_at: Instant
    place: Whereabouts
    noted: bool = False
    reports: tuple[Ref, ...] = ()
    services: tuple[Ref, ...] = ()

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "visit": _VISIT,
        "person": "p-000123",
        "posting": _POSTING,
        "grid": _GRID,
        "grid_path": _PATH,
        "group": _GROUP,
        "entry": None,
        "kind": "routine",
        "topics": ["medical", "documents"],
        "visited_at": _AT,
        "logged_at": _LATER,
        "place": "inside",
        "noted": True,
        "reports": [],
        "services": [EXAMPLE_REPORT],
    }


@event("round.planned", owner="intake", aggregate="round")
class RoundPlanned(EventData):
    """Visits are planned: each contact group (or lowest grid) on these grounds is to be visited
    so many times a month, quarter or year in ``[valid_from, valid_to)``. A later version
    replaces the earlier one. What is missing is shown to those who visit and to those above
    them; it scores nobody."""

    round: Ref
    version: Annotated[int, Field(ge=1)]
    name: Text
    kind: RoundKind
    each: RoundEach
    grids: tuple[Ref, ...] = ()
    groups: tuple[Ref, ...] = ()
    times: Annotated[int, Field(ge=1, le=100)]
    per: RoundPer
    valid_from: Instant
    valid_to: Instant | None = None
    by: Ref
    planned_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "round": "round:monthly",
        "version": 1,
        "name": {"zh": "每月三次走访", "en": "Three visits a month"},
        "kind": "routine",
        "each": "group",
        "grids": ["410199"],
        "groups": [],
        "times": 3,
        "per": "month",
        "valid_from": "2026-01-01T00:00:00+08:00",
        "valid_to": None,
        "by": "p-000009",
        "planned_at": "2025-12-20T09:00:00+08:00",
    }


@event("round.ended", owner="intake", aggregate="round")
class RoundEnded(EventData):
    """A round asks for no more visits from ``valid_to`` on."""

    round: Ref
    valid_to: Instant
    by: Ref
    ended_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "round": "round:monthly",
        "valid_to": "2026-07-01T00:00:00+08:00",
        "by": "p-000009",
        "ended_at": "2026-06-20T09:00:00+08:00",
    }
