"""Commands that were handed on: by their forwarded id, whose they were and what they said."""

from collections.abc import Iterable, Sequence
from typing import Any

from service_kit.mongo import BulkWriteError, Database, Document, refused_positions

FORWARDED = "forwarded"


class ForwardedCommands:
    """One document per command, inserted before it is handed on, never changed."""

    def __init__(self, database: Database) -> None:
        self._collection = database[FORWARDED]

    async def remember(self, documents: Sequence[Document]) -> set[str]:
        """Insert them; the ids of those that were there before (or twice among these)."""
        try:
            await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return {documents[position]["_id"] for position in refused_positions(error)}
        return set()

    async def by_ids(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        found = self._collection.find({"_id": {"$in": list(ids)}})
        return {row["_id"]: row async for row in found}
