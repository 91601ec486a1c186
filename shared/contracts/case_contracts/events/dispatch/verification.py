"""The check by somebody who did not do the work."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import CASE, DEPARTMENT, POST, TASK
from case_contracts.values import (
    Code,
    Instant,
    Party,
    Ref,
)


@event("verification.requested", owner="dispatch", aggregate="case")
class VerificationRequested(EventData):
    """Somebody who is not the handler is to check the work against the closing condition."""

    case: Ref
    taskid: Ref
    round: Annotated[int, Field(ge=1)]
    verifier: Party | None
    requested_at: Instant
    due_at: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "round": 1,
        "verifier": POST,
        "requested_at": "2026-01-05T10:40:00+08:00",
        "due_at": "2026-01-05T16:40:00+08:00",
    }


class _Verified(EventData):
    case: Ref
    taskid: Ref
    round: Annotated[int, Field(ge=1)]
    by: Ref
    handler: Party
    verified_at: Instant
    evidence: tuple[Ref, ...] = ()


_VERIFIED = {
    "case": CASE,
    "taskid": TASK,
    "round": 1,
    "by": "p-000077",
    "handler": DEPARTMENT,
    "verified_at": "2026-01-05T11:00:00+08:00",
    "evidence": ["evidence:2"],
}


@event("verification.passed", owner="dispatch", aggregate="case")
class VerificationPassed(_Verified):
    """The work meets the closing condition, says somebody who did not do it."""

    EXAMPLE: ClassVar[dict[str, Any]] = _VERIFIED


@event("verification.failed", owner="dispatch", aggregate="case")
class VerificationFailed(_Verified):
    """The work does not meet the closing condition; the handler reworks it."""

    reason: Code

    EXAMPLE: ClassVar[dict[str, Any]] = {**_VERIFIED, "reason": "not_done"}


@event("verification.overdue", owner="dispatch", aggregate="case")
class VerificationOverdue(EventData):
    """The verifier's limit has run out without a word: the check goes to somebody else further
    up, and the case never closes by itself. ``due_at`` is exact."""

    case: Ref
    taskid: Ref
    round: Annotated[int, Field(ge=1)]
    verifier: Party | None
    due_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "round": 1,
        "verifier": POST,
        "due_at": "2026-01-05T16:40:00+08:00",
    }
