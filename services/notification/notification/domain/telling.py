"""From "this reporter is to be told" to events: one notice per channel."""

from datetime import datetime

from case_contracts.events import notification as events
from case_contracts.events.base import EventData
from notification.domain.state import CaseNotices, Channel, Kind, Subscriber

NO_SMTP = "no_smtp"


def tell(
    state: CaseNotices, subscriber: Subscriber, kind: Kind, at: datetime, *, email: bool
) -> list[EventData]:
    """A notice in the app is there at once; an email waits to be sent."""
    if subscriber.recorded:
        return []
    number = _number(state, subscriber.report, kind)
    return [
        _notice(state.case, subscriber.report, kind, channel, number, at, email=email)
        for channel in subscriber.channels
    ]


def _number(state: CaseNotices, report: str, kind: Kind) -> int:
    """The how manieth of its kind: a case can be closed more than once."""
    told = state.of(report, kind)
    return len([n for n in told if n.channel == told[0].channel]) + 1


def _notice(
    case: str, report: str, kind: Kind, channel: Channel, number: int, at: datetime, *, email: bool
) -> EventData:
    # The case is in it: a report that has moved is told of either case, each time by itself.
    notice = f"notice:{report}:{case.rpartition(':')[2]}:{kind}:{number}:{channel}"
    if channel == "inapp":
        return events.NoticeSent(
            notice=notice, report=report, case=case, kind=kind, channel=channel, sent_at=at
        )
    if not email:
        return events.NoticeFailed(
            notice=notice, report=report, case=case, kind=kind, channel=channel,
            reason=NO_SMTP, failed_at=at,
        )  # fmt: skip
    return events.NoticeQueued(
        notice=notice, report=report, case=case, kind=kind, channel=channel, queued_at=at
    )
