"""The views: each aggregate's state, folded so far, and what it is looked up by."""

from collections.abc import Sequence
from typing import Any

import structlog
from pydantic import ValidationError

from service_kit.mongo import Collection, Database, Document, insert_new, replace_older
from service_kit.store.commits import Commits, fold
from service_kit.store.model import Aggregate, Commit, Loaded, S, SparesFirstView

log = structlog.get_logger()
ORIGIN = ("correlation", "traceparent")
RANK = 1_000_000_000
"""A view's rank is schema * RANK + version: one number to compare."""


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
            old += [new[i] for i in await insert_new(collection, documents)]
        await replace_older(collection, [view_document(aggregate, item) for item in old], by="rank")


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
