"""Reading what a reporter may know of a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.registry import Condition, StandardMatter
from case_contracts.values import Text
from intake.domain.case import CaseState
from intake.domain.progress import Happened, Kind, Progress, progress_of
from intake.domain.report import ReportState
from intake.domain.world import World
from service_kit.mongo import ASCENDING, Database, Document

FACTS = "fact_progress"


async def create_indexes(database: Database) -> None:
    await database[FACTS].create_index([("case", ASCENDING)], name="case")


async def report_state(database: Database, report: str) -> ReportState | None:
    found = await database["view_report"].find_one({"_id": report})
    return None if found is None else ReportState.model_validate(found["state"])


async def case_state(database: Database, case: str) -> CaseState | None:
    found = await database["view_case"].find_one({"_id": case})
    return None if found is None else CaseState.model_validate(found["state"])


async def case_states(database: Database, cases: Sequence[str]) -> dict[str, CaseState]:
    """Those of the cases that have been opened."""
    found = database["view_case"].find({"_id": {"$in": list(cases)}})
    return {row["_id"]: CaseState.model_validate(row["state"]) async for row in found}


async def progress(database: Database, report: ReportState) -> Progress:
    """How far the report's case has come."""
    if report.filing is None:
        return progress_of(report, None, [])
    case = await case_state(database, report.case)
    rows = [_happened(d) async for d in database[FACTS].find({"case": report.case})]
    return progress_of(report, case.opened_at if case else None, rows)


async def happened(database: Database, cases: Sequence[str]) -> dict[str, list[Happened]]:
    """What happened to each of the cases (100 at most)."""
    found: dict[str, list[Happened]] = {}
    async for row in database[FACTS].find({"case": {"$in": list(cases)}}):
        found.setdefault(row["case"], []).append(_happened(row))
    return found


async def last_closing(database: Database, report: ReportState) -> datetime | None:
    """When the case was closed; None while it is open."""
    return (await progress(database, report)).closed_at


def _happened(row: Document) -> Happened:
    return Happened(
        Kind(row["kind"]), row["at"], row.get("due_at"), row.get("on_time"), row.get("report")
    )


@dataclass(frozen=True)
class Names:
    """Labels of what a report is about, as far as the district has them."""

    matter: Text | None = None
    condition: Text | None = None
    grid: Text | None = None


def names(report: ReportState, world: World) -> Names:
    if report.reported_at is None or world.district is None:
        return Names()
    matter = world.standard_at(report.reported_at).matters.get(report.matter)
    condition = _condition(matter, report)
    return Names(
        matter.name if matter else None,
        condition.name if condition else None,
        _grid_name(report, world),
    )


def _condition(matter: StandardMatter | None, report: ReportState) -> Condition | None:
    if matter is None or report.filing is None:
        return None
    code = report.filing.condition
    return next((c for c in matter.conditions if c.code == code), None)


def _grid_name(report: ReportState, world: World) -> Text | None:
    if report.filing is None or report.reported_at is None:
        return None
    grid, at = report.filing.grid, report.reported_at
    return world.grids.published(grid, at).name if world.grids.known(grid, at) else None
