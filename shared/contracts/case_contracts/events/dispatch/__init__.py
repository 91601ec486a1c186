"""Events of dispatch: who does what by when, and what happened then. Subject: the case."""

from case_contracts.events.dispatch.calls import (
    CommandRefused,
    WhistleBlown,
)
from case_contracts.events.dispatch.cases import (
    CaseClosed,
    CasePlaced,
    CaseReceived,
    CaseReopened,
    CaseVoided,
    PlacingRequested,
)
from case_contracts.events.dispatch.clocks import (
    ClockKind,
    ClockStarted,
    ClockStopped,
)
from case_contracts.events.dispatch.tasks import (
    Reason,
    TaskAccepted,
    TaskAssigned,
    TaskCompleted,
    TaskLapsed,
    TaskOverdue,
    TaskProgressed,
    TaskReturned,
    TaskRevoked,
)
from case_contracts.events.dispatch.verification import (
    VerificationFailed,
    VerificationPassed,
    VerificationRequested,
)
from case_contracts.events.dispatch.wishes import (
    ReopeningReferred,
    ReopeningRefused,
    WithdrawalNoted,
)

__all__ = [
    "CaseClosed",
    "CasePlaced",
    "CaseReceived",
    "CaseReopened",
    "CaseVoided",
    "ClockKind",
    "ClockStarted",
    "ClockStopped",
    "CommandRefused",
    "PlacingRequested",
    "Reason",
    "ReopeningReferred",
    "ReopeningRefused",
    "TaskAccepted",
    "TaskAssigned",
    "TaskCompleted",
    "TaskLapsed",
    "TaskOverdue",
    "TaskProgressed",
    "TaskReturned",
    "TaskRevoked",
    "VerificationFailed",
    "VerificationPassed",
    "VerificationRequested",
    "WhistleBlown",
    "WithdrawalNoted",
]
