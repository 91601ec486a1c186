"""What is held on one member of staff in a span of time."""

from datetime import datetime
from typing import Any

from intake.domain.checkin import CheckinState
from intake.domain.looked_up import of_staff
from intake.domain.report import ReportState
from intake.views.reports import VIEW
from intake.views.visits import CHECKINS, VISITS
from service_kit.mongo import ASCENDING, Database, Document

AUDIT = "vault_audit"
Span = tuple[datetime, datetime]


async def create_indexes(database: Database) -> None:
    """Sparse: what was read of no member of staff is not in it."""
    await database[AUDIT].create_index([("person", ASCENDING)], name="person", sparse=True)


async def visits(database: Database, person: str, span: Span) -> list[Document]:
    """Rows of the view of visits, in the order of time."""
    return await _of(database, VISITS, person, span)


async def checkins(database: Database, person: str, span: Span) -> list[CheckinState]:
    rows = await _of(database, CHECKINS, person, span)
    return [CheckinState.model_validate(row["state"]) for row in rows]


async def reports(database: Database, person: str, span: Span) -> list[ReportState]:
    """Those made in the span that the person saw themselves or received first."""
    found = database[VIEW].find({"by": of_staff(person)}, {"state": 1})
    states = [ReportState.model_validate(row["state"]) async for row in found]
    made = [each for each in states if each.reported_at and span[0] <= each.reported_at < span[1]]
    return sorted(made, key=lambda each: (each.reported_at or span[0], each.report))


async def looked_at(database: Database, person: str, span: Span) -> list[dict[str, Any]]:
    """Who looked at what of the person, when and what for, in the order of time."""
    found = database[AUDIT].find({"person": person}, {"_id": 0, "person": 0})
    rows = [row async for row in found]
    return sorted((r for r in rows if span[0] <= r["at"] < span[1]), key=lambda row: row["at"])


async def _of(database: Database, view: str, person: str, span: Span) -> list[Document]:
    query = {"person": person, "at": {"$gte": span[0], "$lt": span[1]}}
    found = database[view].find(query).sort([("at", ASCENDING), ("_id", ASCENDING)])
    return [row async for row in found]
