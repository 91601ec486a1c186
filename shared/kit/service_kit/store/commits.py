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
from service_kit.store.filing import (
    ID,
    ONCE,
    batch_document,
    batch_id,
    commits_of,
    handler_and_cause,
    once,
    picked,
)
from service_kit.store.model import Aggregate, Commit, Loaded, S, SparesFirstView

log = structlog.get_logger()
LOOKAHEAD = 8
PAGE = 100
"""Keys looked up at once: the embedded store scans for many more."""
ORIGIN = ("correlation", "traceparent")
RANK = 1_000_000_000
"""A view's rank is schema * RANK + version: one number to compare."""


class Commits:
    """Commits are inserted, never changed: those of a batch together, as ``filing`` says.

    Uniqueness carries every guarantee: of ``<aggregate>:<version>``, the optimistic lock; of
    (handler, cause_id), the deduplication for ever; of (writer, batch), the outbox.
    """

    def __init__(self, database: Database) -> None:
        self.collection: Collection = database["commits"]

    async def create_indexes(self) -> None:
        for field, name in ((ID, "lock"), (ONCE, "once")):
            await self.collection.create_index(
                [(f"keys.{field}", ASCENDING)], unique=True, name=name
            )

    async def insert(self, documents: Sequence[Document], kept: Document | None = None) -> bool:
        """Insert the commits of a batch, all or none: False where a unique index refused them.
        ``kept`` is what else its document is to have."""
        return not await _insert(self.collection, [batch_document(documents) | (kept or {})])

    async def has(self, writer: str, number: int) -> bool:
        """Whether a writer has inserted anything under this number."""
        return (
            await self.collection.find_one({"_id": batch_id(writer, number)}, {"_id": 1})
            is not None
        )

    async def by_cause(self, handler: str, cause_id: str) -> Commit | None:
        return (await self.by_causes([(handler, cause_id)])).get((handler, cause_id))

    async def by_causes(self, causes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Commit]:
        """What each (handler, cause_id) came to, as far as it came to anything."""
        found = await self._filed(ONCE, [once(*cause) for cause in causes])
        return {handler_and_cause(key): from_document(d) for key, d in found.items()}

    async def handled(self, handler: str, causes: Iterable[str]) -> set[str]:
        """Those of the causes that this handler has handled."""
        wanted = {once(handler, cause): cause for cause in causes}
        keys = await self._keys(ONCE, list(wanted))
        return {wanted[key] for key in keys}

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Commit]:
        return {key: from_document(d) for key, d in (await self.documents(ids)).items()}

    async def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """As they are stored, whatever has become of them."""
        return await self._filed(ID, ids)

    async def there(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids under which there is a commit."""
        return await self._keys(ID, list(ids))

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
        """The commits of a writer's batches ``first`` to ``last``, both included.

        A writer counts its batches without a gap, so the end is where a page of them is missing.
        """
        found: list[Commit] = []
        for start in range(first, last + 1, PAGE):
            ids = [batch_id(writer, n) for n in range(start, min(start + PAGE, last + 1))]
            page = {d["_id"]: d async for d in self.collection.find({"_id": {"$in": ids}})}
            if not page:
                break
            found += [from_document(d) for i in ids if i in page for d in commits_of(page[i])]
        return found

    async def _filed(self, field: str, keys: Iterable[str]) -> dict[str, Document]:
        """The commits under these keys; a batch is read once for all that is wanted of it."""
        waiting, found = list(dict.fromkeys(keys)), dict[str, Document]()
        while waiting:
            wanted = set(waiting)
            async for batch in self.collection.find({f"keys.{field}": {"$in": waiting[:PAGE]}}):
                found.update(picked(batch, field, wanted))
            waiting = [key for key in waiting[PAGE:] if key not in found]
        return found

    async def _keys(self, field: str, keys: Sequence[str]) -> set[str]:
        wanted, found = set(keys), set[str]()
        for start in range(0, len(keys), PAGE):
            query = {f"keys.{field}": {"$in": keys[start : start + PAGE]}}
            async for batch in self.collection.find(query, {"keys": 1}):
                found |= {key[field] for key in batch["keys"]}
        return found & wanted


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

    async def versions(self, aggregate: Aggregate[Any], ids: Sequence[str]) -> dict[str, int]:
        """Up to which version those that are stored, in this schema, have been folded."""
        query = {"_id": {"$in": list(ids)}, "schema": aggregate.schema}
        cursor = self.collection(aggregate.kind).find(query, {"version": 1})
        return {d["_id"]: d["version"] async for d in cursor}

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
        """Write the views that are to be stored where the stored one is older."""
        await self.store(aggregate, [item for item in items if is_stored(aggregate, item)])

    async def store(self, aggregate: Aggregate[Any], items: Sequence[Loaded[Any]]) -> None:
        """Write these views where the stored one is older.

        First views are inserted together, a tenth of the cost of as many upserts; where another
        process was faster its view may be the older one, so those are compared after all.
        """
        collection = self.collection(aggregate.kind)
        new = [item for item in items if not item.viewed]
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


def is_stored(aggregate: Aggregate[Any], item: Loaded[Any]) -> bool:
    """Whether a view of it is there, or is to be."""
    return item.viewed or needs_view(aggregate, item)


def needs_view(aggregate: Aggregate[Any], item: Loaded[Any]) -> bool:
    """Whether it is to have a view: the first one may be spared."""
    if item.version > 1 or not isinstance(aggregate, SparesFirstView):
        return True
    return not aggregate.spares(item.state)


def is_spared(aggregate: Aggregate[Any], commit: Commit) -> bool:
    """Whether this commit asks for no view."""
    if commit.version > 1 or not isinstance(aggregate, SparesFirstView):
        return False
    item = Loaded(commit.aggregate, aggregate.initial(commit.aggregate))
    fold(aggregate, item, [commit])
    return not needs_view(aggregate, item)


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
