"""Facts packed by the hundred, so that a month is read in seconds.

The embedded store hands out some ten thousand documents a second, and a month of 100,000 cases
is nearly a million facts. Numbers of the facts' log have no gaps, so block ``n`` is the facts
``n * SIZE + 1`` to ``(n + 1) * SIZE``: it is written once, when it is full, by whichever replica
comes first, and can be made again at any time. The facts themselves stay.
"""

import zlib
from collections.abc import AsyncIterator, Sequence

import orjson

from assessment.domain.ledger import CASE_CLOCK
from assessment.domain.rows import Kind, Row
from service_kit.events.numbered import NumberedLogs
from service_kit.mongo import ASCENDING, Database, Document, DuplicateKeyError

FACTS = "fact_event"
LOG = "all"
SIZE = 500
PAGE = 50
"""The embedded store takes 30 ms to find 64 documents by their numbers, and 1.5 s for 500."""
BLOCKS = "packed_event"
FOREVER = 1e12


async def prepare(database: Database) -> None:
    await NumberedLogs(database, FACTS).create_indexes()
    await database[BLOCKS].create_index([("until", ASCENDING)], name="until")


def pack(number: int, rows: Sequence[Row]) -> Document:
    """A block. ``until``: the latest time in it; ``since``: the earliest of what has a limit."""
    kept = [tuple(r) for r in rows if r.kind != Kind.CLOCK or r.code == CASE_CLOCK]
    return {
        "_id": number,
        "since": min((r.at for r in rows if r.due is not None), default=FOREVER),
        "until": max((max(r.at, r.due or 0.0) for r in rows), default=0.0),
        "rows": zlib.compress(orjson.dumps(kept), 1),
    }


def unpack(block: Document) -> list[Row]:
    return [Row(*raw) for raw in orjson.loads(zlib.decompress(block["rows"]))]


class Blocks:
    """The facts as this process reads and packs them."""

    def __init__(self, database: Database, logs: NumberedLogs) -> None:
        self._collection, self._logs = database[BLOCKS], logs
        self._next = 0

    async def pack_full(self) -> int:
        """Pack every full block that is not packed yet; how many there were."""
        packed = 0
        while await self._logs.next_of({LOG: (await self._unpacked() + 1) * SIZE - 1}):
            after = self._next * SIZE
            rows = [row async for row in self._loose(after, after + SIZE)]
            try:
                await self._collection.insert_one(pack(self._next, rows))
            except DuplicateKeyError:
                continue  # another replica was first; it packed the same facts
            packed += 1
        return packed

    async def rows(self, start: float) -> AsyncIterator[Row]:
        """The facts of every case whose limit ends at ``start`` or later, and of all that
        happened since; more than those may come, in no order."""
        packed = await self._unpacked()
        query = {"until": {"$gte": await self._reach(start), "$lte": FOREVER}}
        async for block in self._collection.find(query):
            if block["_id"] < packed:
                for row in unpack(block):
                    yield row
        async for row in self._loose(packed * SIZE, None):
            yield row

    async def _unpacked(self) -> int:
        """The number of the block to be packed next."""
        while await self._collection.find_one({"_id": self._next}, {"_id": 1}) is not None:
            self._next += 1
        return self._next

    async def _reach(self, start: float) -> float:
        """How far back a limit that ends at ``start`` or later can have begun."""
        query = {"until": {"$gte": start, "$lte": FOREVER}}
        found = self._collection.find(query, {"since": 1})
        return min([start, *[float(block["since"]) async for block in found]])

    async def _loose(self, after: int, last: int | None) -> AsyncIterator[Row]:
        """The facts after a number, up to ``last`` or to the end."""
        while last is None or after < last:
            limit = PAGE if last is None else min(PAGE, last - after)
            documents = await self._logs.read(LOG, after, limit)
            for document in documents:
                yield Row(*document["row"])
            if len(documents) < limit:
                return
            after += limit
