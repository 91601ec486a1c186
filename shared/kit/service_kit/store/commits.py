"""The collection of commits: all its reads and writes, and how commits fold to a state."""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from case_contracts.catalogue import parse
from service_kit.mongo import (
    ASCENDING,
    Collection,
    Database,
    Document,
    drop_index,
    insert_new,
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
from service_kit.store.model import Aggregate, Commit, Loaded

LOOKAHEAD = 8
PAGE = 100
"""Keys looked up at once: the embedded store scans for many more."""


class Commits:
    """Commits are inserted, never changed: those of a batch together, as ``filing`` says.

    Uniqueness carries every guarantee: of ``<aggregate>:<version>``, the optimistic lock; of
    (handler, cause_id), the deduplication for ever; of (writer, batch), the outbox. Where the id
    of a thing follows from its cause, the first of these is the second also.
    """

    def __init__(self, database: Database) -> None:
        self.collection: Collection = database["commits"]

    async def create_indexes(self) -> None:
        await drop_index(self.collection, "once")  # a former version's, of every commit
        for field, name, sparse in ((ID, "lock", False), (ONCE, "cause", True)):
            await self.collection.create_index(
                [(f"keys.{field}", ASCENDING)], unique=True, name=name, sparse=sparse
            )

    async def insert(
        self,
        documents: Sequence[Document],
        kept: Document | None = None,
        by_id: Container[str] = (),
        texts: Sequence[str] | None = None,
    ) -> bool:
        """Insert the commits of a batch, all or none: False where a unique index refused them.
        ``kept`` is what else its document is to have, ``by_id`` which of them are first commits
        of things whose ids follow from their causes; ``texts`` as in ``batch_document``."""
        document = batch_document(documents, by_id, texts) | (kept or {})
        return not await insert_new(self.collection, [document])

    async def has(self, writer: str, number: int) -> bool:
        """Whether a writer has inserted anything under this number."""
        return (
            await self.collection.find_one({"_id": batch_id(writer, number)}, {"_id": 1})
            is not None
        )

    async def by_cause(self, handler: str, cause_id: str) -> Commit | None:
        return (await self.by_causes([(handler, cause_id)])).get((handler, cause_id))

    async def by_causes(self, causes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Commit]:
        """What each (handler, cause_id) came to, as far as it came to anything and was not the
        first commit of what was new with it (``Work.fresh``)."""
        found = await self._filed(ONCE, [once(*cause) for cause in causes])
        return {handler_and_cause(key): from_document(d) for key, d in found.items()}

    async def handled(self, handler: str, causes: Iterable[str]) -> set[str]:
        """Those of the causes that this handler, of no fresh work, has handled."""
        wanted = {once(handler, cause): cause for cause in causes}
        keys, found = list(wanted), set[str]()
        for start in range(0, len(keys), PAGE):
            query = {f"keys.{ONCE}": {"$in": keys[start : start + PAGE]}}
            async for batch in self.collection.find(query, {"keys": 1}):
                found |= {key[ONCE] for key in batch["keys"] if ONCE in key}
        return {wanted[key] for key in found & wanted.keys()}

    async def by_ids(self, ids: Iterable[str]) -> dict[str, Commit]:
        return {key: from_document(d) for key, d in (await self.documents(ids)).items()}

    async def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """As they are stored, whatever has become of them."""
        return await self._filed(ID, ids)

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


def fold(aggregate: Aggregate[Any], loaded: Loaded[Any], commits: Iterable[Commit]) -> None:
    """Bring a loaded aggregate up to date with the commits that follow it."""
    for commit in commits:
        for event in commit.events:
            loaded.state = aggregate.evolve(loaded.state, parse(event.type, event.data))
            loaded.sequence = event.sequence
        loaded.follow(commit)
