"""Our own links, as rows of ``fact_link``: what was linked when, by whom or by the machine."""

from collections.abc import Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import MergingRequested
from case_contracts.events.intake import ReportLinked, ReportUnlinked
from intake.commands.open_case import OpenCase
from service_kit.store.model import Translated


def made(data: ReportLinked) -> Mapping[str, Any]:
    return {
        "report": data.report,
        "case": data.case,
        "from_case": data.from_case,
        "by": data.by,
        "likeness": data.likeness.model_dump() if data.likeness else None,
        "at": data.linked_at,
    }


def open_its_own(data: ReportUnlinked) -> Translated | None:
    """What was unlinked opens a case of its own, whose time runs from the report."""
    if data.filing is None:
        return None
    return Translated(data.case, OpenCase(data, data.filing), fresh=True)


def merging(data: MergingRequested, _: Envelope) -> Mapping[str, Any]:
    """A supervisor's word that a case's reports belong to another: followed by a sweep."""
    return {"case": data.case, "into": data.into, "by": data.by, "at": data.requested_at}
