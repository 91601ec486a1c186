"""Looking at, changing and taking away single commits as they are stored, as a vandal could.

Commits lie in documents of a batch each (``service_kit.store.filing``); whoever tampers here keeps
a commit filed under what it says of itself, unless he says otherwise.
"""

from collections.abc import Callable, Sequence
from typing import Any

from service_kit.mongo import Database, Document
from service_kit.store.commits import Commits
from service_kit.store.filing import batch_document, commits_of


async def all_commits(database: Database) -> list[Document]:
    """Every commit, in the order in which they were inserted."""
    batches = await database["commits"].find({}).to_list(None)
    return [commit for batch in batches for commit in commits_of(batch)]


async def ids(database: Database) -> list[str]:
    return [str(commit["_id"]) for commit in await all_commits(database)]


async def where(database: Database, **fields: Any) -> list[Document]:
    """The commits of which these fields have these values."""
    found = await all_commits(database)
    return [c for c in found if all(c[name] == value for name, value in fields.items())]


async def one(database: Database, commit: str) -> Document:
    """The commit ``<aggregate>:<version>``."""
    return (await Commits(database).documents([commit]))[commit]


async def change(database: Database, commit: str, how: Callable[[Document], object]) -> None:
    """Change a commit in its place, by what ``how`` does to its document."""

    def changed(documents: list[Document]) -> list[Document]:
        for document in documents:
            if document["_id"] == commit:
                how(document)
        return documents

    await _rewrite(database, commit, changed)


async def remove(database: Database, commit: str) -> Document:
    """Take a commit out; gives what was there."""
    found = await one(database, commit)
    await _rewrite(database, commit, lambda documents: [d for d in documents if d["_id"] != commit])
    return found


async def put(database: Database, commits: Sequence[Document], name: str = "forged") -> None:
    """Store these commits, as a batch that is called so whatever they say."""
    await database["commits"].insert_one(batch_document(commits) | {"_id": name})


async def _rewrite(
    database: Database, commit: str, how: Callable[[list[Document]], list[Document]]
) -> None:
    batch = await database["commits"].find_one({"keys.id": commit})
    assert batch is not None, f"there is no commit {commit}"
    commits = how(commits_of(batch))
    if not commits:
        await database["commits"].delete_one({"_id": batch["_id"]})
        return
    await database["commits"].replace_one(
        {"_id": batch["_id"]}, batch | batch_document(commits) | {"_id": batch["_id"]}
    )
