"""What intake's events share: ways, reasons, and where a report belongs."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from case_contracts.events.base import EventData
from case_contracts.values import (
    About,
    Code,
    ConditionCode,
    Instant,
    MatterClass,
    Point,
    Ref,
    Versioned,
)

EXAMPLE_AT = "2026-01-05T09:12:00+08:00"
EXAMPLE_CASE = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11"
EXAMPLE_REPORT = "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d"
Language = Annotated[str, Field(pattern="^(zh|en)$")]
MatterSaid = Annotated[str, Field(pattern=r"^([a-z]+/[a-z0-9-]+/[a-z0-9-]+)?$", max_length=120)]
"""A matter's code; empty where the reporter could not say which."""


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
    """Why a report opens no case. The report is kept.

    The first four a rule decides; the others only a reviewer.
    """

    OUTSIDE_DISTRICT = "outside_district"
    NOT_IN_STANDARD = "not_in_standard"
    CONDITION_NOT_IN_STANDARD = "condition_not_in_standard"
    CONDITION_NEEDED = "condition_needed"
    CONDITION_NOT_MET = "condition_not_met"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_UNDERSTANDABLE = "not_understandable"


class Unclear(StrEnum):
    """Why no rule can say what a report opens: a reviewer decides (立案审核)."""

    MATTER_NOT_SAID = "matter_not_said"
    CONDITION_NOT_SAID = "condition_not_said"
    ASKED_BY_RECEIVER = "asked_by_receiver"


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


class Said(EventData):
    """What is known of a report beyond its words, whenever a case is opened from it.

    ``matter`` is empty where the reporter could not say which. ``reporter`` is a keyed reference
    that differs from case to case; ``reachable`` the ways (``inapp``, ``email``, ``phone``) by
    which this reporter can be told what becomes of it. ``by`` is the post-holder who saw it,
    ``receiver`` who took it and answers for it until somebody has accepted the work (首接负责);
    ``origin`` the visit, campaign, sensor or import that it came from.
    """

    report: Ref
    case: Ref
    channel: Channel
    matter: MatterSaid
    condition: ConditionCode | None = None
    point: Point | None = None
    reported_at: Instant
    about: About | None = None
    reporter: Ref | None = None
    by: Ref | None = None
    receiver: Ref | None = None
    origin: Ref | None = None
    reachable: tuple[Code, ...] = ()
    language: Language = "zh"
    recorded: Recorded | None = None
    filing: Filing | None = None


EXAMPLE_FILING = {
    "grid": "410199001001001",
    "grid_path": ["410199", "410199001", "410199001001"],
    "located": True,
    "matter_class": "part",
    "condition": "missing",
    "standard": {"id": "lanhe", "version": 1},
}
EXAMPLE_SAID = {
    "report": EXAMPLE_REPORT,
    "case": EXAMPLE_CASE,
    "channel": "web",
    "matter": "part/utilities/manhole-cover",
    "condition": "missing",
    "point": {"lon": 113.605, "lat": 34.705},
    "reported_at": EXAMPLE_AT,
    "about": None,
    "reporter": "r-7c1f0d",
    "by": None,
    "receiver": None,
    "origin": None,
    "reachable": ["inapp", "email"],
    "language": "zh",
    "recorded": None,
    "filing": EXAMPLE_FILING,
}
