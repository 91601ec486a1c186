"""Asking for more time and being given it: pauses (挂账) and extensions (延期) of clocks.

Only these move a deadline. ``party`` is whose time it is. ``statement`` refers to words that
dispatch keeps sealed.
"""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, DEPARTMENT, DUE
from case_contracts.values import Code, Instant, Limit, Party, Ref

_LATER = "2026-01-07T11:12:30+08:00"


@event("pause.requested", owner="dispatch", aggregate="case")
class PauseRequested(EventData):
    """The handler asks that time stands still, for this reason, until then at the latest."""

    case: Ref
    request: Ref
    by: Party
    reason: Code
    statement: Ref | None = None
    until: Instant
    requested_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "request": "request:1",
        "by": DEPARTMENT,
        "reason": "needs_approval",
        "statement": "statement:1a2b",
        "until": _LATER,
        "requested_at": AT,
    }


@event("extension.requested", owner="dispatch", aggregate="case")
class ExtensionRequested(EventData):
    """The handler asks for this much more time, for this reason."""

    case: Ref
    request: Ref
    by: Party
    reason: Code
    statement: Ref | None = None
    limit: Limit
    requested_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "request": "request:1",
        "by": DEPARTMENT,
        "reason": "parts_ordered",
        "statement": "statement:1a2b",
        "limit": {"amount": 8, "unit": "working_hours"},
        "requested_at": AT,
    }


@event("relief.refused", owner="dispatch", aggregate="case")
class ReliefRefused(EventData):
    """A pause or an extension that ``party`` asked for is not given. ``by`` is null where nobody
    has decided: the work was done or taken away first."""

    case: Ref
    request: Ref
    party: Party | None = None
    by: Ref | None = None
    reason: Code
    statement: Ref | None = None
    refused_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "request": "request:1",
        "party": DEPARTMENT,
        "by": "p-000077",
        "reason": "no_need_seen",
        "statement": None,
        "refused_at": AT,
    }


@event("clock.paused", owner="dispatch", aggregate="case")
class ClockPaused(EventData):
    """Time stands still for this clock until it is resumed, at the latest ``until``. ``by`` is
    who granted it; ``number`` counts the pauses of this clock."""

    case: Ref
    clock: Ref
    party: Party | None = None
    request: Ref | None = None
    by: Ref
    reason: Code
    paused_at: Instant
    until: Instant
    number: int

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "clock": "handle:1",
        "party": DEPARTMENT,
        "request": "request:1",
        "by": "p-000077",
        "reason": "needs_approval",
        "paused_at": AT,
        "until": _LATER,
        "number": 1,
    }


@event("clock.resumed", owner="dispatch", aggregate="case")
class ClockResumed(EventData):
    """Time runs again: what was left of the limit at the pause ends at ``due_at``. ``resumed_at``
    is exact; ``by`` is null where the pause had come to its end."""

    case: Ref
    clock: Ref
    party: Party | None = None
    resumed_at: Instant
    due_at: Instant | None = None
    near_at: Instant | None = None
    twice_at: Instant | None = None
    by: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "clock": "handle:1",
        "party": DEPARTMENT,
        "resumed_at": _LATER,
        "due_at": "2026-01-07T13:12:30+08:00",
        "near_at": "2026-01-07T12:42:30+08:00",
        "twice_at": "2026-01-07T15:12:30+08:00",
        "by": None,
    }


@event("clock.extended", owner="dispatch", aggregate="case")
class ClockExtended(EventData):
    """This clock's limit is longer by ``limit``, counted on from where it would have ended;
    ``number`` counts its extensions. While it is paused ``due_at`` is null."""

    case: Ref
    clock: Ref
    party: Party | None = None
    request: Ref | None = None
    by: Ref
    reason: Code
    limit: Limit
    due_at: Instant | None
    near_at: Instant | None = None
    twice_at: Instant | None = None
    number: int
    extended_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "clock": "handle:1",
        "party": DEPARTMENT,
        "request": "request:1",
        "by": "p-000077",
        "reason": "parts_ordered",
        "limit": {"amount": 8, "unit": "working_hours"},
        "due_at": DUE,
        "near_at": "2026-01-05T10:42:30+08:00",
        "twice_at": "2026-01-05T13:12:30+08:00",
        "number": 1,
        "extended_at": AT,
    }
