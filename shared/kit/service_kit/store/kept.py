"""Rows of facts about a service's own events, stored beside the views of the same batch.

A service need not hear its own event over the broker to keep a row of it. The rows are there
before anybody is answered; what a dead process has not kept its take-over keeps.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from service_kit.ids import derived
from service_kit.mongo import BulkWriteError, Database, Document, refused_positions
from service_kit.store.commits import PAGE
from service_kit.store.model import Commit


@dataclass(frozen=True)
class Kept:
    """A row of ``fact_<noun>``, keyed by the event's id; None where the event is none.

    ``together`` names a field of the row: those that are saved together are one document then,
    ``{<field>: [all values], rows: [...]}``, since a document costs more than the row in it. A row
    may so be there twice, in two documents, after a process has died.
    """

    event: type[EventData]
    collection: str
    row: Callable[[Any], Mapping[str, Any] | None]
    together: str | None = None


class KeptRows:
    """A service's table of them."""

    def __init__(self, entries: Sequence[Kept] = ()) -> None:
        self._by_event: dict[type[EventData], list[Kept]] = defaultdict(list)
        for entry in entries:
            self._by_event[entry.event].append(entry)
        self._together = {entry.collection: entry.together for entry in entries if entry.together}

    def __bool__(self) -> bool:
        return bool(self._by_event)

    def of(
        self, commit: Commit, decided: Iterable[EventData] | None = None
    ) -> list[tuple[str, Document]]:
        """Each row with its collection; ``decided`` are the events where they are at hand."""
        if not self:
            return []
        if decided is None:
            decided = [parse(event.type, event.data) for event in commit.events]
        return [
            (entry.collection, {"_id": event.id, **row})
            for event, data in zip(commit.events, decided, strict=True)
            for entry in self._by_event.get(type(data), ())
            if (row := entry.row(data)) is not None
        ]

    async def save(self, database: Database, rows: Iterable[tuple[str, Document]]) -> None:
        """Insert those that are not there."""
        each = by_collection(rows).items()
        await asyncio.gather(*(_insert(database, c, self._documents(c, r)) for c, r in each))

    async def missing(
        self, database: Database, rows: Iterable[tuple[str, Document]]
    ) -> list[tuple[str, Document]]:
        """Those of the rows that are not there."""
        found: list[tuple[str, Document]] = []
        for collection, wanted in by_collection(rows).items():
            there = await self._there(database, collection, wanted)
            found += [(collection, row) for row in wanted if row["_id"] not in there]
        return found

    async def _there(
        self, database: Database, collection: str, rows: Sequence[Document]
    ) -> set[str]:
        """Ids of rows: at least those of these that are there."""
        field = self._together.get(collection, "_id")
        values = sorted({row[field] for row in rows})
        there: set[str] = set()
        for first in range(0, len(values), PAGE):
            page = {field: {"$in": values[first : first + PAGE]}}
            async for found in database[collection].find(page, {"_id": 1, "rows._id": 1}):
                there |= {row["_id"] for row in found.get("rows", [found])}
        return there

    def _documents(self, collection: str, rows: list[Document]) -> list[Document]:
        field = self._together.get(collection)
        return [_one_document(rows, field)] if field else rows


def by_collection(rows: Iterable[tuple[str, Document]]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for collection, row in rows:
        found[collection].append(row)
    return found


def _one_document(rows: Sequence[Document], field: str) -> Document:
    return {
        "_id": derived(*(row["_id"] for row in rows)),
        field: sorted({row[field] for row in rows}),
        "rows": list(rows),
    }


async def _insert(database: Database, collection: str, rows: Sequence[Document]) -> None:
    try:
        await database[collection].insert_many(rows, ordered=False)
    except BulkWriteError as error:
        refused_positions(error)
