"""The trail of looks into the vault, by time."""

from dataclasses import dataclass
from datetime import UTC, datetime

from service_kit.mongo import ASCENDING, Database, Document

TRAIL = "vault_audit"


@dataclass(frozen=True)
class Place:
    """Where a page ended: at this time, of whose rows so many had been shown."""

    at: datetime
    seen: int


async def create_indexes(database: Database) -> None:
    await database[TRAIL].create_index([("at", ASCENDING)], name="at")


async def looks(
    database: Database, since: datetime, until: datetime, *, subject: str | None,
    actor: str | None, limit: int, after: Place | None,
) -> tuple[list[Document], Place | None]:  # fmt: skip
    """Looks in ``[since, until)``, oldest first, from the place on; and where the page ends, if
    there may be more."""
    narrowed: Document = {
        **({"subject": {"$eq": subject}} if subject else {}),
        **({"$or": [{by: {"$eq": actor}} for by in ("who", "on_behalf_of")]} if actor else {}),
    }
    found: list[Document] = []
    if after is not None and since <= after.at < until:
        found = (await _at(database, after.at, narrowed))[after.seen :]
    span = {"$gt": after.at, "$lt": until} if after else {"$gte": since, "$lt": until}
    if len(found) < limit:
        later = database[TRAIL].find({"at": span, **narrowed})
        later = later.sort([("at", ASCENDING), ("_id", ASCENDING)])
        found += await later.to_list(limit - len(found))
    page = found[:limit]
    return page, _end(page, after) if len(page) == limit else None


async def _at(database: Database, at: datetime, narrowed: Document) -> list[Document]:
    rows = database[TRAIL].find({"at": {"$gte": at, "$lte": at}, **narrowed})
    return sorted([row async for row in rows], key=lambda row: str(row["_id"]))


def _end(page: list[Document], after: Place | None) -> Place:
    at = page[-1]["at"].astimezone(UTC)
    seen = sum(row["at"] == at for row in page)
    return Place(at, seen + after.seen if after is not None and after.at == at else seen)
