"""Events of duplicates: which reports are about one problem (重复上报)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import (
    EXAMPLE_CASE,
    EXAMPLE_REPORT,
    EXAMPLE_SAID,
    Language,
    Said,
)
from case_contracts.values import Code, Instant, Ref

_OTHER = "case:0c7be5d2-8f0d-5a45-9d6e-2f5a1f6e9b10"
_AT = "2026-01-05T09:12:00+08:00"


class Likeness(EventData):
    """Why two reports are taken for one problem: how far apart in place (metres) and time
    (hours), and the score from 0 to 1 that the district's rule makes of it."""

    metres: Annotated[float, Field(ge=0)] | None = None
    hours: Annotated[float, Field(ge=0)] | None = None
    score: Annotated[float, Field(ge=0, le=1)]


@event("link.proposed", owner="intake", aggregate="report")
class LinkProposed(EventData):
    """A report may be about the same problem as an older case: a person decides."""

    report: Ref
    case: Ref
    to_case: Ref
    likeness: Likeness
    proposed_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "to_case": _OTHER,
        "likeness": {"metres": 31.5, "hours": 20.0, "score": 0.62},
        "proposed_at": _AT,
    }


@event("link.declined", owner="intake", aggregate="report")
class LinkDeclined(EventData):
    """A person has said that a report is not about the problem of that case."""

    report: Ref
    case: Ref
    to_case: Ref
    by: Ref
    declined_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": EXAMPLE_CASE,
        "to_case": _OTHER,
        "by": "p-000077",
        "declined_at": _AT,
    }


@event("report.linked", owner="intake", aggregate="report")
class ReportLinked(EventData):
    """A report belongs to ``case`` from now on; its reporter keeps every right there.

    ``by`` is who linked it, null for the machine, by the district's rule. ``from_case`` is the
    case that had been opened from the report before, null where it had opened none; ``emptied``
    says that no other report stands behind that one.
    """

    report: Ref
    case: Ref
    from_case: Ref | None = None
    emptied: bool = False
    by: Ref | None = None
    likeness: Likeness | None = None
    reporter: Ref | None = None
    reachable: tuple[Code, ...] = ()
    language: Language = "zh"
    linked_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": EXAMPLE_REPORT,
        "case": _OTHER,
        "from_case": None,
        "emptied": False,
        "by": None,
        "likeness": {"metres": 8.0, "hours": 3.5, "score": 0.93},
        "reporter": "r-55ab01",
        "reachable": ["inapp"],
        "language": "zh",
        "linked_at": _AT,
    }


@event("report.unlinked", owner="intake", aggregate="report")
class ReportUnlinked(Said):
    """A report does not belong to ``from_case`` after all: it opens ``case``, a new one.

    The new case's time runs from the report, as if it had never been linked.
    """

    from_case: Ref
    unlinked_by: Ref
    reason: Code
    unlinked_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **EXAMPLE_SAID,
        "case": "case:7a1d5d0e-4c1c-5b1e-9a51-0f5f6a7a7b99",
        "from_case": _OTHER,
        "unlinked_by": "p-000077",
        "reason": "other_problem",
        "unlinked_at": "2026-01-05T15:12:00+08:00",
    }
