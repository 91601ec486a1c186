"""Events of notification: who was told, by which channel. Never what or where to."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.values import Code, Instant, Ref

NoticeKind = Annotated[
    str,
    Field(
        pattern="^(received|rejected|linked|unlinked|assigned|closed|voided|reopened"
        "|reopening_referred|reopening_refused)$"
    ),
]
_NOTICE = {
    "notice": "notice:3c4d",
    "report": "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d",
    "case": "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11",
    "kind": "closed",
    "channel": "email",
}


class _Notice(EventData):
    notice: Ref
    report: Ref
    case: Ref
    kind: NoticeKind
    channel: Annotated[str, Field(pattern="^(inapp|email)$")]


@event("subscription.created", owner="notification", aggregate="notice")
class SubscriptionCreated(EventData):
    """A reporter is to be told what becomes of the case: by these channels (perhaps none), in
    this language. Said again where a reporter can be reached in another way than before.
    ``recorded``: the report is imported history, of which nobody is told."""

    report: Ref
    case: Ref
    channels: tuple[Annotated[str, Field(pattern="^(inapp|email)$")], ...]
    language: Annotated[str, Field(pattern="^(zh|en)$")]
    recorded: bool = False

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": _NOTICE["report"],
        "case": _NOTICE["case"],
        "channels": ["inapp", "email"],
        "language": "zh",
        "recorded": False,
    }


@event("subscription.cancelled", owner="notification", aggregate="notice")
class SubscriptionCancelled(EventData):
    """A reporter is told nothing more of this case: the report belongs to another from now on, or
    was withdrawn."""

    report: Ref
    case: Ref
    reason: Code
    cancelled_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "report": _NOTICE["report"],
        "case": _NOTICE["case"],
        "reason": "linked",
        "cancelled_at": "2026-01-05T11:00:00+08:00",
    }


@event("notice.queued", owner="notification", aggregate="notice")
class NoticeQueued(_Notice):
    """A reporter is about to be told; sending takes longer than deciding."""

    queued_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {**_NOTICE, "queued_at": "2026-01-05T11:00:00+08:00"}


@event("notice.sent", owner="notification", aggregate="notice")
class NoticeSent(_Notice):
    """A reporter was told."""

    sent_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {**_NOTICE, "sent_at": "2026-01-05T11:00:05+08:00"}


@event("notice.failed", owner="notification", aggregate="notice")
class NoticeFailed(_Notice):
    """A reporter could not be told; ``reason`` is a code, never an address."""

    reason: Code
    failed_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_NOTICE,
        "reason": "no_address",
        "failed_at": "2026-01-05T11:00:05+08:00",
    }
