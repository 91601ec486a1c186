"""What other services have published, as this service knows it: caches over mirrors.

A cache is read anew when the mirror's stamp has changed; the stamps of all mirrors are one small
query per batch, so that no replica decides on what another has already replaced.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from case_contracts.catalogue import parse
from service_kit.mongo import Database

T = TypeVar("T")
Build = Callable[[list[Any]], T]


class MirrorCache(Generic[T]):
    """One mirror, parsed and built into what decisions need (a table, a tree, an index)."""

    def __init__(self, database: Database, collection: str, build: Build[T]) -> None:
        self._database, self.collection, self._build = database, collection, build
        self._stamp: str | None = None
        self._value: T | None = None
        self._reading = asyncio.Lock()

    async def get(self, stamps: Mapping[str, str]) -> T:
        """The value for these stamps; of many who ask at once, one reads and the others wait."""
        stamp = stamps.get(self.collection, "")
        async with self._reading:
            if self._value is None or stamp != self._stamp:
                self._value, self._stamp = await self._read(), stamp
            return self._value

    async def _read(self) -> T:
        rows = [
            (d["sequence"], parse(d["type"], d["data"]))
            async for d in self._database[self.collection].find({})
        ]
        return self._build([data for _, data in sorted(rows, key=lambda r: r[0])])


async def stamps(database: Database) -> dict[str, str]:
    """The stamp of every mirror: one read of a handful of documents."""
    return {d["_id"]: d["stamp"] async for d in database["mirror_stamps"].find({})}


def world_loader(
    database: Database, caches: Mapping[str, MirrorCache[Any]], make: Callable[..., T]
) -> Callable[[], Awaitable[T]]:
    """A loader that builds the service's world (``make(**named caches' values)``) per batch."""

    async def load() -> T:
        current = await stamps(database)
        return make(**{name: await cache.get(current) for name, cache in caches.items()})

    return load
