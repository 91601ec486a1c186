"""Reports, from intake."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.intake import (
    ReportReceived,
    ReportRejected,
    ReportSupplemented,
    ReportWithdrawn,
)
from notification.commands.aggregate import id_of
from notification.commands.follow_report import LeaveCase
from notification.commands.hear_report import HearReport
from notification.commands.reach_otherwise import ReachOtherwise
from notification.commands.tell_reporters import TellReporters
from service_kit.events.subscriptions import Translated


def on_report_received(data: ReportReceived, envelope: Envelope) -> Translated:
    return Translated(id_of(data.case), HearReport(data, envelope.recordedat))


def on_report_rejected(data: ReportRejected, _: Envelope) -> Translated | None:
    """None where intake could not say which case it would have been: nobody subscribed to it."""
    if data.case is None:
        return None
    return Translated(id_of(data.case), TellReporters("rejected", data.report))


def on_report_withdrawn(data: ReportWithdrawn, _: Envelope) -> Translated:
    """Who has withdrawn is told nothing more."""
    return Translated(id_of(data.case), LeaveCase(data.report, "withdrawn"))


def on_report_supplemented(data: ReportSupplemented, _: Envelope) -> Translated | None:
    """Only a contact changes anything for us."""
    if "contact" not in data.added:
        return None
    return Translated(id_of(data.case), ReachOtherwise(data.report, data.reachable))


def case_of_report(data: ReportReceived, _: Envelope) -> dict[str, Any]:
    """Where the notices of a report are to be found; and of whom it complains, who must not."""
    row = {"report": data.report, "notices": id_of(data.case)}
    return row if data.about is None else {**row, "about": data.about.model_dump()}
