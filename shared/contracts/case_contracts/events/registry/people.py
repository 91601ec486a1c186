"""Posts, and who is in charge of what."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.registry.territory import FROM
from case_contracts.values import (
    Instant,
    Ref,
    Shift,
)


@event("posting.started", owner="registry", aggregate="posting")
class PostingStarted(EventData):
    """A person holds a role in a grid in ``[valid_from, valid_to)``, on duty in the shifts."""

    posting: Ref
    person: Ref
    role: Ref
    grid: Ref
    accountable: bool = False
    shifts: tuple[Shift, ...] = ()
    valid_from: Instant
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "posting": "posting:410199001001001:worker:1",
        "person": "p-000123",
        "role": "worker",
        "grid": "410199001001001",
        "accountable": True,
        "shifts": [{"weekdays": [1, 2, 3, 4, 5], "hours": {"start": "08:00", "end": "18:00"}}],
        "valid_from": FROM,
        "valid_to": None,
    }


@event("posting.ended", owner="registry", aggregate="posting")
class PostingEnded(EventData):
    """A person's time in a post ends."""

    posting: Ref
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "posting": "posting:410199001001001:worker:1",
        "valid_to": FROM,
    }


@event("portfolio.assigned", owner="registry", aggregate="portfolio")
class PortfolioAssigned(EventData):
    """A leader is in charge of departments and of matters on a grid's ground (分管)."""

    portfolio: Ref
    person: Ref
    departments: tuple[Ref, ...] = ()
    matters: tuple[str, ...] = ("*",)
    grid: Ref
    valid_from: Instant
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "portfolio": "portfolio:p-000001",
        "person": "p-000001",
        "departments": ["urban-management"],
        "matters": ["part/*"],
        "grid": "410199",
        "valid_from": FROM,
        "valid_to": None,
    }


@event("secondment.started", owner="registry", aggregate="secondment")
class SecondmentStarted(EventData):
    """A department's person works under a grid's lead for a time (下沉), with the powers that
    are delegated to them (职责下放) and the legal basis of that."""

    secondment: Ref
    person: Ref
    department: Ref
    grid: Ref
    powers: tuple[str, ...]
    legal_basis: str
    approved_by: Annotated[tuple[Ref, ...], Field(min_length=2)]
    valid_from: Instant
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "secondment": "secondment:urban-management:1",
        "person": "p-000900",
        "department": "urban-management",
        "grid": "410199001001",
        "powers": ["inspect", "order-rectification"],
        "legal_basis": "Lanhe District decision on delegated powers 2026, no. 3",
        "approved_by": ["p-000001", "p-000002"],
        "valid_from": FROM,
        "valid_to": "2026-07-01T00:00:00+08:00",
    }


@event("secondment.ended", owner="registry", aggregate="secondment")
class SecondmentEnded(EventData):
    """A secondment ends before its time; the delegated powers go with it."""

    secondment: Ref
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "secondment": "secondment:urban-management:1",
        "valid_to": "2026-06-01T00:00:00+08:00",
    }


@event("contact_group.formed", owner="registry", aggregate="contact_group")
class ContactGroupFormed(EventData):
    """A person visits a group of households in a grid (联系户); which ones is not said."""

    group: Ref
    grid: Ref
    person: Ref
    households: Annotated[int, Field(ge=1)]
    valid_from: Instant
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "group": "contact_group:410199001001001:1",
        "grid": "410199001001001",
        "person": "p-000123",
        "households": 18,
        "valid_from": FROM,
        "valid_to": None,
    }


@event("contact_group.dissolved", owner="registry", aggregate="contact_group")
class ContactGroupDissolved(EventData):
    """A contact group ends."""

    group: Ref
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "group": "contact_group:410199001001001:1",
        "valid_to": "2026-06-01T00:00:00+08:00",
    }


@event("handover.recorded", owner="registry", aggregate="handover")
class HandoverRecorded(EventData):
    """A post goes from one person to another at ``valid_from`` (工作交割单), with the cases that
    were open in the first one's hands when it was decided."""

    handover: Ref
    grid: Ref
    role: Ref
    from_posting: Ref
    from_person: Ref
    to_posting: Ref
    to_person: Ref
    open_cases: tuple[Ref, ...] = ()
    valid_from: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "handover": "handover:5a1d",
        "grid": "410199001001001",
        "role": "worker",
        "from_posting": "posting:410199001001001:worker:1",
        "from_person": "p-000123",
        "to_posting": "posting:410199001001001:worker:2",
        "to_person": "p-000124",
        "open_cases": ["case:0197"],
        "valid_from": "2026-06-01T00:00:00+08:00",
    }
