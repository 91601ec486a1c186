"""Our own ``report.received``: a report that was filed opens its case."""

from case_contracts.envelope import Envelope
from case_contracts.events.intake import ReportReceived
from intake.commands.open_case import OpenCase
from service_kit.events.subscriptions import Translated


def open_its_case(data: ReportReceived, envelope: Envelope) -> Translated | None:
    if data.filing is None:
        return None
    return Translated(data.case, OpenCase(data, data.filing))
