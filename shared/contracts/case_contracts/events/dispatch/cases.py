"""The case: taken up, placed, closed, opened again."""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, DUE, POST
from case_contracts.values import (
    About,
    Code,
    ConditionCode,
    Instant,
    MatterCode,
    Party,
    Ref,
    Versioned,
)


@event("case.received", owner="dispatch", aggregate="case")
class CaseReceived(EventData):
    """Dispatch answers for a filed case from now on: what all its decisions rest on.

    ``placer`` is the person who is to say where an unlocated case lies.
    """

    case: Ref
    report: Ref
    matter: MatterCode
    condition: ConditionCode
    grid: Ref
    grid_path: tuple[Ref, ...]
    located: bool
    standard: Versioned
    calendar: Versioned
    reported_at: Instant
    about: About | None = None
    by: Ref | None = None
    receiver: Ref | None = None
    placer: Party | None = None
    recorded: bool = False

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "report": "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d",
        "matter": "part/utilities/manhole-cover",
        "condition": "missing",
        "grid": "410199001001001",
        "grid_path": ["410199", "410199001", "410199001001"],
        "located": True,
        "standard": {"id": "lanhe", "version": 1},
        "calendar": {"id": "lanhe-work", "version": 1},
        "reported_at": "2026-01-05T09:12:00+08:00",
        "about": None,
        "by": None,
        "receiver": "p-000123",
        "placer": None,
        "recorded": False,
    }


@event("case.placed", owner="dispatch", aggregate="case")
class CasePlaced(EventData):
    """A person has said in which grid an unlocated case lies."""

    case: Ref
    grid: Ref
    grid_path: tuple[Ref, ...]
    by: Ref
    placed_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "grid": "410199001001001",
        "grid_path": ["410199", "410199001", "410199001001"],
        "by": "p-000077",
        "placed_at": AT,
    }


@event("placing.requested", owner="dispatch", aggregate="case")
class PlacingRequested(EventData):
    """Another person than before is to say where an unlocated case lies, because the first one
    has left the post."""

    case: Ref
    placer: Party
    requested_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "placer": POST,
        "requested_at": AT,
    }


@event("case.closed", owner="dispatch", aggregate="case")
class CaseClosed(EventData):
    """The case is finished. ``on_time`` is null where the matter has no limit.

    ``recorded`` says that the closing was imported from a city's past, not verified by us.
    """

    case: Ref
    closed_at: Instant
    due_at: Instant | None = None
    on_time: bool | None = None
    recorded: bool = False

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "closed_at": "2026-01-05T11:00:00+08:00",
        "due_at": DUE,
        "on_time": True,
        "recorded": False,
    }


@event("case.reopened", owner="dispatch", aggregate="case")
class CaseReopened(EventData):
    """A closed case is open again: a new clock segment starts, the old ones are kept."""

    case: Ref
    reopened_at: Instant
    reason: Code
    by_report: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "reopened_at": "2026-01-06T10:00:00+08:00",
        "reason": "dissent",
        "by_report": "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d",
    }


@event("case.voided", owner="dispatch", aggregate="case")
class CaseVoided(EventData):
    """The case ends without having been dealt with, and counts in no figure: nobody's report
    stands behind it any longer. ``into`` is the case that goes on instead, where there is one;
    ``by`` who decided it, null where it followed by rule."""

    case: Ref
    reason: Code
    into: Ref | None = None
    by: Ref | None = None
    voided_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "reason": "linked",
        "into": "case:0c7be5d2-8f0d-5a45-9d6e-2f5a1f6e9b10",
        "by": "p-000077",
        "voided_at": AT,
    }
