"""The collection of commits and that of views: all reads and writes of the store's own data."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from pydantic import ValidationError

from case_contracts.catalogue import parse
from service_kit.mongo import (
    ASCENDING,
    BulkWriteError,
    Collection,
    Database,
    Document,
    ReplaceOne,
    refused_positions,
)
from service_kit.store.codec import from_document
from service_kit.store.model import Aggregate, Commit, Loaded, S, SparesFirstView

log = structlog.get_logger()
LOOKAHEAD = 8
ORIGIN = ("correlation", "traceparent")
RANK = 1_000_000_000
"""A view's rank is schema * RANK + version: one number to compare."""


class Commits:
    """Commits are inserted, never changed. Uniqueness carries every guarantee.

    ``_id`` = ``<aggregate>:<version>`` is the optimistic lock, (handler, cause_id) the
    deduplication for ever, (writer, batch) the outbox.
    """

    def __init__(self, database: Database) -> None:
        self.collection: Collection = database["commits"]

    async def create_indexes(self) -> None:
        await self.collection.create_index(
            [("handler", ASCENDING), ("cause_id", ASCENDING)], unique=True, name="once"
        )
        await self.collection.create_index(
            [("writer", ASCENDING), ("batch", ASCENDING)], name="outbox"
        )

    async def insert(self, documents: Sequence[Document]) -> list[int]:
        """Insert all that can be; the positions of those that a unique index refused."""
        return await _insert(self.collection, documents)

    async def insert_in_order(self, documents: Sequence[Document]) -> int:
        """Insert up to the first that a unique index refuses; how many there are before it."""
        try:
            await self.collection.insert_many(documents, ordered=True)
        except BulkWriteError as error:
            [first] = refused_positions(error)
            return first
        return len(documents)

    async def by_cause(self, handler: str, cause_id: str) -> Commit | None:
        found = await self.collection.find_one({"handler": handler, "cause_id": cause_id})
        return None if found is None else from_document(found)

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Commit]:
        cursor = self.collection.find({"_id": {"$in": list(ids)}})
        return {d["_id"]: from_document(d) async for d in cursor}

    async def newer(self, aggregate: str, version: int) -> list[Commit]:
        """The commits after this version, in order: eight at a time while all eight exist."""
        found: list[Commit] = []
        while True:
            start = version + len(found) + 1
            ids = [f"{aggregate}:{v}" for v in range(start, start + LOOKAHEAD)]
            page = await self.by_ids(ids)
            for commit_id in ids:
                if commit_id not in page:
                    return found
                found.append(page[commit_id])

    async def of_writer(self, writer: str, first: int, last: int) -> list[Commit]:
        """The commits of a writer's batches ``first`` to ``last``, both included."""
        query = {"writer": writer, "batch": {"$gte": first, "$lte": last}}
        return [from_document(d) async for d in self.collection.find(query)]


def fold(aggregate: Aggregate[Any], loaded: Loaded[Any], commits: Iterable[Commit]) -> None:
    """Bring a loaded aggregate up to date with the commits that follow it."""
    for commit in commits:
        for event in commit.events:
            loaded.state = aggregate.evolve(loaded.state, parse(event.type, event.data))
            loaded.sequence = event.sequence
        loaded.follow(commit)


class Views:
    """One document per aggregate: its state folded so far, and what it is looked up by.

    A view may lag behind the commits, never run ahead of them; a first one may be spared.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._commits = database, Commits(database)

    def collection(self, kind: str) -> Collection:
        return self._database[f"view_{kind}"]

    async def load(self, aggregate: Aggregate[Any], ids: Sequence[str]) -> dict[str, Loaded[Any]]:
        """The aggregates as their views know them; a fresh one where there is none."""
        cursor = self.collection(aggregate.kind).find({"_id": {"$in": list(ids)}})
        found = {d["_id"]: d async for d in cursor}
        loaded = {i: self.loaded(aggregate, i, found.get(i)) for i in ids}
        await self._fold_spared(aggregate, [item for item in loaded.values() if not item.viewed])
        return loaded

    async def states(self, aggregate: Aggregate[S], ids: Sequence[str]) -> dict[str, S]:
        """The states of those that there are (100 at most), for reading: as they are stored, the
        spared ones folded."""
        cursor = self.collection(aggregate.kind).find({"_id": {"$in": list(ids)}}, {"state": 1})
        found = {d["_id"]: aggregate.state.model_validate(d["state"]) async for d in cursor}
        unseen = [Loaded(i, aggregate.initial(i)) for i in ids if i not in found]
        await self._fold_spared(aggregate, unseen)
        return found | {each.aggregate: each.state for each in unseen if each.version}

    async def _fold_spared(self, aggregate: Aggregate[Any], unseen: Sequence[Loaded[Any]]) -> None:
        """Of those without a view that were only spared one: what their first commit says."""
        if not isinstance(aggregate, SparesFirstView):
            return
        own = {
            f"{i.aggregate}:1": i for i in unseen if i.aggregate.startswith(f"{aggregate.kind}:")
        }
        for first in (await self._commits.by_ids(own)).values() if own else ():
            fold(aggregate, own[first.id], [first])

    @staticmethod
    def loaded(aggregate: Aggregate[Any], key: str, view: Document | None) -> Loaded[Any]:
        """A view of another schema, or one that cannot be read, is folded anew from commits."""
        fresh = Loaded(key, aggregate.initial(key), viewed=view is not None)
        if view is None or view["schema"] != aggregate.schema:
            return fresh
        try:
            state = aggregate.state.model_validate(view["state"])
        except ValidationError:
            log.warning("view_unreadable", aggregate=key, schema=view["schema"])
            return fresh
        known = {name: view.get(name) for name in ORIGIN}
        return Loaded(
            key, state, view["version"], view["sequence"], view["head"], viewed=True, **known
        )

    async def save(self, aggregate: Aggregate[Any], items: Sequence[Loaded[Any]]) -> None:
        """Write views where the stored one is older.

        First views are inserted together, a tenth of the cost of as many upserts; where another
        process was faster its view may be the older one, so those are compared after all.
        """
        collection = self.collection(aggregate.kind)
        new = [item for item in items if not item.viewed and needs_view(aggregate, item)]
        old = [item for item in items if item.viewed]
        if new:
            documents = [view_document(aggregate, item) for item in new]
            old += [new[i] for i in await _insert(collection, documents)]
        if old:
            await _replace_older(collection, [view_document(aggregate, item) for item in old])


async def _insert(collection: Collection, documents: Sequence[Document]) -> list[int]:
    """Insert all that can be; the positions of those that a unique index refused."""
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return refused_positions(error)
    return []


async def _replace_older(collection: Collection, views: Sequence[Document]) -> None:
    """A duplicate on upsert means that the stored view is as new or newer."""
    writes = [
        ReplaceOne({"_id": view["_id"], "rank": {"$lt": view["rank"]}}, view, upsert=True)
        for view in views
    ]
    try:
        await collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        refused_positions(error)


def needs_view(aggregate: Aggregate[Any], item: Loaded[Any]) -> bool:
    """Whether it is to have a view: the first one may be spared."""
    if item.version > 1 or not isinstance(aggregate, SparesFirstView):
        return True
    return bool(aggregate.fields(item.state))


def view_document(aggregate: Aggregate[Any], item: Loaded[Any]) -> Document:
    return {
        "_id": item.aggregate,
        "rank": aggregate.schema * RANK + item.version,
        "schema": aggregate.schema,
        "version": item.version,
        "sequence": item.sequence,
        "head": item.head,
        **{name: getattr(item, name) for name in ORIGIN},
        **aggregate.fields(item.state),
        "state": item.state.model_dump(mode="json"),
    }
