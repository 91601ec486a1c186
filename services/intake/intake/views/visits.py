"""Reading visits, check-ins and rounds."""

import asyncio
from collections.abc import Iterable

from case_contracts.events.intake import RoundEach, RoundPlanned, VisitKind, VisitLogged
from intake.domain.checkin import CheckinState
from intake.domain.round import RoundState
from intake.domain.round_due import Visited
from intake.domain.round_periods import Period
from intake.domain.visit import VisitState
from service_kit.mongo import ASCENDING, Database, Document

VISITS, CHECKINS, ROUNDS = "view_visit", "view_checkin", "view_round"
AT_A_TIME = 20


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
    """The visits to these groups or grids in the period. One question for each: the store does
    not use an index for ``$in`` with a range."""
    wanted, found = sorted(set(targets)), list[Visited]()
    for start in range(0, len(wanted), AT_A_TIME):
        some = wanted[start : start + AT_A_TIME]
        for visits in await asyncio.gather(*(_to(database, each, t, period) for t in some)):
            found += visits
    return found


async def _to(database: Database, each: RoundEach, target: str, period: Period) -> list[Visited]:
    field = "group" if each is RoundEach.GROUP else "ground"
    query = {field: target, "at": {"$gte": period.start, "$lt": period.end}}
    rows = database[VISITS].find(query, {"kind": 1, "at": 1})
    return [Visited(target, VisitKind(row["kind"]), row["at"]) async for row in rows]
