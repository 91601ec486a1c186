"""Reading what a reporter may know of a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.registry import Condition, StandardMatter
from case_contracts.values import Limit, Text, Versioned
from intake.domain.case import CaseAggregate, CaseState
from intake.domain.progress import Happened, Kind, Progress, progress_of
from intake.domain.report import ReportState
from intake.domain.world import World
from intake.views.reports import report_states
from service_kit.mongo import ASCENDING, Database, Document
from service_kit.store.views import Views

FACTS = "fact_progress"
CASES = CaseAggregate({})
"""For reading alone: nothing can be asked of it."""


async def create_indexes(database: Database) -> None:
    await database[FACTS].create_index([("case", ASCENDING)], name="case")


async def report_state(database: Database, report: str) -> ReportState | None:
    return (await report_states(database, [report])).get(report)


async def case_state(database: Database, case: str) -> CaseState | None:
    return (await case_states(database, [case])).get(case)


async def case_states(database: Database, cases: Sequence[str]) -> dict[str, CaseState]:
    """Those of the cases (100 at most) that have been opened."""
    return await Views(database).states(CASES, cases)


async def progress(database: Database, report: ReportState) -> Progress:
    """How far the report's case has come."""
    if report.in_case is None:
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


async def last_ending(database: Database, report: ReportState) -> datetime | None:
    """When the case was closed, or voided by hand; None while it is open."""
    return (await progress(database, report)).ended_at


def _happened(row: Document) -> Happened:
    return Happened(
        Kind(row["kind"]),
        row["at"],
        row.get("due_at"),
        row.get("on_time"),
        row.get("report"),
        row.get("by_grid", False),
        row.get("reason"),
        row.get("by_hand", False),
        row.get("statement"),
    )


@dataclass(frozen=True)
class Names:
    """Labels of what a report is about, as far as the district has them; the limit and the closing
    condition that its case has by the pinned standard."""

    matter: Text | None = None
    condition: Text | None = None
    grid: Text | None = None
    condition_code: str | None = None
    limit: Limit | None = None
    closing: Text | None = None


def names(report: ReportState, world: World, case: CaseState | None = None) -> Names:
    """By the case that the report stands behind, where it is given; else by what was said."""
    if report.reported_at is None or world.district is None:
        return Names()
    about = _About.of(report, case)
    standard = world.standards.pinned(about.standard) if about.standard else None
    matter = (standard or world.standard_at(report.reported_at)).matters.get(about.matter)
    condition = _condition(matter, about.condition)
    return Names(
        matter=matter.name if matter else None,
        condition=condition.name if condition else None,
        grid=_grid_name(about.grid, world, report.reported_at),
        condition_code=about.condition,
        limit=condition.handle if condition else None,
        closing=condition.closing if condition else None,
    )


@dataclass(frozen=True)
class _About:
    """What it is filed as: by its case, or by its own filing."""

    matter: str
    condition: str | None = None
    grid: str | None = None
    standard: Versioned | None = None

    @classmethod
    def of(cls, report: ReportState, case: CaseState | None) -> "_About":
        if case is not None and case.standard is not None:
            return cls(case.matter, case.condition, case.grid, case.standard)
        filing = report.filing
        if filing is None:
            return cls(report.matter)
        return cls(report.matter, filing.condition, filing.grid, filing.standard)


def _condition(matter: StandardMatter | None, code: str | None) -> Condition | None:
    if matter is None:
        return None
    return next((c for c in matter.conditions if c.code == code), None)


def _grid_name(grid: str | None, world: World, at: datetime) -> Text | None:
    if grid is None or not world.grids.known(grid, at):
        return None
    return world.grids.published(grid, at).name
