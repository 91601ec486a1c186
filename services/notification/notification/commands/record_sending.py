"""What became of an email."""

from dataclasses import dataclass

from case_contracts.events.notification import NoticeFailed, NoticeSent
from notification.domain.state import CaseNotices, Outcome
from service_kit.errors import NotFound
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class RecordSending:
    """``reason``: a code, where it finally failed; None: the mail server has taken it."""

    notice: str
    reason: str | None = None


def decide(state: CaseNotices, command: RecordSending, context: Context) -> Decision:
    """The first word on a notice is the last: another worker's changes nothing."""
    notice = state.notice(command.notice)
    if notice is None:
        raise NotFound(f"there is no {command.notice}")
    if notice.outcome != Outcome.QUEUED:
        return []
    if command.reason is None:
        return [
            NoticeSent(
                notice=notice.notice, report=notice.report, case=state.case, kind=notice.kind,
                channel=notice.channel, sent_at=context.now,
            )
        ]  # fmt: skip
    return [
        NoticeFailed(
            notice=notice.notice, report=notice.report, case=state.case, kind=notice.kind,
            channel=notice.channel, reason=command.reason, failed_at=context.now,
        )
    ]  # fmt: skip
