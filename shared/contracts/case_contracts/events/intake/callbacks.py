"""Events of call-backs (回访): who left only a telephone number is called. Never the number."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import EXAMPLE_CASE, EXAMPLE_REPORT
from case_contracts.values import Instant, Ref

_CALLBACK = f"callback:{EXAMPLE_CASE}:1"
_AT = "2026-01-06T10:00:00+08:00"


class CallbackWhy(StrEnum):
    """What the reporter is called about."""

    CLOSED = "closed"
    REJECTED = "rejected"
    REOPENING_REFUSED = "reopening_refused"


class CallOutcome(StrEnum):
    """How a call went. Nobody answering is tried again, everything else is the end of it."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    DECLINED = "declined"


class DropReason(StrEnum):
    """Why a call-back is not made after all."""

    WITHDRAWN = "withdrawn"
    ANSWERED_OTHERWISE = "answered_otherwise"
    NOT_BEHIND_THE_CASE = "not_behind_the_case"
    REOPENED = "reopened"
    NO_NUMBER = "no_number"


class _Callback(EventData):
    callback: Ref
    report: Ref
    case: Ref


_FACT = {"callback": _CALLBACK, "report": EXAMPLE_REPORT, "case": EXAMPLE_CASE}


@event("callback.promised", owner="intake", aggregate="callback")
class CallbackPromised(EventData):
    """A reporter of the case can be told by telephone alone: they will be called when it is
    closed, or when it is said that it stays closed or opens none."""

    report: Ref
    case: Ref

    EXAMPLE: ClassVar[dict[str, Any]] = {"report": EXAMPLE_REPORT, "case": EXAMPLE_CASE}


@event("callback.requested", owner="intake", aggregate="callback")
class CallbackRequested(_Callback):
    """A reporter is to be called until ``due_at``; ``happened_at`` is when that happened which
    they are called about."""

    why: CallbackWhy
    happened_at: Instant
    asked_at: Instant
    due_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_FACT,
        "why": "closed",
        "happened_at": "2026-01-05T11:00:00+08:00",
        "asked_at": "2026-01-05T11:00:01+08:00",
        "due_at": "2026-01-06T11:00:01+08:00",
    }


@event("callback.claimed", owner="intake", aggregate="callback")
class CallbackClaimed(_Callback):
    """An operator has the call until ``until``, and nobody else calls the same person."""

    by: Ref
    until: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_FACT,
        "by": "p-000201",
        "until": "2026-01-06T10:15:00+08:00",
    }


@event("callback.made", owner="intake", aggregate="callback")
class CallbackMade(_Callback):
    """An operator has called, and what was answered: null where nothing was. ``again_at`` is
    when to call again, null when there is an end of it."""

    by: Ref
    why: CallbackWhy
    happened_at: Instant
    outcome: CallOutcome
    attempt: Annotated[int, Field(ge=1)]
    solved: bool | None = None
    score: Annotated[int, Field(ge=1, le=5)] | None = None
    wants_reopening: bool = False
    made_at: Instant
    again_at: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_FACT,
        "by": "p-000201",
        "why": "closed",
        "happened_at": "2026-01-05T11:00:00+08:00",
        "outcome": "reached",
        "attempt": 1,
        "solved": True,
        "score": 4,
        "wants_reopening": False,
        "made_at": _AT,
        "again_at": None,
    }


@event("callback.dropped", owner="intake", aggregate="callback")
class CallbackDropped(_Callback):
    """A call-back is not made after all."""

    reason: DropReason
    dropped_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {**_FACT, "reason": "withdrawn", "dropped_at": _AT}
