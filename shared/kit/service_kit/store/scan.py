"""Reading a whole commit store in pieces, for verification and rebuilding."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from service_kit.mongo import Database, Document
from service_kit.store.commits import Commits
from service_kit.store.filing import ID, commits_of, filed_under

PAGE = 2_000
"""Commits looked up together: those of one batch are read once where they are wanted at once."""


@dataclass
class Outline:
    """What one pass over all commits tells without reading their data."""

    versions: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    commits: int = 0
    causes: set[tuple[str, str]] = field(default_factory=set)
    repeated: list[tuple[str, str]] = field(default_factory=list)
    batches: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    events: dict[str, set[str]] = field(default_factory=dict)
    misfiled: list[str] = field(default_factory=list)

    def add(self, commit: Document) -> None:
        self.commits += 1
        aggregate = commit["aggregate"]
        self.counts[aggregate] += 1
        self.versions[aggregate] = max(self.versions.get(aggregate, 0), commit["version"])
        cause = (commit["handler"], commit["cause_id"])
        if cause in self.causes:
            self.repeated.append(cause)
        self.causes.add(cause)
        batches = self.batches.setdefault(commit["writer"], {})
        batches.setdefault(commit["batch"], []).append(commit["_id"])
        for event in commit["events"]:
            self.events.setdefault(event["type"], set()).add(event["id"])


async def outline(database: Database) -> Outline:
    """Last version and number of commits per aggregate, causes and those with more than one effect,
    commit ids per writer's batch, event ids per stored type, batches that are not filed as their
    commits say."""
    found = Outline()
    async for batch in database["commits"].find({}):
        commits = commits_of(batch)
        if not commits or not all(commits) or not _filed(batch, commits):
            found.misfiled.append(batch["_id"])
        for commit in filter(None, commits):
            found.add(commit)
    return found


def _filed(batch: Document, commits: Sequence[Document]) -> bool:
    """Whether it is filed as its commits say: a first one may be filed by its id alone."""
    filed = zip(commits, batch.get("keys", ()), strict=False)
    by_id = [c["_id"] for c, key in filed if c["version"] == 1 and key == {ID: c["_id"]}]
    said = filed_under(commits, by_id)
    return all(batch.get(name) == value for name, value in said.items())


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
    found = await Commits(database).documents(ids)
    for commit_id in ids:
        if commit_id in found:
            by_name[commit_id.rsplit(":", 1)[0]].append(found[commit_id])
    for name, documents in by_name.items():
        yield name, documents
