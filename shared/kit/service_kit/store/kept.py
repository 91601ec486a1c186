"""Rows of facts about a service's own events, stored with the batch of the event.

A service need not hear its own event over the broker to keep a row of it. The rows are there
before anybody is answered. Most lie in collections of their own, beside the views; what a dead
process has not kept its take-over keeps. Those that are kept together are part of the batch's own
document (``kept_rows``), and so are there with its commits or not at all.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from service_kit.mongo import ASCENDING, Database, Document, insert_new
from service_kit.store.codec import from_document
from service_kit.store.commits import PAGE, Commits
from service_kit.store.filing import commits_of
from service_kit.store.model import Commit

ROWS = "rows"
_FILED = "kept"
"""Where a batch's document has them: ``kept.<collection> = {<field>: [values], rows: JSON}``."""
Row = tuple[str, Document]


@dataclass(frozen=True)
class Kept:
    """A row of ``fact_<noun>``, keyed by the event's id; None where the event is none.

    ``together`` names a field of the row, by which the rows of a batch are found: they are in its
    document then, since a document of their own costs as much as the rest of the batch.
    """

    event: type[EventData]
    collection: str
    row: Callable[[Any], Mapping[str, Any] | None]
    together: str | None = None


class KeptRows:
    """A service's table of them."""

    def __init__(self, entries: Sequence[Kept] = ()) -> None:
        self._beside = _by_event(entry for entry in entries if not entry.together)
        self._filed = _by_event(entry for entry in entries if entry.together)
        self._all = _by_event(entries)
        self._fields = {entry.collection: entry.together for entry in entries if entry.together}

    def __bool__(self) -> bool:
        return bool(self._all)

    def of(self, commit: Commit) -> list[Row]:
        """Every row of a commit, with its collection."""
        return _rows(self._all, commit)

    def beside(self, commit: Commit, decided: Iterable[EventData] | None = None) -> list[Row]:
        """Those in collections of their own; ``decided`` are the events where they are at hand."""
        return _rows(self._beside, commit, decided)

    def filed(self, commits: Iterable[tuple[Commit, Iterable[EventData] | None]]) -> Document:
        """What the document of these commits has of rows; {} where there are none."""
        if not self._filed:
            return {}
        rows = [row for commit, decided in commits for row in _rows(self._filed, commit, decided)]
        found = {
            collection: _together(self._fields[collection], each)
            for collection, each in by_collection(rows).items()
        }
        return {_FILED: found} if found else {}

    async def save(self, database: Database, rows: Iterable[Row]) -> None:
        """Insert those that are not there; of those that are in a batch's document none."""
        each = by_collection(row for row in rows if row[0] not in self._fields).items()
        await asyncio.gather(*(insert_new(database[name], rows) for name, rows in each))

    async def missing(self, database: Database, rows: Iterable[Row]) -> list[Row]:
        """Those of the rows that are not there."""
        found: list[Row] = []
        for collection, wanted in by_collection(rows).items():
            there = await self._there(database, collection, wanted)
            found += [(collection, row) for row in wanted if row["_id"] not in there]
        return found

    async def mend(self, database: Database, missing: Iterable[Row]) -> None:
        """Store what is missing; where it belongs into a batch's document, all batches are looked
        through."""
        rows = list(missing)
        await self.save(database, rows)
        if any(collection in self._fields for collection, _ in rows):
            await self._file(database)

    async def _file(self, database: Database) -> None:
        batches = Commits(database).collection
        async for batch in batches.find({}):
            commits = [(from_document(each), None) for each in commits_of(batch)]
            filed = self.filed(commits)
            if filed and filed[_FILED] != batch.get(_FILED):
                await Commits(database).collection.update_one(
                    {"_id": batch["_id"]}, {"$set": filed}
                )

    async def _there(
        self, database: Database, collection: str, rows: Sequence[Document]
    ) -> set[str]:
        """Ids of rows: at least those of these that are there."""
        if field := self._fields.get(collection):
            values = sorted({row[field] for row in rows})
            there = kept_rows(database, collection, field, values)
            return {row["_id"] async for row in there}
        found: set[str] = set()
        ids = [row["_id"] for row in rows]
        for first in range(0, len(ids), PAGE):
            page = {"_id": {"$in": ids[first : first + PAGE]}}
            found |= {row["_id"] async for row in database[collection].find(page, {"_id": 1})}
        return found


async def create_index(database: Database, kept: Kept) -> None:
    """For finding by its field what is kept together."""
    path = f"{_FILED}.{kept.collection}.{kept.together}"
    await Commits(database).collection.create_index(
        [(path, ASCENDING)], name=f"{kept.collection}_{kept.together}", sparse=True
    )


async def kept_rows(
    database: Database, collection: str, field: str, values: Sequence[Any]
) -> AsyncIterator[Document]:
    """The rows kept together of which the field has one of the values."""
    wanted, rows = set(values), f"{_FILED}.{collection}.{ROWS}"
    for first in range(0, len(values), PAGE):
        page = {f"{_FILED}.{collection}.{field}": {"$in": values[first : first + PAGE]}}
        async for batch in Commits(database).collection.find(page, {rows: 1}):
            for row in orjson.loads(batch[_FILED][collection][ROWS]):
                if row[field] in wanted:
                    yield row


def by_collection(rows: Iterable[Row]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for collection, row in rows:
        found[collection].append(row)
    return found


def _by_event(entries: Iterable[Kept]) -> dict[type[EventData], list[Kept]]:
    found: dict[type[EventData], list[Kept]] = defaultdict(list)
    for entry in entries:
        found[entry.event].append(entry)
    return found


def _rows(
    entries: Mapping[type[EventData], list[Kept]],
    commit: Commit,
    decided: Iterable[EventData] | None = None,
) -> list[Row]:
    if not entries:
        return []
    if decided is None:
        decided = [parse(event.type, event.data) for event in commit.events]
    return [
        (entry.collection, {"_id": event.id, **row})
        for event, data in zip(commit.events, decided, strict=True)
        for entry in entries.get(type(data), ())
        if (row := entry.row(data)) is not None
    ]


def _together(field: str, rows: Sequence[Document]) -> Document:
    return {field: sorted({row[field] for row in rows}), ROWS: orjson.dumps(rows).decode()}
