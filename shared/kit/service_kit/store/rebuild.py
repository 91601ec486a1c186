"""Folding views anew from commits, in place, while the service runs.

A view is replaced only where its rank (schema, then version) is lower, so that whatever the
running service writes meanwhile wins. Views without any commit are deleted last.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from service_kit.mongo import Database, Document
from service_kit.store.codec import from_document
from service_kit.store.commits import fold
from service_kit.store.kept import Kept, KeptRows
from service_kit.store.model import Aggregate, Loaded
from service_kit.store.scan import chains, outline
from service_kit.store.views import RANK, Views, view_document

PAGE = 200
Progress = Callable[[int], None]


async def rebuild(
    database: Database,
    aggregates: Iterable[Aggregate[Any]],
    *,
    kept: Sequence[Kept] = (),
    repair: bool = False,
    progress: Progress = lambda _: None,
) -> dict[str, int]:
    """Refold every view of these kinds, spared ones too; how many were looked at, by kind.

    Normally after ``schema`` has counted up. Rows that are ``kept`` of events, where they are
    missing, are stored as well: of all events when a table has got a new entry. ``repair`` also
    replaces views of the same version, where one was damaged; ``progress`` is told the number of
    views after each page.
    """
    kinds = {aggregate.kind: aggregate for aggregate in aggregates}
    versions = {
        name: last
        for name, last in (await outline(database)).versions.items()
        if name.split(":", 1)[0] in kinds
    }
    counts, rows = dict.fromkeys(kinds, 0), KeptRows(kept)
    facts: list[tuple[str, Document]] = []
    pages: dict[str, list[Loaded[Any]]] = {kind: [] for kind in kinds}
    async for name, documents in chains(database, versions):
        aggregate = kinds[name.split(":", 1)[0]]
        item = Loaded(name, aggregate.initial(name), viewed=True)
        commits = [from_document(document) for document in documents]
        fold(aggregate, item, commits)
        facts += [row for commit in commits for row in rows.of(commit)]
        if len(facts) >= PAGE:
            await rows.mend(database, await rows.missing(database, facts))
            facts = []
        pages[aggregate.kind].append(item)
        counts[aggregate.kind] += 1
        if len(pages[aggregate.kind]) >= PAGE:
            await _save(database, aggregate, pages[aggregate.kind], repair)
            progress(len(pages[aggregate.kind]))
            pages[aggregate.kind] = []
    await rows.mend(database, await rows.missing(database, facts))
    for kind, items in pages.items():
        await _save(database, kinds[kind], items, repair)
        await _delete_orphans(database, kinds[kind], versions)
        progress(len(items))
    return counts


async def _save(
    database: Database, aggregate: Aggregate[Any], items: list[Loaded[Any]], repair: bool
) -> None:
    views = Views(database)
    if items:
        await views.save(aggregate, items)
    for item in items if repair else ():
        view = view_document(aggregate, item)
        same = {"_id": view["_id"], "rank": view["rank"]}
        await views.collection(aggregate.kind).replace_one(same, view)


async def _delete_orphans(
    database: Database, aggregate: Aggregate[Any], versions: dict[str, int]
) -> None:
    """Views under an older schema for which there are no commits at all."""
    collection = database[f"view_{aggregate.kind}"]
    old = {"rank": {"$gte": 0, "$lt": aggregate.schema * RANK}}
    orphans = [d["_id"] async for d in collection.find(old, {"_id": 1}) if d["_id"] not in versions]
    for orphan in orphans:
        await collection.delete_one({"_id": orphan, **old})
