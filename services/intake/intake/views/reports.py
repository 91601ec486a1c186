"""The view of reports, and how it is searched. Most are as they came, and have none: their states
are folded from their commits, whose batches have them by the day on which they were made."""

from collections.abc import Mapping, Sequence
from typing import Any

from case_contracts.events.intake import ReportReceived
from intake.domain.looked_up import kept_day
from intake.domain.report import ReportAggregate, ReportState
from service_kit.mongo import ASCENDING, Database
from service_kit.store.kept import Kept, create_index
from service_kit.store.views import Views

VIEW, MADE = "view_report", "fact_made"
AT_ONCE = 100
REPORTS = ReportAggregate({})
"""For reading alone: nothing can be asked of it."""


async def create_indexes(database: Database) -> None:
    """One for whatever is asked of the view: see looked_up."""
    await database[VIEW].create_index([("by", ASCENDING)], name="by", sparse=True)
    await create_index(database, KEPT)


async def report_states(database: Database, reports: Sequence[str]) -> dict[str, ReportState]:
    """Those of the reports that are known."""
    found: dict[str, ReportState] = {}
    for first in range(0, len(reports), AT_ONCE):
        found |= await Views(database).states(REPORTS, reports[first : first + AT_ONCE])
    return found


def made(data: ReportReceived) -> Mapping[str, Any] | None:
    """What puts it into its place among others, as it came."""
    day = kept_day(data)
    if day is None:
        return None
    at = data.reported_at.isoformat()
    return {"day": day, "report": data.report, "case": data.case, "matter": data.matter, "at": at}


KEPT = Kept(ReportReceived, MADE, made, together="day")
