"""The case as filed from a report."""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import (
    EXAMPLE_AT,
    EXAMPLE_CASE,
    EXAMPLE_REPORT,
    Channel,
    Recorded,
)
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


@event("case.opened", owner="intake", aggregate="case")
class CaseOpened(EventData):
    """A case is filed: the matter, the grid valid at the report's time, the pinned standard.

    ``located`` is false when no place was given: the grid is then the district's root and a
    person places it. ``receiver`` answers for it until somebody has accepted the work (首接负责).
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
    receiver: Ref | None = None
    origin: Ref | None = None
    reachable: tuple[Code, ...] = ()
    language: str = "zh"
    recorded: Recorded | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": EXAMPLE_CASE,
        "report": EXAMPLE_REPORT,
        "channel": "web",
        "matter": "part/utilities/manhole-cover",
        "matter_class": "part",
        "condition": "missing",
        "grid": "410199001001001",
        "grid_path": ["410199", "410199001", "410199001001"],
        "located": True,
        "point": {"lon": 113.605, "lat": 34.705},
        "standard": {"id": "lanhe", "version": 1},
        "reported_at": EXAMPLE_AT,
        "opened_at": EXAMPLE_AT,
        "about": None,
        "by": None,
        "receiver": None,
        "origin": None,
        "reachable": ["inapp"],
        "language": "zh",
        "recorded": None,
    }


@event("receiver.released", owner="intake", aggregate="case")
class ReceiverReleased(EventData):
    """Somebody has accepted the work: whoever took the report first answers for it no longer."""

    case: Ref
    receiver: Ref
    released_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": EXAMPLE_CASE,
        "receiver": "p-000123",
        "released_at": "2026-01-05T09:30:00+08:00",
    }
