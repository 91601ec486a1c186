"""Departments, their charters, and what grid workers may be asked."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.registry.territory import FROM
from case_contracts.values import (
    Code,
    Instant,
    MatterCode,
    Ref,
    Text,
)


@event("department.registered", owner="registry", aggregate="department")
class DepartmentRegistered(EventData):
    """A department exists and can be given charters; it gets a vhost of its own."""

    department: Ref
    name: Text

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "department": "urban-management",
        "name": {"zh": "城市管理局", "en": "Urban Management Bureau"},
    }


@event("charter.granted", owner="registry", aggregate="charter")
class CharterGranted(EventData):
    """Power follows responsibility (权随责走): matters x grid subtree x role x powers.

    ``matters`` are shell-style patterns over ``class/category/item``.
    """

    charter: Ref
    version: Annotated[int, Field(ge=1)]
    department: Ref
    matters: tuple[str, ...]
    grid: Ref
    role: Annotated[str, Field(pattern="^(lead|support)$")]
    powers: tuple[str, ...]
    rate: Annotated[float, Field(ge=0)] | None = None
    legal_basis: str
    approved_by: Annotated[tuple[Ref, ...], Field(min_length=2)]
    valid_from: Instant
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "charter": "charter:urban-management:parts",
        "version": 1,
        "department": "urban-management",
        "matters": ["part/*"],
        "grid": "410199",
        "role": "lead",
        "powers": ["inspect", "repair"],
        "rate": 120.0,
        "legal_basis": "Lanhe District list of powers 2026, no. 12",
        "approved_by": ["p-000001", "p-000002"],
        "valid_from": FROM,
        "valid_to": None,
    }


@event("charter.proposed", owner="registry", aggregate="charter")
class CharterProposed(EventData):
    """A charter entry is proposed. Nothing follows from it until two people, neither of them
    who proposed it, have approved it; then ``charter.granted`` is written. ``ruling`` is the one
    that it came of, where an arbiter proposed it."""

    charter: Ref
    version: Annotated[int, Field(ge=1)]
    department: Ref
    matters: tuple[str, ...]
    grid: Ref
    role: Annotated[str, Field(pattern="^(lead|support)$")]
    powers: tuple[str, ...]
    rate: Annotated[float, Field(ge=0)] | None = None
    legal_basis: str
    proposed_by: Ref
    valid_from: Instant | None = None
    valid_to: Instant | None = None
    ruling: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "charter": "charter:urban-management:parts",
        "version": 2,
        "department": "urban-management",
        "matters": ["part/*"],
        "grid": "410199",
        "role": "lead",
        "powers": ["inspect", "repair"],
        "rate": 130.0,
        "legal_basis": "Lanhe District list of powers 2026, no. 12a",
        "proposed_by": "p-000003",
        "valid_from": "2026-06-01T00:00:00+08:00",
        "valid_to": None,
        "ruling": None,
    }


@event("charter.refused", owner="registry", aggregate="charter")
class CharterRefused(EventData):
    """What an arbiter's ruling was to become was not proposed, and why. ``department`` is null
    where the ruling named a post; ``other`` is the entry that stands in its way."""

    charter: Ref
    ruling: Ref
    department: Ref | None = None
    matter: MatterCode
    grid: Ref
    proposed_by: Ref
    reason: Code
    other: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "charter": "charter:ruled:1a2b",
        "ruling": "ruling:1",
        "department": "water-affairs",
        "matter": "part/utilities/manhole-cover",
        "grid": "410199001001001",
        "proposed_by": "p-000077",
        "reason": "leads_already",
        "other": "charter:water-affairs:covers",
    }


@event("charter.approved", owner="registry", aggregate="charter")
class CharterApproved(EventData):
    """One of the two people that a charter entry needs approves a proposed version."""

    charter: Ref
    version: Annotated[int, Field(ge=1)]
    approved_by: Ref

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "charter": "charter:urban-management:parts",
        "version": 2,
        "approved_by": "p-000001",
    }


@event("charter.rejected", owner="registry", aggregate="charter")
class CharterRejected(EventData):
    """A proposed version of a charter entry is rejected, or withdrawn by who proposed it."""

    charter: Ref
    version: Annotated[int, Field(ge=1)]
    rejected_by: Ref

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "charter": "charter:urban-management:parts",
        "version": 2,
        "rejected_by": "p-000001",
    }


@event("charter.revoked", owner="registry", aggregate="charter")
class CharterRevoked(EventData):
    """A charter entry ends: routing, queue, sight and the right to act go with it."""

    charter: Ref
    version: Annotated[int, Field(ge=1)]
    department: Ref
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "charter": "charter:urban-management:parts",
        "version": 1,
        "department": "urban-management",
        "valid_to": "2026-06-01T00:00:00+08:00",
    }


@event("matter.admitted", owner="registry", aggregate="matter")
class MatterAdmitted(EventData):
    """Grid workers may be sent tasks of this matter in ``[valid_from, valid_to)`` (准入).

    An ``urgent`` one is temporary: one person approved it, and it has an end.
    """

    matter: MatterCode
    proposed_by: Ref
    reviewed_by: Ref
    also_reviewed_by: Ref | None = None
    urgent: bool = False
    valid_from: Instant
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "matter": "event/appearance/litter",
        "proposed_by": "urban-management",
        "reviewed_by": "p-000002",
        "also_reviewed_by": "p-000003",
        "urgent": False,
        "valid_from": FROM,
        "valid_to": None,
    }


@event("matter.withdrawn", owner="registry", aggregate="matter")
class MatterWithdrawn(EventData):
    """A matter may no longer be sent to grid workers."""

    matter: MatterCode
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {"matter": "event/appearance/litter", "valid_to": FROM}


@event("matter.proposed", owner="registry", aggregate="matter")
class MatterProposed(EventData):
    """A department proposes that grid workers may be sent a matter (准入申请)."""

    matter: MatterCode
    proposal: Ref
    department: Ref
    proposed_by: Ref
    urgent: bool = False
    valid_from: Instant | None = None
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "matter": "event/appearance/litter",
        "proposal": "proposal:77c0",
        "department": "urban-management",
        "proposed_by": "p-000900",
        "urgent": False,
        "valid_from": FROM,
        "valid_to": None,
    }


@event("matter.reviewed", owner="registry", aggregate="matter")
class MatterReviewed(EventData):
    """Somebody reviewed a proposed admission: ``admit`` or ``refuse``. Two different people who
    did not propose it must say admit, of an urgent one a single one; one refusal ends it."""

    matter: MatterCode
    proposal: Ref
    reviewed_by: Ref
    verdict: Annotated[str, Field(pattern="^(admit|refuse)$")]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "matter": "event/appearance/litter",
        "proposal": "proposal:77c0",
        "reviewed_by": "p-000002",
        "verdict": "admit",
    }


class Promise(EventData):
    """One service commitment: an indicator that is to reach a figure for matters of a pattern."""

    indicator: Code
    matters: str = "*"
    at_least: float | None = None
    at_most: float | None = None


@event("commitment.published", owner="registry", aggregate="commitment")
class CommitmentPublished(EventData):
    """What a department promises for a year (服务承诺), to be compared with what is measured."""

    department: Ref
    year: Annotated[int, Field(ge=2000, le=2999)]
    promises: Annotated[tuple[Promise, ...], Field(min_length=1)]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "department": "urban-management",
        "year": 2026,
        "promises": [{"indicator": "on_time", "matters": "part/*", "at_least": 0.95}],
    }
