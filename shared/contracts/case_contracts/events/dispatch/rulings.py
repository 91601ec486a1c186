"""Who is responsible, where handlers differ: an arbiter's ruling (裁定)."""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, DEPARTMENT, POST
from case_contracts.values import Code, Instant, MatterCode, Party, Ref, Versioned

_CHARTER = {"id": "charter:urban-management:parts", "version": 1}


@event("ruling.requested", owner="dispatch", aggregate="case")
class RulingRequested(EventData):
    """An arbiter is to say who is responsible: the task was returned a second time, or two claim
    or deny it. ``arbiter`` is null where nobody who is free could be named; ``charters`` and
    ``grid`` are what the case lies between. It has a limit of its own."""

    case: Ref
    ruling: Ref
    reason: Code
    asked_by: Party
    proposed: Ref | None = None
    arbiter: Party | None
    charters: tuple[Versioned, ...] = ()
    grid: Ref
    statement: Ref | None = None
    requested_at: Instant
    due_at: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "ruling": "ruling:1",
        "reason": "returned_twice",
        "asked_by": DEPARTMENT,
        "proposed": "water-affairs",
        "arbiter": POST,
        "charters": [_CHARTER],
        "grid": "410199001001001",
        "statement": "statement:1a2b",
        "requested_at": AT,
        "due_at": "2026-01-06T09:12:30+08:00",
    }


@event("ruling.made", owner="dispatch", aggregate="case")
class RulingMade(EventData):
    """Binding: this one is responsible, and cannot return the task. ``charters`` are what it
    rests on. With ``propose`` the registry is to turn it into a proposal for a charter, so that
    the question does not come again; ``matter`` and ``grid`` are what that would cover."""

    case: Ref
    ruling: Ref
    by: Ref
    lead: Party
    reason: Code
    statement: Ref | None = None
    charters: tuple[Versioned, ...] = ()
    matter: MatterCode
    grid: Ref
    propose: bool = False
    made_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "ruling": "ruling:1",
        "by": "p-000077",
        "lead": DEPARTMENT,
        "reason": "ground_of_its_charter",
        "statement": "statement:1a2b",
        "charters": [_CHARTER],
        "matter": "part/utilities/manhole-cover",
        "grid": "410199001001001",
        "propose": True,
        "made_at": AT,
    }


@event("ruling.overdue", owner="dispatch", aggregate="case")
class RulingOverdue(EventData):
    """The arbiter's limit has run out without a ruling: it goes one level up. ``due_at`` is
    exact."""

    case: Ref
    ruling: Ref
    arbiter: Party | None
    due_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "ruling": "ruling:1",
        "arbiter": POST,
        "due_at": "2026-01-06T09:12:30+08:00",
    }
