"""Views that are asked for all the time, held in memory, and as they are in the store now.

Reading two thousand views takes a store 100 to 400 ms; asking what has been committed since one
asked last (``committed_since``) takes a few, and only what has changed is read.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

from service_kit.mongo import UNKNOWN_OUTCOME, Database, Document
from service_kit.store.commits import PAGE
from service_kit.store.committed_since import CommittedSince

log = structlog.get_logger()
LOOK_SECONDS, ALL_SECONDS = 2.0, 300.0
"""How often ``keep`` looks for changes, and reads everything anew."""
AT_A_TIME = 50
"""Rows taken in before others have their turn in the event loop."""
E = TypeVar("E")


class InMemory(Generic[E]):
    """The views of a kind for which ``entry`` gives something; ``query`` finds all of those in the
    store. An entry may stay though ``query`` would find it no more, until all is read anew."""

    def __init__(
        self, kind: str, query: Callable[[], Document], entry: Callable[[Document], E | None]
    ) -> None:
        self._kind, self._query, self._entry = kind, query, entry
        self._entries: dict[str, E] = {}
        self._changes: CommittedSince | None = None
        self._behind: dict[str, int] = {}
        self._looked_at = float("-inf")
        self._looking, self._reading = asyncio.Lock(), asyncio.Lock()

    async def now(self, database: Database) -> list[E]:
        """All entries, with everything whose view was stored when this was asked. Those who ask
        while somebody looks share the next look."""
        asked = time.monotonic()
        if self._changes is None:
            await self._read_first(database)
        async with self._looking:
            if self._looked_at < asked:
                begun = time.monotonic()
                await self._look(database)
                self._looked_at = begun
            return list(self._entries.values())

    async def keep(self, database: Database) -> None:
        """Be ready for who asks first, and look now and then though nobody asks; for ever."""
        read_at = float("-inf")
        while True:
            try:
                if time.monotonic() - read_at > ALL_SECONDS:
                    async with self._reading:
                        await self._read(database)
                    read_at = time.monotonic()
                await self.now(database)
            except UNKNOWN_OUTCOME as error:
                log.warning("views_not_read", kind=self._kind, error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _read_first(self, database: Database) -> None:
        async with self._reading:
            if self._changes is None:
                await self._read(database)

    async def _read(self, database: Database) -> None:
        """Everything anew, beside those who go on asking for what is known."""
        changes, entries = CommittedSince(database), dict[str, E]()
        await changes.begin()
        async for row in database[f"view_{self._kind}"].find(self._query()):
            self._take(entries, row)
            if len(entries) % AT_A_TIME == 0:
                await asyncio.sleep(0)
        async with self._looking:
            self._changes, self._entries, self._behind = changes, entries, {}
            self._looked_at = float("-inf")

    async def _look(self, database: Database) -> None:
        assert self._changes is not None
        for aggregate, version in (await self._changes.look()).items():
            if aggregate.startswith(f"{self._kind}:"):
                self._behind[aggregate] = max(version, self._behind.get(aggregate, 0))
        behind = list(self._behind)
        for start in range(0, len(behind), PAGE):
            query = {"_id": {"$in": behind[start : start + PAGE]}}
            async for row in database[f"view_{self._kind}"].find(query):
                self._take(self._entries, row)
                if row["version"] >= self._behind[row["_id"]]:
                    del self._behind[row["_id"]]

    def _take(self, entries: dict[str, E], row: Document) -> None:
        found = self._entry(row)
        if found is None:
            entries.pop(row["_id"], None)
        else:
            entries[row["_id"]] = found
