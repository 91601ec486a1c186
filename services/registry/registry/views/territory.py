"""The district's grids in memory, as of the last commit."""

import asyncio

from case_contracts.events.registry import GridPublished, GridRetired
from registry.views.records import events_of
from service_kit.grids import GridIndex
from service_kit.mongo import Database, Document


class Territory:
    """Reads the grids anew when anything was published since, by this process or another.

    Grids change a few times a year; what every writer has published is a handful of numbers.
    """

    def __init__(self) -> None:
        self._stamp: tuple[tuple[str, int, int], ...] | None = None
        self._index = GridIndex.build([])
        self._reading = asyncio.Lock()

    async def index(self, database: Database) -> GridIndex:
        """The index of all grids that were ever valid."""
        async with self._reading:
            stamp = await _stamp(database)
            if stamp != self._stamp:
                documents = [d async for d in database["view_grid"].find({}, {"state": 1})]
                self._index = await asyncio.to_thread(_build, documents)
                self._stamp = stamp
            return self._index


async def _stamp(database: Database) -> tuple[tuple[str, int, int], ...]:
    writers = database["writers"].find({}, {"sent": 1, "noted": 1})
    return tuple(sorted([(d["_id"], d["sent"], len(d["noted"])) async for d in writers]))


def _build(documents: list[Document]) -> GridIndex:
    events = [event for said in events_of(documents).values() for event in said]
    return GridIndex.build([e for e in events if isinstance(e, GridPublished | GridRetired)])
