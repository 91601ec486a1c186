"""Which reports stand behind a case, which links are proposed, and which were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from case_contracts.events.intake import Likeness
from intake.domain.looked_up import at_desk, linked_to
from intake.domain.progress import Kind
from intake.domain.report import ReportState
from intake.views.progress import FACTS, case_states
from intake.views.reports import AT_ONCE, VIEW, report_states
from service_kit.mongo import ASCENDING, Database

LINKS, MERGINGS = "fact_link", "fact_merging"


@dataclass(frozen=True)
class Made:
    """A link as it was made; ``by`` is None for the machine."""

    event: str
    report: str
    case: str
    from_case: str | None
    by: str | None
    likeness: Likeness | None
    at: datetime


async def create_indexes(database: Database) -> None:
    for name in (LINKS, MERGINGS):
        await database[name].create_index([("at", ASCENDING)], name="at")


async def reports_of(database: Database, cases: Sequence[str]) -> dict[str, list[ReportState]]:
    """The reports that stand behind each of the cases (100 at most): first the one that opened
    it, unless it was linked elsewhere since, then those linked to it, oldest first. A case that
    nothing is known of is left out."""
    opened = await case_states(database, cases)
    linked = database[VIEW].find({"by": {"$in": [linked_to(case) for case in cases]}})
    later = [ReportState.model_validate(row["state"]) async for row in linked]
    openers = await report_states(database, [r for state in opened.values() for r in state.reports])
    found: dict[str, list[ReportState]] = {case: [] for case in opened}
    for state in openers.values():
        if state.link is None:
            found.setdefault(state.case, []).append(state)
    for state in sorted(later, key=lambda each: (str(each.link and each.link.at), each.report)):
        found.setdefault(state.case, []).append(state)
    return {case: found[case] for case in cases if case in found}


async def empties(database: Database, report: ReportState) -> bool:
    """Whether nobody else's report would stand behind its case if it left."""
    own = report.in_case
    if own is None:
        return False
    behind = (await reports_of(database, [own])).get(own, [])
    return all(each.report == report.report or each.withdrawn_at for each in behind)


async def still_open(database: Database, cases: Sequence[str]) -> set[str]:
    """Those of the cases (100 at most) that are neither closed nor voided, as far as intake has
    heard."""
    ended: dict[str, tuple[datetime, bool]] = {}
    kinds = [Kind.CLOSED.value, Kind.REOPENED.value, Kind.VOIDED.value]
    async for row in database[FACTS].find({"case": {"$in": list(cases)}}):
        if row["kind"] in kinds:
            newest = (row["at"], row["kind"] != Kind.REOPENED)
            ended[row["case"]] = max(newest, ended.get(row["case"], newest))
    return {case for case in cases if not ended.get(case, (None, False))[1]}


async def merged_into(database: Database, cases: Sequence[str]) -> dict[str, str]:
    """Of the cases those that were voided because another goes on instead, with that one."""
    found: dict[str, str] = {}
    for first in range(0, len(cases), AT_ONCE):
        wanted = {"case": {"$in": list(cases[first : first + AT_ONCE])}}
        async for row in database[FACTS].find(wanted):
            if row["kind"] == Kind.VOIDED.value and row.get("into"):
                found[row["case"]] = row["into"]
    return found


async def proposals(database: Database, limit: int, after: str) -> list[ReportState]:
    """Reports with a proposed link, oldest first; ``after`` is the last report of the page
    before."""
    rows = database[VIEW].find({"by": at_desk("links")}, {"state": 1, "since": 1})
    waiting = sorted([(row["since"], row["_id"], row["state"]) async for row in rows],
                     key=lambda each: each[:2])  # fmt: skip
    ids = [report for _, report, _ in waiting]
    first = ids.index(after) + 1 if after in ids else 0
    return [ReportState.model_validate(state) for *_, state in waiting[first : first + limit]]


async def made(
    database: Database, start: datetime, end: datetime, machine: bool | None
) -> list[Made]:
    """The links made in ``[start, end)``, oldest first; only by the machine, or only by people."""
    rows = database[LINKS].find({"at": {"$gte": start, "$lt": end}})
    found = [_made(row) async for row in rows]
    wanted = [each for each in found if machine is None or (each.by is None) == machine]
    return sorted(wanted, key=lambda each: (each.at, each.event))


async def mergings(database: Database, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """The mergings that supervisors asked for in ``[start, end)``."""
    return await database[MERGINGS].find({"at": {"$gte": start, "$lt": end}}).to_list(None)


def _made(row: dict[str, Any]) -> Made:
    likeness = row.get("likeness")
    return Made(
        event=str(row["_id"]),
        report=row["report"],
        case=row["case"],
        from_case=row["from_case"],
        by=row["by"],
        likeness=Likeness.model_validate(likeness) if likeness else None,
        at=row["at"],
    )
