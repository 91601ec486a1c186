"""The register without its contents: entries by grid, who looked at them, and what was done."""

from collections.abc import Iterable
from typing import Any

from registry.domain.households import KIND, Household
from service_kit.mongo import ASCENDING, Database

AT_ONCE = 100
"""The embedded store is slow in long ``$in``: its time grows with their square."""

MOST_ROWS = 1000


async def prepare(database: Database) -> None:
    await database[f"view_{KIND}"].create_index([("grid", ASCENDING)], name="grid")
    await database["vault_audit"].create_index([("subject", ASCENDING)], name="subject")


async def of_grids(database: Database, grids: Iterable[str]) -> dict[str, Household]:
    """The households of these grids that are not erased, by entry."""
    wanted, found = sorted(grids), dict[str, Household]()
    for start in range(0, len(wanted), AT_ONCE):
        query = {"grid": {"$in": wanted[start : start + AT_ONCE]}}
        cursor = database[f"view_{KIND}"].find(query, {"state": 1})
        found |= {d["_id"]: Household.model_validate(d["state"]) async for d in cursor}
    return found


async def every(database: Database) -> list[Household]:
    """All households that are not erased."""
    cursor = database[f"view_{KIND}"].find({"grid": {"$ne": None}}, {"state": 1})
    return [Household.model_validate(document["state"]) async for document in cursor]


async def looks(database: Database, subjects: Iterable[str]) -> list[dict[str, Any]]:
    """The newest rows of the audit trail about any of these, oldest first."""
    rows = database["vault_audit"].find({"subject": {"$in": list(subjects)}}, {"_id": 0})
    found = sorted([row async for row in rows], key=lambda row: row["at"])
    return found[-MOST_ROWS:]
