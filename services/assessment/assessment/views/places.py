"""Where cases lie that were filed long before what is being counted."""

from collections.abc import Sequence

from case_contracts.values import About
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


async def complaints(database: Database, cases: Sequence[str]) -> dict[str, About]:
    """Those of the cases that complain of somebody, with whom."""
    found: dict[str, About] = {}
    for start in range(0, len(cases), CHUNK):
        query = {"case": {"$in": list(cases[start : start + CHUNK])}}
        async for row in database[PLACES].find(query, {"case": 1, "about": 1}):
            if row.get("about") is not None:
                found[row["case"]] = About.model_validate(row["about"])
    return found
