"""Events of intake: what somebody said, what is known of it, and the case filed from it."""

from case_contracts.events.intake.callbacks import (
    CallbackClaimed,
    CallbackDropped,
    CallbackMade,
    CallbackPromised,
    CallbackRequested,
    CallbackWhy,
    CallOutcome,
    DropReason,
)
from case_contracts.events.intake.cases import CaseOpened
from case_contracts.events.intake.common import (
    Channel,
    Filing,
    Recorded,
    Rejection,
    Said,
    Unclear,
)
from case_contracts.events.intake.links import (
    Likeness,
    LinkDeclined,
    LinkProposed,
    ReportLinked,
    ReportUnlinked,
)
from case_contracts.events.intake.reports import (
    ReopeningRequested,
    ReportReceived,
    ReportRejected,
    ReportSupplemented,
    ReportTriaged,
    ReportWithdrawn,
    SatisfactionRated,
    TriageRequested,
)
from case_contracts.events.intake.rules import (
    DuplicateRule,
    MatterPattern,
    Referral,
    RulesPublished,
)

__all__ = [
    "CallOutcome",
    "CallbackClaimed",
    "CallbackDropped",
    "CallbackMade",
    "CallbackPromised",
    "CallbackRequested",
    "CallbackWhy",
    "CaseOpened",
    "Channel",
    "DropReason",
    "DuplicateRule",
    "Filing",
    "Likeness",
    "LinkDeclined",
    "LinkProposed",
    "MatterPattern",
    "Recorded",
    "Referral",
    "Rejection",
    "ReopeningRequested",
    "ReportLinked",
    "ReportReceived",
    "ReportRejected",
    "ReportSupplemented",
    "ReportTriaged",
    "ReportUnlinked",
    "ReportWithdrawn",
    "RulesPublished",
    "Said",
    "SatisfactionRated",
    "TriageRequested",
    "Unclear",
]
