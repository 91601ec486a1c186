"""Reading a whole commit store in pieces, for verification and rebuilding."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from service_kit.mongo import Database, Document

PAGE = 400
_HEAD = {
    "aggregate": 1, "version": 1, "handler": 1, "cause_id": 1, "writer": 1, "batch": 1,
    "events.id": 1, "events.type": 1,
}  # fmt: skip


@dataclass
class Outline:
    """What one pass over all commits tells without reading their data."""

    versions: dict[str, int] = field(default_factory=dict)
    commits: int = 0
    causes: set[tuple[str, str]] = field(default_factory=set)
    repeated: list[tuple[str, str]] = field(default_factory=list)
    batches: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    events: dict[str, set[str]] = field(default_factory=dict)


async def outline(database: Database) -> Outline:
    """Last version per aggregate, causes and those with more than one effect, commit ids per
    writer's batch, event ids per stored type."""
    found = Outline()
    async for row in database["commits"].find({}, _HEAD):
        found.commits += 1
        aggregate = row["aggregate"]
        found.versions[aggregate] = max(found.versions.get(aggregate, 0), row["version"])
        cause = (row["handler"], row["cause_id"])
        if cause in found.causes:
            found.repeated.append(cause)
        found.causes.add(cause)
        batches = found.batches.setdefault(row["writer"], {})
        batches.setdefault(row["batch"], []).append(row["_id"])
        for event in row["events"]:
            found.events.setdefault(event["type"], set()).add(event["id"])
    return found


async def chains(
    database: Database, versions: Mapping[str, int]
) -> AsyncIterator[tuple[str, list[Document]]]:
    """Each aggregate with its commits up to the given version, in order; gaps stay gaps."""
    ids: list[str] = []
    names: list[str] = []
    for aggregate, last in versions.items():
        names.append(aggregate)
        ids += [f"{aggregate}:{v}" for v in range(1, last + 1)]
        if len(ids) >= PAGE:
            async for item in _page(database, names, ids):
                yield item
            names, ids = [], []
    async for item in _page(database, names, ids):
        yield item


async def _page(
    database: Database, names: list[str], ids: list[str]
) -> AsyncIterator[tuple[str, list[Document]]]:
    by_name: dict[str, list[Document]] = {name: [] for name in names}
    for start in range(0, len(ids), PAGE):
        part = ids[start : start + PAGE]
        async for document in database["commits"].find({"_id": {"$in": part}}):
            by_name[document["_id"].rsplit(":", 1)[0]].append(document)
    for name, documents in by_name.items():
        yield name, sorted(documents, key=lambda d: int(d["_id"].rsplit(":", 1)[1]))
