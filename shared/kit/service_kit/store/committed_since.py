"""What the processes of a service have committed since one looked last.

Each writer numbers its batches without a gap, so what is new are the batches behind the last one
that was seen of it: whoever keeps views in memory need not read them all to know which are old.
"""

from collections.abc import Iterable, Mapping

from service_kit.mongo import Database, Document
from service_kit.store.commits import PAGE
from service_kit.store.filing import ID, batch_id
from service_kit.store.takeover import MINUTE_SWEEPS

MOST_AHEAD = 32
"""Batches of one writer that are looked up at once: one, then twice as many while all are there."""


class CommittedSince:
    """Not seen: what is inserted in the name of a process that died over an hour ago, and of one
    that began and ended between two looks. So look often, and read everything again now and then.
    """

    def __init__(self, database: Database) -> None:
        self._writers, self._commits = database["writers"], database["commits"]
        self._seen: Mapping[str, int] = {}

    async def begin(self) -> None:
        """From now on; what was committed and not published until now comes as well."""
        self._seen = await self._live()

    async def look(self) -> dict[str, int]:
        """The aggregates that have changed, each with its last version. Its view may be older
        still: it is stored after the commit. What is raised midway loses nothing."""
        live = await self._live()
        seen, newest = dict.fromkeys(live, 0) | dict(self._seen), dict[str, int]()
        ahead = dict.fromkeys(seen, 1)
        while ahead:
            wanted = {writer: _following(writer, seen[writer], n) for writer, n in ahead.items()}
            found = await self._batches([each for ids in wanted.values() for each in ids])
            for batch in found.values():
                _note(newest, batch)
            for writer, ids in wanted.items():
                new = sum(1 for each in ids if each in found)
                seen[writer] += new
                if new < len(ids):
                    del ahead[writer]
                else:
                    ahead[writer] = min(2 * len(ids), MOST_AHEAD)
        self._seen = {writer: last for writer, last in seen.items() if writer in live}
        return newest

    async def _live(self) -> dict[str, int]:
        """The writers that may still insert something, and up to where all is published."""
        lapsed = {"phase": "lapsed", "sweeps": {"$lt": MINUTE_SWEEPS}}
        rows = self._writers.find({"$or": [{"phase": "open"}, lapsed]}, {"sent": 1})
        return {row["_id"]: row["sent"] async for row in rows}

    async def _batches(self, ids: list[str]) -> dict[str, Document]:
        found: dict[str, Document] = {}
        for start in range(0, len(ids), PAGE):
            query = {"_id": {"$in": ids[start : start + PAGE]}}
            async for batch in self._commits.find(query, {f"keys.{ID}": 1}):
                found[batch["_id"]] = batch
        return found


def _following(writer: str, last: int, count: int) -> list[str]:
    """The ids of so many batches behind the last one."""
    return [batch_id(writer, number) for number in range(last + 1, last + 1 + count)]


def _note(newest: dict[str, int], batch: Document) -> None:
    keys: Iterable[Document] = batch["keys"]
    for key in keys:
        aggregate, version = key[ID].rsplit(":", 1)
        newest[aggregate] = max(newest.get(aggregate, 0), int(version))
