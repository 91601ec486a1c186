"""Take a report: what was said becomes a fact, and at once it is filed or rejected."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import (
    Channel,
    Filing,
    Recorded,
    Rejection,
    ReportReceived,
    ReportRejected,
)
from case_contracts.values import About, Point
from intake.domain.filing import Claim, file_claim
from intake.domain.report import ReportState
from service_kit.store.model import Context, Decision, Occurred


@dataclass(frozen=True)
class ReceiveReport:
    """``point`` is exact and stays here: the events carry it coarsened.

    ``receiver`` took it and answers for it first; ``origin`` is the visit, campaign, sensor or
    import that it came from. ``recorded`` makes it history: its events occurred when it was
    reported.
    """

    case: str
    channel: Channel
    matter: str
    condition: str | None
    point: Point | None
    reported_at: datetime | None
    about: About | None
    reporter: str | None
    by: str | None
    reachable: tuple[str, ...]
    language: str
    recorded: Recorded | None = None
    receiver: str | None = None
    origin: str | None = None


def receive_report(state: ReportState, command: ReceiveReport, context: Context) -> Decision:
    """``report.received``, and ``report.rejected`` with it when it opens no case."""
    if state.case:
        return []
    at = command.reported_at or context.now
    found = file_claim(Claim(command.matter, command.condition, command.point, at), context.world)
    filing = found if isinstance(found, Filing) else None
    events = [
        _received(state.report, command, at, filing),
        *([_rejected(state.report, command, found)] if isinstance(found, Rejection) else []),
    ]
    return [Occurred(event, at) for event in events] if command.recorded else events


def _received(
    report: str, command: ReceiveReport, at: datetime, filing: Filing | None
) -> ReportReceived:
    return ReportReceived(
        report=report,
        case=command.case,
        channel=command.channel,
        matter=command.matter,
        condition=command.condition,
        point=command.point.coarse() if command.point else None,
        reported_at=at,
        about=command.about,
        reporter=command.reporter,
        by=command.by,
        receiver=command.receiver,
        origin=command.origin,
        reachable=command.reachable,
        language=command.language,
        recorded=command.recorded,
        filing=filing,
    )


def _rejected(report: str, command: ReceiveReport, reason: Rejection) -> ReportRejected:
    return ReportRejected(
        report=report,
        case=command.case,
        reason=reason,
        matter=command.matter,
        reachable=command.reachable,
        language=command.language,
    )
