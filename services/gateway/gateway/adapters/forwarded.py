"""Commands that were handed on: by their forwarded id, whose they were and what they said."""

from collections.abc import Iterable, Sequence
from typing import Any

from service_kit.mongo import Database, Document, insert_new

FORWARDED = "forwarded"


class ForwardedCommands:
    """One document per command, inserted before it is handed on, never changed."""

    def __init__(self, database: Database) -> None:
        self._collection = database[FORWARDED]

    async def remember(self, documents: Sequence[Document]) -> set[str]:
        """Insert them; the ids of those that were there before (or twice among these)."""
        return {documents[i]["_id"] for i in await insert_new(self._collection, documents)}

    async def by_ids(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        found = self._collection.find({"_id": {"$in": list(ids)}})
        return {row["_id"]: row async for row in found}
