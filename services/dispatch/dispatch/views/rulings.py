"""The arbiters' queue, and what was ruled before."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from case_contracts.events.dispatch import RulingMade
from case_contracts.values import Instant, Party, Versioned
from dispatch.domain.state import CaseState, Status
from dispatch.views.sight import Sees
from service_kit.auth import Principal
from service_kit.mongo import ASCENDING, Database
from service_kit.store.kept import Kept

MADE = "fact_ruling"
LAST = "\uffff"
MOST_EARLIER, READ_EARLIER = 20, 100


class Waiting(BaseModel):
    """A case that waits for a ruling. ``missed`` counts the limits that ran out before it came
    here; ``yours`` is false where nobody could be named and anybody entitled may rule."""

    case: str
    ruling: str
    matter: str
    condition: str
    grid: str
    reason: str
    asked_by: Party
    proposed: str | None
    requested_at: Instant
    due_at: Instant | None
    overdue: bool
    missed: int
    yours: bool


class Made(BaseModel):
    """A ruling as it was made."""

    case: str
    ruling: str
    by: str
    lead: Party
    reason: str
    statement: str | None = None
    charters: tuple[Versioned, ...]
    propose: bool
    made_at: Instant


def row(made: RulingMade) -> Mapping[str, Any]:
    """What is kept of each, to be found by matter and grid."""
    return made.model_dump(mode="json")


KEPT = Kept(RulingMade, MADE, row)


async def prepare(database: Database) -> None:
    by = [("matter", ASCENDING), ("grid", ASCENDING)]
    await database[MADE].create_index(by, name="matter_grid")


async def queue(database: Database, caller: Principal, sees: Sees, limit: int) -> list[Waiting]:
    """What waits for the caller, and for everybody entitled if they are; late ones first."""
    desks: list[Mapping[str, Any]] = [{"desk": f"person:{caller.id}"}]
    if caller.may("cases.arbitrate"):
        desks.append({"desk": {"$gte": "arbiter:", "$lt": "arbiter:" + LAST}})
    found: list[Waiting] = []
    for desk in desks:
        rows = [r async for r in database["view_case"].find(desk, {"desk": 1, "state": 1})]
        states = [CaseState.model_validate(r["state"]) for r in rows if sees(r)]
        found += [_waiting(s, caller) for s in states if s.status == Status.RULING]
    return sorted(found, key=_urgency)[:limit]


def _waiting(state: CaseState, caller: Principal) -> Waiting:
    asked = state.ruling
    assert asked is not None
    return Waiting(
        case=state.case,
        ruling=asked.id,
        matter=state.matter,
        condition=state.condition,
        grid=state.grid,
        reason=asked.reason,
        asked_by=asked.asked_by,
        proposed=asked.proposed,
        requested_at=asked.requested_at,
        due_at=asked.due_at,
        overdue=asked.overdue,
        missed=asked.missed,
        yours=asked.arbiter is not None and asked.arbiter.person == caller.id,
    )


def _urgency(waits: Waiting) -> tuple[bool, bool, float, str]:
    due = waits.due_at
    return not waits.missed, due is None, due.timestamp() if due else 0.0, waits.case


async def earlier(database: Database, state: CaseState, sees: Sees) -> list[Made]:
    """Rulings in other cases of the same matter on the same grid, the newest first; none of a case
    that is not for the caller's eyes."""
    query = {"matter": {"$in": [state.matter]}, "grid": {"$in": [state.grid]}}
    rows = await database[MADE].find(query).sort("made_at", -1).to_list(READ_EARLIER)
    found = [Made.model_validate(each) for each in rows if each["case"] != state.case]
    cases = database["view_case"].find(
        {"_id": {"$in": [each.case for each in found]}}, {"state.about": 1}
    )
    seen = {case["_id"] async for case in cases if sees(case)}
    return [each for each in found if each.case in seen][:MOST_EARLIER]
