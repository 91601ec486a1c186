"""Reading many reports at once."""

from collections.abc import Sequence

from intake.domain.report import ReportState
from service_kit.mongo import Database


async def report_states(database: Database, reports: Sequence[str]) -> list[ReportState]:
    """Those of the reports (up to 100) that were received, in no order."""
    found = database["view_report"].find({"_id": {"$in": list(reports)}})
    return [ReportState.model_validate(row["state"]) async for row in found]
