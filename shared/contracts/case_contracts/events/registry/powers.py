"""Departments, their charters, and what grid workers may be asked."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.registry.territory import FROM
from case_contracts.values import (
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
    """Grid workers may be sent tasks of this matter in ``[valid_from, valid_to)`` (准入)."""

    matter: MatterCode
    proposed_by: Ref
    reviewed_by: Ref
    valid_from: Instant
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "matter": "event/appearance/litter",
        "proposed_by": "urban-management",
        "reviewed_by": "p-000002",
        "valid_from": FROM,
        "valid_to": None,
    }


@event("matter.withdrawn", owner="registry", aggregate="matter")
class MatterWithdrawn(EventData):
    """A matter may no longer be sent to grid workers."""

    matter: MatterCode
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {"matter": "event/appearance/litter", "valid_to": FROM}
