"""Reading requests as Open311 shows them: by id, and by when they were made.

``fact_requests`` has a row for each report that may be listed, found by the day on which it was
made. Its days are read from the newest on, few at first, until enough requests were found.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.domain.open311 import Span, Status, Wanted, day_of, may_be_listed
from intake.domain.progress import Kind, Progress, progress_of
from intake.domain.report import ReportState
from intake.views.progress import case_states, happened
from service_kit.mongo import ASCENDING, Database, Document

REQUESTS = "fact_requests"
AT_A_TIME = 100
MOST_DAYS_AT_A_TIME = 16


@dataclass(frozen=True)
class Shown:
    """A report and how far its case has come."""

    report: ReportState
    way: Progress
    updated_at: datetime

    @property
    def status(self) -> Status:
        """Closed also when it was rejected, its reporter took it back, or its case is void."""
        report, way = self.report, self.way
        over = report.rejected or report.withdrawn_at or way.closed_at or way.voided_at
        return Status.CLOSED if over else Status.OPEN


async def create_indexes(database: Database) -> None:
    await database[REQUESTS].create_index([("day", ASCENDING)], name="day")


async def shown(database: Database, reports: Sequence[str]) -> list[Shown]:
    """Those of the reports (100 at most) that were received, in their order."""
    rows = database["view_report"].find({"_id": {"$in": list(reports)}})
    states = {row["_id"]: ReportState.model_validate(row["state"]) async for row in rows}
    cases = sorted({state.in_case for state in states.values() if state.in_case})
    opened, facts = await case_states(database, cases), await happened(database, cases)
    found = []
    for report in (states[each] for each in reports if each in states):
        if report.reported_at is None:
            continue
        case = opened.get(report.in_case or "")
        rows_of_case = facts.get(report.in_case or "", [])
        way = progress_of(report, case.opened_at if case else None, rows_of_case)
        moments = [row.at for row in rows_of_case if row.kind is not Kind.TOLD]
        found.append(Shown(report, way, _updated(report, way, moments)))
    return found


def _updated(report: ReportState, way: Progress, moments: Sequence[datetime]) -> datetime:
    """When it last changed; of a closed one when it was closed."""
    if way.closed_at is not None:
        return way.closed_at
    assert report.reported_at is not None
    known = [report.reported_at, *way.passed.values(), *moments]
    return max(known if report.withdrawn_at is None else [*known, report.withdrawn_at])


async def listed(database: Database, wanted: Wanted) -> AsyncIterator[Shown]:
    """The requests wanted, the newest first."""
    for days in days_of(wanted.span):
        found = await _of_days(database, days, wanted)
        for begin in range(0, len(found), AT_A_TIME):
            for each in await shown(database, found[begin : begin + AT_A_TIME]):
                if _fits(each, wanted):
                    yield each


def _fits(found: Shown, wanted: Wanted) -> bool:
    """As it is now: a reviewer may have said another matter than its reporter."""
    report = found.report
    matter = wanted.matters is None or report.matter in wanted.matters
    return may_be_listed(report) and matter and wanted.status in {None, found.status}


async def _of_days(database: Database, days: Sequence[int], wanted: Wanted) -> list[str]:
    """Reports of these days, the newest first, each once."""
    query: Document = {"day": {"$in": list(days)}}
    if wanted.matters is not None:
        query["matter"] = {"$in": sorted(wanted.matters)}
    rows = [row async for row in database[REQUESTS].find(query) if row["at"] in wanted.span]
    rows.sort(key=lambda row: (row["at"], row["report"]), reverse=True)
    return list(dict.fromkeys(row["report"] for row in rows))


def days_of(span: Span) -> Iterator[list[int]]:
    """The span's days from the newest on: one, then two, then four..."""
    last, first, size = day_of(span.end), day_of(span.start), 1
    while last >= first:
        yield list(range(last, max(last - size, first - 1), -1))
        last, size = last - size, min(2 * size, MOST_DAYS_AT_A_TIME)
