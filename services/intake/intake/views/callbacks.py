"""The queue of call-backs: what is open, oldest first. Never the number."""

from dataclasses import dataclass
from datetime import UTC, datetime

from intake.domain.callback import CaseCalls, aggregate_of
from intake.views.progress import FACTS
from service_kit.mongo import ASCENDING, Database, Document

VIEW = "view_callback"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """How far the queue has been read: up to the calls of this case."""

    since: datetime
    aggregate: str

    def __str__(self) -> str:
        return f"{self.since.isoformat()}|{self.aggregate}"

    @classmethod
    def of(cls, text: str) -> "Place":
        """Raises ValueError for what is no place."""
        since, _, aggregate = text.partition("|")
        at = datetime.fromisoformat(since)
        if at.tzinfo is None or not aggregate:
            raise ValueError("no place in the queue")
        return cls(at, aggregate)


async def create_indexes(database: Database) -> None:
    await database[VIEW].create_index([("since", ASCENDING)], name="since", sparse=True)


async def calls_of(database: Database, callback: str) -> CaseCalls | None:
    """The calls of the case that a call-back is about."""
    found = await database[VIEW].find_one({"_id": aggregate_of(callback)})
    return None if found is None else CaseCalls.model_validate(found["state"])


async def queue(
    database: Database, now: datetime, limit: int, after: Place | None
) -> tuple[list[CaseCalls], Place | None]:
    """Cases with open calls, the one that has waited longest first, and where the page ends."""
    begin = after.since if after else EPOCH
    rows = await _rows(database, {"$gte": begin, "$lte": begin})
    rows = [row for row in rows if after is None or row["_id"] > after.aggregate]
    if len(rows) < limit:
        later = database[VIEW].find({"since": {"$gt": begin, "$lte": now}})
        rows += await later.sort([("since", ASCENDING), ("_id", ASCENDING)]).to_list(
            limit - len(rows)
        )
    page = rows[:limit]
    place = Place(page[-1]["since"].astimezone(UTC), page[-1]["_id"]) if page else None
    return [CaseCalls.model_validate(row["state"]) for row in page], (
        place if len(page) == limit else None
    )


async def _rows(database: Database, since: Document) -> list[Document]:
    rows = [row async for row in database[VIEW].find({"since": since})]
    return sorted(rows, key=lambda row: str(row["_id"]))


async def hands_of(database: Database, case: str) -> set[str]:
    """Ids of those who work on the case or check it, or have."""
    rows = database[FACTS].find({"case": case})
    return {hand async for row in rows for hand in row.get("hands", ())}
