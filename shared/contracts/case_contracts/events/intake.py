"""Events of intake: what somebody said, and the case that was filed from it."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.values import (
    About,
    Code,
    ConditionCode,
    Instant,
    MatterClass,
    MatterCode,
    Point,
    Ref,
    Versioned,
)

_AT = "2026-01-05T09:12:00+08:00"
_CASE = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11"
_REPORT = "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d"


class Channel(StrEnum):
    """By which way a report came."""

    WEB = "web"
    OPEN311 = "open311"
    HOTLINE = "hotline"
    PATROL = "patrol"
    INSPECTION = "inspection"
    CAMPAIGN = "campaign"
    SENSOR = "sensor"
    IMPORT = "import"


class Rejection(StrEnum):
    """Why a report opens no case. The report is kept."""

    OUTSIDE_DISTRICT = "outside_district"
    NOT_IN_STANDARD = "not_in_standard"
    CONDITION_NOT_IN_STANDARD = "condition_not_in_standard"
    CONDITION_NEEDED = "condition_needed"


class Recorded(EventData):
    """What a city's own past says about the case; only with the scope ``history.import``."""

    closed_at: Instant | None = None


class Filing(EventData):
    """Where a report belongs, found from its exact place: what its case is opened with.

    The grid is the one valid at the report's time; the standard's version is pinned.
    """

    grid: Ref
    grid_path: tuple[Ref, ...]
    located: bool
    matter_class: MatterClass
    condition: ConditionCode
    standard: Versioned


@event("report.received", owner="intake", aggregate="report")
class ReportReceived(EventData):
    """Somebody reported something. Words, contact and exact place are in intake's vault.

    ``reporter`` is a keyed reference that differs from case to case; ``reachable`` the ways
    (``inapp``, ``email``) by which this reporter can be told what becomes of it. ``filing`` is
    null when the report opens no case; ``report.rejected`` then says why.
    """

    report: Ref
    case: Ref
    channel: Channel
    matter: str
    condition: str | None = None
    point: Point | None = None
    reported_at: Instant
    about: About | None = None
    reporter: Ref | None = None
    by: Ref | None = None
    reachable: tuple[Code, ...] = ()
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"
    recorded: Recorded | None = None
    filing: Filing | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": _REPORT,
        "case": _CASE,
        "channel": "web",
        "matter": "part/utilities/manhole-cover",
        "condition": "missing",
        "point": {"lon": 113.605, "lat": 34.705},
        "reported_at": _AT,
        "about": None,
        "reporter": "r-7c1f0d",
        "by": None,
        "reachable": ["inapp", "email"],
        "language": "zh",
        "recorded": None,
        "filing": {
            "grid": "410199001001001",
            "grid_path": ["410199", "410199001", "410199001001"],
            "located": True,
            "matter_class": "part",
            "condition": "missing",
            "standard": {"id": "lanhe", "version": 1},
        },
    }


@event("report.rejected", owner="intake", aggregate="report")
class ReportRejected(EventData):
    """A report opens no case, for this reason. ``case`` is the id that it would have had."""

    report: Ref
    case: Ref | None = None
    reason: Rejection
    matter: str
    reachable: tuple[Code, ...] = ()
    language: str = "zh"

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": _REPORT,
        "case": _CASE,
        "reason": "outside_district",
        "matter": "part/utilities/manhole-cover",
        "reachable": [],
        "language": "zh",
    }


@event("case.opened", owner="intake", aggregate="case")
class CaseOpened(EventData):
    """A case is filed: the matter, the grid valid at the report's time, the pinned standard.

    ``located`` is false when no place was given: the grid is then the district's root and a
    person places it. ``reporters`` are the reports that the case was opened from.
    """

    case: Ref
    report: Ref
    channel: Channel
    matter: MatterCode
    matter_class: MatterClass
    condition: ConditionCode
    grid: Ref
    grid_path: tuple[Ref, ...]
    located: bool
    point: Point | None = None
    standard: Versioned
    reported_at: Instant
    opened_at: Instant
    about: About | None = None
    by: Ref | None = None
    reachable: tuple[Code, ...] = ()
    language: str = "zh"
    recorded: Recorded | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": _CASE,
        "report": _REPORT,
        "channel": "web",
        "matter": "part/utilities/manhole-cover",
        "matter_class": "part",
        "condition": "missing",
        "grid": "410199001001001",
        "grid_path": ["410199", "410199001", "410199001001"],
        "located": True,
        "point": {"lon": 113.605, "lat": 34.705},
        "standard": {"id": "lanhe", "version": 1},
        "reported_at": _AT,
        "opened_at": _AT,
        "about": None,
        "by": None,
        "reachable": ["inapp"],
        "language": "zh",
        "recorded": None,
    }


@event("satisfaction.rated", owner="intake", aggregate="report")
class SatisfactionRated(EventData):
    """A reporter says whether the problem is solved and how satisfied they are (1 to 5)."""

    report: Ref
    case: Ref
    solved: bool
    score: Annotated[int, Field(ge=1, le=5)]
    rated_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": _REPORT,
        "case": _CASE,
        "solved": True,
        "score": 5,
        "rated_at": "2026-01-06T10:00:00+08:00",
    }
