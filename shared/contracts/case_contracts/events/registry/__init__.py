"""Events of the grid registry: the territory, its people, and who answers for what."""

from case_contracts.events.registry.changes import ChangeApplied, ChangeDecided
from case_contracts.events.registry.households import (
    HouseholdErased,
    HouseholdRegistered,
    NeedConsented,
    NeedEnded,
)
from case_contracts.events.registry.people import (
    ContactGroupDissolved,
    ContactGroupFormed,
    HandoverRecorded,
    PortfolioAssigned,
    PostingEnded,
    PostingStarted,
    SecondmentEnded,
    SecondmentStarted,
)
from case_contracts.events.registry.powers import (
    CharterApproved,
    CharterGranted,
    CharterProposed,
    CharterRejected,
    CharterRevoked,
    CommitmentPublished,
    DepartmentRegistered,
    MatterAdmitted,
    MatterProposed,
    MatterReviewed,
    MatterWithdrawn,
    Promise,
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
    Role,
    Span,
)

__all__ = [
    "CalendarPublished",
    "ChangeApplied",
    "ChangeDecided",
    "CharterApproved",
    "CharterGranted",
    "CharterProposed",
    "CharterRejected",
    "CharterRevoked",
    "CommitmentPublished",
    "Condition",
    "ContactGroupDissolved",
    "ContactGroupFormed",
    "DepartmentRegistered",
    "DistrictPublished",
    "GridPublished",
    "GridRetired",
    "HandoverRecorded",
    "HouseholdErased",
    "HouseholdRegistered",
    "MatterAdmitted",
    "MatterProposed",
    "MatterReviewed",
    "MatterWithdrawn",
    "NeedConsented",
    "NeedEnded",
    "PortfolioAssigned",
    "PostingEnded",
    "PostingStarted",
    "Promise",
    "Role",
    "SecondmentEnded",
    "SecondmentStarted",
    "Span",
    "StandardMatter",
    "StandardPublished",
]
