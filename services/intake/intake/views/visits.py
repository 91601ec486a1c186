"""Reading visits, check-ins and rounds."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from case_contracts.events.intake import RoundEach, RoundPlanned, VisitKind, VisitLogged
from intake.domain.checkin import CheckinState
from intake.domain.round import RoundState
from intake.domain.round_due import Visited
from intake.domain.round_periods import Period
from intake.domain.visit import VisitState
from service_kit.mongo import ASCENDING, Database, Document

VISITS, CHECKINS, ROUNDS = "view_visit", "view_checkin", "view_round"
AT_A_TIME = 100


async def create_indexes(database: Database) -> None:
    """By whom, where, and to whom; visits are few beside reports."""
    for field in ("person", "ground", "group"):
        await database[VISITS].create_index([(field, ASCENDING), ("at", ASCENDING)], name=field)
    await database[CHECKINS].create_index([("person", ASCENDING), ("at", ASCENDING)], name="person")


async def visit(database: Database, key: str) -> VisitLogged | None:
    """A visit that was logged."""
    found = await database[VISITS].find_one({"_id": key})
    return None if found is None else logged(found)


def logged(row: Document) -> VisitLogged:
    """The visit of a row of the view."""
    state = VisitState.model_validate(row["state"])
    assert state.logged is not None
    return state.logged


async def checkin(database: Database, key: str) -> CheckinState | None:
    found = await database[CHECKINS].find_one({"_id": key})
    return None if found is None else CheckinState.model_validate(found["state"])


async def rounds(database: Database) -> list[RoundPlanned]:
    """All plans, by their ids; they are few."""
    found = [RoundState.model_validate(row["state"]) async for row in database[ROUNDS].find({})]
    return sorted((each.plan for each in found if each.plan), key=lambda plan: plan.round)


async def visited(
    database: Database, each: RoundEach, targets: Iterable[str], period: Period
) -> list[Visited]:
    """The visits to these groups or grids in the period."""
    field = "group" if each is RoundEach.GROUP else "grid"
    looked_up = "group" if each is RoundEach.GROUP else "ground"
    wanted = sorted(set(targets))
    found: list[Visited] = []
    for start in range(0, len(wanted), AT_A_TIME):
        query = {
            looked_up: {"$in": wanted[start : start + AT_A_TIME]},
            "at": {"$gte": period.start, "$lt": period.end},
        }
        found += [each async for each in _visited(database, query, field)]
    return found


async def _visited(database: Database, query: Document, field: str) -> AsyncIterator[Visited]:
    fields = {field: 1, "kind": 1, "at": 1}
    async for row in database[VISITS].find(query, fields):
        yield Visited(row[field], VisitKind(row["kind"]), _at(row))


def _at(row: Document) -> datetime:
    at: datetime = row["at"]
    return at
