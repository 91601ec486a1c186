"""Events of a report: received, judged, withdrawn, added to, rated."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import (
    EXAMPLE_AT,
    EXAMPLE_CASE,
    EXAMPLE_REPORT,
    EXAMPLE_SAID,
    Language,
    MatterSaid,
    Rejection,
    Said,
    Unclear,
)
from case_contracts.values import Code, Instant, Ref, Text

_LATER = "2026-01-05T10:02:00+08:00"


@event("report.received", owner="intake", aggregate="report")
class ReportReceived(Said):
    """Somebody reported something. Words, contact and exact place are in intake's vault.

    ``filing`` is null when no rule says what the report opens: ``report.rejected`` then says why
    it opens no case, ``triage.requested`` that a reviewer is to decide, ``report.linked`` which
    case it belongs to.
    """

    EXAMPLE: ClassVar[dict[str, Any]] = EXAMPLE_SAID


@event("report.rejected", owner="intake", aggregate="report")
class ReportRejected(EventData):
    """A report opens no case, for this reason. ``case`` is the id that it would have had;
    ``turn_to`` says where the reporter can turn, ``by`` is the reviewer, if one decided."""

    report: Ref
    case: Ref | None = None
    reason: Rejection
    matter: MatterSaid
    reachable: tuple[Code, ...] = ()
    language: Language = "zh"
    turn_to: Text | None = None
    by: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "reason": "outside_district",
        "matter": "part/utilities/manhole-cover",
        "reachable": [],
        "language": "zh",
        "turn_to": {"zh": "请拨打市政务服务热线。", "en": "Please call the city's hotline."},
        "by": None,
    }


@event("triage.requested", owner="intake", aggregate="report")
class TriageRequested(EventData):
    """No rule can say what a report opens: it waits for a reviewer until ``due_at``."""

    report: Ref
    case: Ref
    reason: Unclear
    receiver: Ref | None = None
    requested_at: Instant
    due_at: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "reason": "matter_not_said",
        "receiver": "intake-desk",
        "requested_at": EXAMPLE_AT,
        "due_at": _LATER,
    }


@event("report.triaged", owner="intake", aggregate="report")
class ReportTriaged(Said):
    """A reviewer has said which matter and condition it is: the report opens its case.

    The case's time runs from the report, as if it had been filed at once.
    """

    triaged_by: Ref
    triaged_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **EXAMPLE_SAID,
        "triaged_by": "p-000077",
        "triaged_at": _LATER,
    }


@event("report.withdrawn", owner="intake", aggregate="report")
class ReportWithdrawn(EventData):
    """The reporter takes the report back. ``last``: no other report of the case stands."""

    report: Ref
    case: Ref
    reason: Code
    last: bool
    withdrawn_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "reason": "solved_itself",
        "last": True,
        "withdrawn_at": _LATER,
    }


@event("report.supplemented", owner="intake", aggregate="report")
class ReportSupplemented(EventData):
    """The reporter has added something. It is in the vault; ``added`` says which kinds
    (``words``, ``contact``) there are now more of."""

    report: Ref
    case: Ref
    number: Annotated[int, Field(ge=1)]
    added: tuple[Code, ...]
    reachable: tuple[Code, ...] = ()
    supplemented_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "number": 1,
        "added": ["words"],
        "reachable": ["inapp"],
        "supplemented_at": _LATER,
    }


@event("reopening.requested", owner="intake", aggregate="report")
class ReopeningRequested(EventData):
    """A reporter of a closed case says that it is not done. Dispatch decides by its rules. ``by``
    is the operator who was told so on the telephone; null where the reporter asked."""

    report: Ref
    case: Ref
    reason: Code
    requested_at: Instant
    by: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "reason": "not_done",
        "requested_at": "2026-01-06T10:00:00+08:00",
        "by": None,
    }


@event("satisfaction.rated", owner="intake", aggregate="report")
class SatisfactionRated(EventData):
    """A reporter says whether the problem is solved and how satisfied they are (1 to 5).

    ``by`` is the operator who asked and wrote the answer down (回访); null where the reporter
    voted.
    """

    report: Ref
    case: Ref
    solved: bool
    score: Annotated[int, Field(ge=1, le=5)]
    rated_at: Instant
    by: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "solved": True,
        "score": 5,
        "rated_at": "2026-01-06T10:00:00+08:00",
        "by": None,
    }
