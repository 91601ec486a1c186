"""Posts, and who is in charge of what."""

from typing import Any, ClassVar

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
