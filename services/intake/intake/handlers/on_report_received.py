"""Our own ``report.received`` and ``report.triaged``: what was filed opens its case, in the same
batch."""

from case_contracts.events.intake import Said
from intake.commands.open_case import OpenCase
from service_kit.events.subscriptions import Translated


def open_its_case(data: Said) -> Translated | None:
    if data.filing is None:
        return None
    return Translated(data.case, OpenCase(data, data.filing), fresh=True)
