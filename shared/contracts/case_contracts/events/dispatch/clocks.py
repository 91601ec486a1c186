"""The ledger of time."""

from enum import StrEnum
from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, DEPARTMENT, DUE
from case_contracts.values import (
    Code,
    Instant,
    Limit,
    Party,
    Ref,
    Versioned,
)


class ClockKind(StrEnum):
    """What time is counted for: the case as a whole, a handler's acceptance, the handing on to
    somebody responsible, a handler's work, a verifier's check, the answer to the reporters."""

    CASE = "case"
    ACCEPT = "accept"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    VERIFY = "verify"
    ANSWER = "answer"


@event("clock.started", owner="dispatch", aggregate="case")
class ClockStarted(EventData):
    """A segment of time begins for a party, under these versions of standard and calendar. A
    handler's is near its end from ``near_at``, and the limit has passed twice at ``twice_at``."""

    case: Ref
    clock: Ref
    kind: ClockKind
    party: Party | None = None
    started_at: Instant
    limit: Limit | None = None
    due_at: Instant | None = None
    near_at: Instant | None = None
    twice_at: Instant | None = None
    standard: Versioned
    calendar: Versioned

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "clock": "handle:1",
        "kind": "handle",
        "party": DEPARTMENT,
        "started_at": AT,
        "limit": {"amount": 2, "unit": "hours"},
        "due_at": DUE,
        "near_at": "2026-01-05T10:42:30+08:00",
        "twice_at": "2026-01-05T13:12:30+08:00",
        "standard": {"id": "lanhe", "version": 1},
        "calendar": {"id": "lanhe-work", "version": 1},
    }


@event("clock.stopped", owner="dispatch", aggregate="case")
class ClockStopped(EventData):
    """A party's time ends: the work is done, taken away or closed."""

    case: Ref
    clock: Ref
    stopped_at: Instant
    reason: Code

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "clock": "handle:1",
        "stopped_at": "2026-01-05T10:40:00+08:00",
        "reason": "completed",
    }
