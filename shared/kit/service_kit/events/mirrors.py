"""What other services have published, as this service knows it: caches over mirrors.

A cache is read on when the mirror's stamp has changed. Where nothing older than what another
replica has stored may be the ground of a commit, a fence looks again just before the insert.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from case_contracts.catalogue import parse
from service_kit.mongo import Database, Document, UpdateOne

T = TypeVar("T")
Build = Callable[[list[Any]], T]
STAMPS = "mirror_stamps"
RECENT_SECONDS = 0.05
REMEMBERED = 32
MOST_IDS = 16
"""Of the last writes to a mirror the ids of what they changed are kept, where they are few."""


class MirrorCache(Generic[T]):
    """One mirror, parsed and built into what decisions need (a table, a tree, an index)."""

    def __init__(self, database: Database, collection: str, build: Build[T]) -> None:
        self._database, self.collection, self._build = database, collection, build
        self._stamp: str | None = None
        self._value: T | None = None
        self._rows: dict[str, tuple[int, Any]] = {}
        self._reading = asyncio.Lock()

    async def get(self, stamps: Mapping[str, str]) -> T:
        """The value for these stamps; of many who ask at once, one reads and the others wait."""
        stamp = stamps.get(self.collection, "")
        async with self._reading:
            if self._value is None or stamp != self._stamp:
                await self._read_on()
                rows = sorted(self._rows.values(), key=lambda row: row[0])
                self._value, self._stamp = self._build([data for _, data in rows]), stamp
            return self._value

    async def _read_on(self) -> None:
        """What was written since our stamp, where that is known; otherwise everything."""
        since = self._stamp if self._value is not None else None
        changed = await self._changed(since) if since else None
        query = {} if changed is None else {"_id": {"$in": changed}}
        rows = {}
        async for document in self._database[self.collection].find(query):
            data = parse(document["type"], document["data"])
            rows[document["_id"]] = (document["sequence"], data)
        self._rows = rows if changed is None else self._rows | rows

    async def _changed(self, since: str) -> list[str] | None:
        """The ids that were written after the stamp; None where they are not remembered."""
        found = await self._database[STAMPS].find_one({"_id": self.collection}) or {}
        recent = found.get("recent", ())
        if not recent or recent[-1]["stamp"] != found["stamp"]:
            return None
        return ids_after(recent, since)


def ids_after(recent: Sequence[Mapping[str, Any]], since: str) -> list[str] | None:
    """Of the last writes, in order, what those after ``since`` changed; None: not remembered.

    Rows are written before they are remembered, in one update with the stamp: what a cache has
    not read yet is always among the writes after the stamp that it last saw.
    """
    stamps = [write["stamp"] for write in recent]
    if since not in stamps:
        return None
    later = recent[len(stamps) - stamps[::-1].index(since) :]
    if any(write["ids"] is None for write in later):
        return None
    return sorted({each for write in later for each in write["ids"]})


async def stamp(database: Database, collection: str, stamp: str, ids: Iterable[str]) -> None:
    """Caches of this mirror, in every replica, are out of date from now on."""
    changed = sorted(ids)
    write: Document = {"stamp": stamp, "ids": changed if len(changed) <= MOST_IDS else None}
    change = {
        "$set": {"stamp": stamp},
        "$push": {"recent": {"$each": [write], "$slice": -REMEMBERED}},
    }
    await database[STAMPS].bulk_write([UpdateOne({"_id": collection}, change, upsert=True)])


class Stamps:
    """The stamps of all mirrors: one read of a handful of documents, good for a moment.

    What this process writes itself is seen at once (``forget``); what another replica writes,
    after ``seconds`` at the latest. Whoever must not decide on anything older asks for ``now``.
    """

    def __init__(self, database: Database, seconds: float = RECENT_SECONDS) -> None:
        self._database, self._seconds = database, seconds
        self._known: dict[str, str] = {}
        self._read, self._written = float("-inf"), 0

    async def now(self) -> dict[str, str]:
        began, written = time.monotonic(), self._written
        rows = self._database[STAMPS].find({}, {"stamp": 1})
        known = {d["_id"]: d["stamp"] async for d in rows}
        if written == self._written:  # else a write of our own may have been missed
            self._known, self._read = known, began
        return known

    async def recent(self) -> dict[str, str]:
        young = time.monotonic() - self._read <= self._seconds
        return self._known if young else await self.now()

    def forget(self) -> None:
        """This process has written to a mirror."""
        self._written += 1
        self._read = float("-inf")


def world_loader(
    stamps: Callable[[], Awaitable[Mapping[str, str]]],
    caches: Mapping[str, MirrorCache[Any]],
    make: Callable[..., T],
) -> Callable[[], Awaitable[T]]:
    """A loader that builds the service's world (``make(**named caches' values)``) per batch."""

    async def load() -> T:
        current = await stamps()
        return make(**{name: await cache.get(current) for name, cache in caches.items()})

    return load


def fence(
    load: Callable[[], Awaitable[Any]], names: Sequence[str]
) -> Callable[[Any], Awaitable[bool]]:
    """Tells whether what a world has under these names is what ``load`` gives now: a cache gives
    the same value as long as its mirror has not changed, in any replica."""

    async def unchanged(world: Any) -> bool:
        now = await load()
        return all(getattr(now, name) is getattr(world, name) for name in names)

    return unchanged
