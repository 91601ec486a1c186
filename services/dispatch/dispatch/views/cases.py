"""Cases as their views know them."""

from collections.abc import Callable
from typing import Any

from dispatch.domain.state import CaseState, Status
from service_kit.errors import NotFound
from service_kit.mongo import Database, Document


async def find(database: Database, case: str) -> CaseState:
    """The case; NotFound when dispatch has not taken it up."""
    view = await database["view_case"].find_one({"_id": case})
    if view is None or view["state"]["status"] == Status.UNKNOWN:
        raise NotFound(f"there is no case {case}")
    return CaseState.model_validate(view["state"])


async def at_desk(
    database: Database, desk: str, limit: int, after: str, sees: Callable[[Document], bool]
) -> list[dict[str, Any]]:
    """Open cases whose turn it is here, by id, that one ``sees``; ``after`` is the last id of the
    page before."""
    cursor = database["view_case"].find({"desk": {"$in": [desk]}}).sort("_id", 1)
    rows = [row["state"] async for row in cursor if row["_id"] > after and sees(row)]
    return rows[:limit]


async def counts(database: Database) -> dict[str, int]:
    """Open cases by whose turn it is."""
    found: dict[str, int] = {}
    cursor = database["view_case"].aggregate(
        [
            {"$match": {"desk": {"$gte": "", "$lt": "~"}}},
            {"$group": {"_id": "$desk", "n": {"$sum": 1}}},
        ]
    )
    async for row in cursor:
        found[row["_id"]] = row["n"]
    return found
