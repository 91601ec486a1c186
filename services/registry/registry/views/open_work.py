"""What is open in whose hands, as far as dispatch's events have come."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from pydantic import BaseModel

from service_kit.mongo import ASCENDING, Database, Document

TURNS = "fact_turn"
AT_ONCE = 200


class OpenWork(BaseModel):
    """A case in somebody's hands: ``kind`` is ``task``, ``verification``, ``ruling`` or
    ``placing``."""

    case: str
    kind: str
    posting: str
    grid: str | None
    since: datetime
    due_at: datetime | None


async def prepare(database: Database) -> None:
    """By person, where there is one, and by case."""
    await database[TURNS].create_index([("person", ASCENDING)], name="person", sparse=True)
    await database[TURNS].create_index([("case", ASCENDING)], name="case")


async def of(database: Database, person: str) -> list[OpenWork]:
    """All that is open in a person's hands, the oldest first.

    Not what complains of somebody (``about``): whom it complains of, and those under them, must
    not learn who has it; dispatch hands it on by itself.
    """
    query = {"person": {"$in": [person]}}
    cases = {row["case"] async for row in database[TURNS].find(query, {"case": 1})}
    held = [row async for row in _last(database, cases) if row.get("person") == person]
    found = [OpenWork.model_validate(row) for row in held]
    return sorted(found, key=lambda work: (work.since, work.case))


async def _last(database: Database, cases: Iterable[str]) -> AsyncIterator[Document]:
    """Of each case that complains of nobody the row with the highest sequence."""
    ordered = sorted(cases)
    for start in range(0, len(ordered), AT_ONCE):
        query = {"case": {"$in": ordered[start : start + AT_ONCE]}}
        last: dict[str, Document] = {}
        complaints: set[str] = set()
        async for row in database[TURNS].find(query):
            if row.get("about"):
                complaints.add(row["case"])
            if row["sequence"] > last.get(row["case"], {"sequence": -1})["sequence"]:
                last[row["case"]] = row
        for case, row in last.items():
            if case not in complaints:
                yield row
