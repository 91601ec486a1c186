"""Reading requests as Open311 shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.domain.open311 import Status
from intake.domain.progress import Kind, Progress, progress_of
from intake.domain.report import ReportState
from intake.views.progress import case_states, happened
from intake.views.reports import report_states
from service_kit.mongo import Database

AT_A_TIME = 100


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


async def shown(database: Database, reports: Sequence[str]) -> list[Shown]:
    """Those of the reports (100 at most) that were received, in their order."""
    known = await report_states(database, reports)
    cases = sorted({state.in_case for state in known.values() if state.in_case})
    opened, facts = await case_states(database, cases), await happened(database, cases)
    found = []
    for report in (known[each] for each in reports if each in known):
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
