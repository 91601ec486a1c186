"""Events of the grid registry: the territory, its people, and who answers for what."""

from case_contracts.events.registry.people import (
    PortfolioAssigned,
    PostingEnded,
    PostingStarted,
)
from case_contracts.events.registry.powers import (
    CharterGranted,
    CharterRevoked,
    DepartmentRegistered,
    MatterAdmitted,
    MatterWithdrawn,
)
from case_contracts.events.registry.standards import (
    CalendarPublished,
    Condition,
    StandardMatter,
    StandardPublished,
)
from case_contracts.events.registry.territory import (
    DistrictPublished,
    GridPublished,
    GridRetired,
)

__all__ = [
    "CalendarPublished",
    "CharterGranted",
    "CharterRevoked",
    "Condition",
    "DepartmentRegistered",
    "DistrictPublished",
    "GridPublished",
    "GridRetired",
    "MatterAdmitted",
    "MatterWithdrawn",
    "PortfolioAssigned",
    "PostingEnded",
    "PostingStarted",
    "StandardMatter",
    "StandardPublished",
]
