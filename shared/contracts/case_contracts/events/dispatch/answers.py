"""What reporters are told at the end, and cases that end without work."""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE
from case_contracts.values import Code, Instant, Ref


@event("answer.given", owner="dispatch", aggregate="case")
class AnswerGiven(EventData):
    """The reporters have their answer: ``statement`` are the words for them, which dispatch keeps
    and gives out by this reference (``GET /answers/{statement}``). ``on_time`` is null without a
    limit."""

    case: Ref
    statement: Ref
    by: Ref
    given_at: Instant
    on_time: bool | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "statement": "statement:1a2b",
        "by": "p-000077",
        "given_at": AT,
        "on_time": True,
    }


@event("answer.overdue", owner="dispatch", aggregate="case")
class AnswerOverdue(EventData):
    """The case is closed and its reporters have no answer within the limit. ``due_at`` is exact."""

    case: Ref
    due_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {"case": CASE, "due_at": "2026-01-06T11:00:00+08:00"}


@event("voiding.requested", owner="dispatch", aggregate="case")
class VoidingRequested(EventData):
    """Somebody asks that the case ends void, for this reason; another person must approve."""

    case: Ref
    by: Ref
    reason: Code
    statement: Ref | None = None
    requested_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "by": "p-000123",
        "reason": "no_such_problem",
        "statement": "statement:1a2b",
        "requested_at": AT,
    }


@event("voiding.refused", owner="dispatch", aggregate="case")
class VoidingRefused(EventData):
    """The case goes on: the approver did not agree that it ends void."""

    case: Ref
    by: Ref
    reason: Code
    statement: Ref | None = None
    refused_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "by": "p-000077",
        "reason": "problem_is_there",
        "statement": None,
        "refused_at": AT,
    }


@event("merging.requested", owner="dispatch", aggregate="case")
class MergingRequested(EventData):
    """A supervisor says that the reports of this case belong to the case ``into`` (并案): intake
    links them, and each reporter keeps every right."""

    case: Ref
    into: Ref
    by: Ref
    requested_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "into": "case:0c7be5d2-8f0d-5a45-9d6e-2f5a1f6e9b10",
        "by": "p-000077",
        "requested_at": AT,
    }
