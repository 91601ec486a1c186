"""Where cases lie that were filed long before what is being counted."""

from collections.abc import Sequence

from service_kit.mongo import ASCENDING, Database

PLACES = "fact_place"
CHUNK = 500


async def prepare(database: Database) -> None:
    await database[PLACES].create_index([("case", ASCENDING)], name="case")


async def paths(database: Database, cases: Sequence[str]) -> dict[str, str]:
    """The path of each case's grid, as it was filed; cases that are not known are left out."""
    found: dict[str, str] = {}
    for start in range(0, len(cases), CHUNK):
        query = {"case": {"$in": list(cases[start : start + CHUNK])}}
        rows = database[PLACES].find(query, {"case": 1, "path": 1})
        found |= {row["case"]: row["path"] async for row in rows}
    return found
