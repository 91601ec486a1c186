"""What reporters wish for their case, and what dispatch makes of it."""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE
from case_contracts.values import Code, Instant, Ref

_REPORT = "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d"
_ASKED = {"case": CASE, "report": _REPORT}


@event("reopening.referred", owner="dispatch", aggregate="case")
class ReopeningReferred(EventData):
    """A reporter's wish to open the case again waits for a higher level: the case has been
    opened again by a reporter's wish before. It stays closed until that level has decided."""

    case: Ref
    report: Ref
    referred_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {**_ASKED, "referred_at": AT}


@event("reopening.refused", owner="dispatch", aggregate="case")
class ReopeningRefused(EventData):
    """The case stays as it is, though a reporter wished it opened again: for this reason. ``by``
    is who decided it at a higher level, null where it follows from the rules."""

    case: Ref
    report: Ref
    reason: Code
    by: Ref | None = None
    refused_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_ASKED,
        "reason": "too_late",
        "by": None,
        "refused_at": AT,
    }


@event("withdrawal.noted", owner="dispatch", aggregate="case")
class WithdrawalNoted(EventData):
    """The last reporter of a case has withdrawn, and the case goes on all the same, for this
    reason: the problem may still be there."""

    case: Ref
    report: Ref
    reason: Code
    noted_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {**_ASKED, "reason": "work_has_begun", "noted_at": AT}
