"""The stored commits of one thing, whatever has become of them, and what its view remembers."""

from dataclasses import dataclass

from service_kit.mongo import Database, Document
from service_kit.store.commits import Commits

PAGE = 200


@dataclass(frozen=True)
class Stored:
    """Commits by version as they are stored; ``version`` and ``head`` as the view has them."""

    commits: list[Document]
    version: int | None
    head: str | None


async def stored(database: Database, kind: str, aggregate: str) -> Stored:
    """Gaps stay gaps: it is read on as far as the view says, and then while there is more."""
    view = await database[f"view_{kind}"].find_one({"_id": aggregate}, {"version": 1, "head": 1})
    known = int(view["version"]) if view else 0
    commits: list[Document] = []
    first = 1
    while True:
        ids = [f"{aggregate}:{version}" for version in range(first, first + PAGE)]
        page = await Commits(database).documents(ids)
        commits += [page[commit] for commit in ids if commit in page]
        first += PAGE
        if not page and first > known:
            return Stored(commits, known or None, view["head"] if view else None)
