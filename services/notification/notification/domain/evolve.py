"""What each event makes of the notices of a case."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from case_contracts.events import notification as events
from case_contracts.events.base import EventData
from notification.domain.state import CHANNELS, CaseNotices, Notice, Outcome, Subscriber


def evolve(state: CaseNotices, event: EventData) -> CaseNotices:
    return APPLY[type(event)](state, event)


def _subscribed(state: CaseNotices, event: events.SubscriptionCreated) -> CaseNotices:
    subscriber = Subscriber(
        report=event.report,
        channels=tuple(c for c in CHANNELS if c in event.channels),
        language=event.language,
        recorded=event.recorded,
    )
    others = tuple(s for s in state.subscribers if s.report != event.report)
    return state.model_copy(update={"subscribers": (*others, subscriber)})


def _left(state: CaseNotices, event: events.SubscriptionCancelled) -> CaseNotices:
    subscribers = tuple(
        s.model_copy(update={"left": True}) if s.report == event.report else s
        for s in state.subscribers
    )
    return state.model_copy(update={"subscribers": subscribers})


def _put(
    state: CaseNotices, event: Any, outcome: Outcome, at: datetime, reason: str | None = None
) -> CaseNotices:
    """The notice with this outcome, in its place or at the end."""
    notice = Notice(
        notice=event.notice,
        report=event.report,
        kind=event.kind,
        channel=event.channel,
        outcome=outcome,
        at=at,
        reason=reason,
    )
    if state.notice(notice.notice) is None:
        return state.model_copy(update={"notices": (*state.notices, notice)})
    notices = tuple(notice if n.notice == notice.notice else n for n in state.notices)
    return state.model_copy(update={"notices": notices})


def _queued(state: CaseNotices, event: events.NoticeQueued) -> CaseNotices:
    return _put(state, event, Outcome.QUEUED, event.queued_at)


def _sent(state: CaseNotices, event: events.NoticeSent) -> CaseNotices:
    return _put(state, event, Outcome.SENT, event.sent_at)


def _failed(state: CaseNotices, event: events.NoticeFailed) -> CaseNotices:
    return _put(state, event, Outcome.FAILED, event.failed_at, event.reason)


APPLY: dict[type[EventData], Callable[[CaseNotices, Any], CaseNotices]] = {
    events.SubscriptionCreated: _subscribed,
    events.SubscriptionCancelled: _left,
    events.NoticeQueued: _queued,
    events.NoticeSent: _sent,
    events.NoticeFailed: _failed,
}
