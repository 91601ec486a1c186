"""Numbered logs: rows with a contiguous number per log, for readers who keep a cursor.

A row's ``seat`` is ``<log>:<number>``, unique; its ``_id`` is the event's id. A seat is taken
only after the one before it, in one ordered insert, so that numbers have no gaps; of two
processes that want the same seat one is refused by the unique index, finds the new end and
takes the next. No lease is needed for that, and an insert that lands after its process has
died can only find its first seat free or taken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service_kit.events.subscriptions import Fact
from service_kit.mongo import (
    ASCENDING,
    DUPLICATE,
    UNKNOWN_OUTCOME,
    BulkWriteError,
    Database,
    Document,
)

LONGEST_STEP = 24
NO_LOG = "-"


@dataclass(frozen=True)
class Entry:
    """What one log gets of an event; ``content`` must not use the names id, seat, log, number."""

    log: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Drafted:
    """An event's row before it is known which logs get what of it."""

    event: str
    content: Mapping[str, Any]


Settle = Callable[[Database, Sequence[Drafted]], Awaitable[Sequence[Sequence[Entry]]]]


@dataclass(frozen=True)
class Numbered(Fact):
    """A fact whose rows go into numbered logs of ``collection``.

    ``settle`` says for many drafted rows at once which logs get what; it may read the store.
    An event that no log gets leaves a row without a number: the trace that it was handled.
    """

    settle: Settle


@dataclass
class _Row:
    id: str
    log: str
    content: Mapping[str, Any]
    number: int = 0

    @property
    def seat(self) -> str:
        return f"{self.log}:{self.number}" if self.log != NO_LOG else f"{NO_LOG}:{self.id}"

    def document(self) -> Document:
        head = {"_id": self.id, "seat": self.seat, "log": self.log, "number": self.number}
        return {**head, **self.content}


@dataclass
class NumberedLogs:
    """The logs of one collection, as this process appends to and reads them."""

    database: Database
    collection: str
    _tails: dict[str, int] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    async def create_indexes(self) -> None:
        """To be called before the first append: the unique seat is what keeps numbers whole."""
        await self.database[self.collection].create_index(
            [("seat", ASCENDING)], unique=True, name="seat"
        )

    async def record(self, settle: Settle, drafts: Sequence[Drafted]) -> None:
        """Append what ``settle`` makes of the drafts; an event's own id is inserted last, so
        that its presence proves that all of its rows are there."""
        rows: list[_Row] = []
        once = list({draft.event: draft for draft in drafts}.values())
        for draft, entries in zip(once, await settle(self.database, once), strict=True):
            ids = [f"{draft.event}.{i}" for i in range(1, len(entries))] + [draft.event]
            rows += [_Row(i, e.log, e.content) for i, e in zip(ids, entries, strict=False)]
            if not entries:
                rows.append(_Row(draft.event, NO_LOG, draft.content))
        await self._append(rows)

    async def append(self, entries: Mapping[str, Entry]) -> None:
        """Append rows under ids of their own; the same id again changes nothing."""
        await self._append([_Row(i, e.log, e.content) for i, e in entries.items()])

    async def read(self, log: str, after: int, limit: int) -> list[Document]:
        """The rows after a number, in order and without gaps; [] at the end."""
        seats = [f"{log}:{n}" for n in range(after + 1, after + limit + 1)]
        found = await self._with_seats(seats)
        return sorted(found, key=lambda d: int(d["number"]))

    async def next_of(self, positions: Mapping[str, int]) -> set[str]:
        """Which of these logs have a row after the given number: one query for all."""
        seats = [f"{log}:{number + 1}" for log, number in positions.items()]
        return {d["log"] for d in await self._with_seats(seats)}

    async def tail(self, log: str) -> int:
        """The number of the last row, found by steps that double; 0 for an empty log."""
        low = self._tails.get(log, 0)
        while True:
            seats = [f"{log}:{low + 2**k}" for k in range(LONGEST_STEP)]
            numbers = [int(d["number"]) for d in await self._with_seats(seats)]
            if not numbers:
                self._tails[log] = low
                return low
            low = max(numbers)

    def grown(self) -> asyncio.Event:
        """Set at this process's next append; other processes' appends are found by asking."""
        return self._grown

    async def _append(self, rows: Sequence[_Row]) -> None:
        async with self._lock:
            waiting = list(rows)
            while waiting:
                await self._number(waiting)
                taken = await self._insert(waiting)
                waiting = waiting[taken:]
                if waiting:
                    waiting = await self._not_there_yet(waiting)
        self._grown.set()
        self._grown = asyncio.Event()

    async def _number(self, rows: Iterable[_Row]) -> None:
        ends: dict[str, int] = {}
        for row in rows:
            if row.log == NO_LOG:
                continue
            if row.log not in ends:
                known = self._tails.get(row.log)
                ends[row.log] = await self.tail(row.log) if known is None else known
            ends[row.log] = row.number = ends[row.log] + 1

    async def _insert(self, rows: Sequence[_Row]) -> int:
        """How many of them, from the first, are in; the tails move with them."""
        taken = 0
        try:
            await self.database[self.collection].insert_many([r.document() for r in rows])
            taken = len(rows)
        except BulkWriteError as error:
            refused = error.details["writeErrors"][0]
            if refused["code"] != DUPLICATE:
                raise
            taken = refused["index"]
        except UNKNOWN_OUTCOME:
            self._tails.clear()
            raise
        for row in rows[:taken]:
            if row.log != NO_LOG:
                self._tails[row.log] = row.number
        return taken

    async def _not_there_yet(self, rows: Sequence[_Row]) -> list[_Row]:
        """After a refusal: leave out what is there under its id, find the logs' ends anew."""
        query = {"_id": {"$in": [row.id for row in rows]}}
        there = {d["_id"] async for d in self.database[self.collection].find(query, {"_id": 1})}
        for log in {row.log for row in rows} - {NO_LOG}:
            await self.tail(log)
        return [row for row in rows if row.id not in there]

    async def _with_seats(self, seats: list[str]) -> list[Document]:
        cursor = self.database[self.collection].find({"seat": {"$in": seats}})
        return await cursor.to_list(len(seats))
