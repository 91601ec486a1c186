"""Links between reports and cases, from intake."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.intake import ReportLinked, ReportUnlinked
from notification.commands.aggregate import id_of
from notification.commands.follow_report import JoinCase, LeaveCase
from service_kit.events.subscriptions import Translated


def on_linked(data: ReportLinked, envelope: Envelope) -> Translated:
    said = (data.reachable, data.language, envelope.recordedat)
    return Translated(id_of(data.case), JoinCase(data.report, "linked", *said))


def on_linked_away(data: ReportLinked, _: Envelope) -> Translated | None:
    """Nobody need leave what was never opened."""
    if data.from_case is None:
        return None
    return Translated(id_of(data.from_case), LeaveCase(data.report, "linked"))


def on_unlinked(data: ReportUnlinked, envelope: Envelope) -> Translated:
    said = (data.reachable, data.language, envelope.recordedat)
    return Translated(id_of(data.case), JoinCase(data.report, "unlinked", *said))


def on_unlinked_away(data: ReportUnlinked, _: Envelope) -> Translated:
    return Translated(id_of(data.from_case), LeaveCase(data.report, "unlinked"))


def case_of_report(data: ReportLinked | ReportUnlinked, _: Envelope) -> dict[str, Any]:
    """Where the notices of a report are to be found, besides where they were."""
    return {"report": data.report, "notices": id_of(data.case)}
