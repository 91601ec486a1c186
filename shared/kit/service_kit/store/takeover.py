"""Taking over writers whose process died, and sweeping after them.

A writer's lease is a counter; when it has not changed for ten seconds by our own monotonic
clock its process is taken for dead. We repair views, complete what should have followed, and
publish what lies above ``sent``; we do not move ``sent``, since an insert can land after its
process has died, with the same batch number. What is complete and published is noted by commit
id; sweeps see to whatever else turns up, every minute for an hour, then daily for thirty days,
before the writer is closed.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog

from service_kit.mongo import Database, Document, PyMongoError
from service_kit.store.commits import Commits, fold
from service_kit.store.faults import reach
from service_kit.store.model import Aggregate, Commit
from service_kit.store.outbox import Outbox
from service_kit.store.views import Views
from service_kit.store.writers import LAPSE_SECONDS

log = structlog.get_logger()
LOOK_SECONDS = 2.0
MINUTE_SWEEPS, MINUTE = 60, 60.0
DAY_SWEEPS, DAY = 30, 86_400.0
BATCHES_ABOVE = 1_000_000_000
Complete = Callable[[Commit], Awaitable[None]]


class Caretaker:
    """Watches the other writers of this service."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        aggregates: Mapping[str, Aggregate[Any]],
        complete: Complete,
        *,
        lapse_seconds: float = LAPSE_SECONDS,
        sweep_seconds: float = MINUTE,
    ) -> None:
        """``complete`` does what follows from a commit: a committer's."""
        self._writers = database["writers"]
        self._commits, self._views = Commits(database), Views(database)
        self._outbox, self._aggregates, self._complete = outbox, aggregates, complete
        self._lapse, self._minute = lapse_seconds, sweep_seconds
        self._seen: dict[str, tuple[int, float]] = {}
        self._owner = uuid.uuid4().hex

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except PyMongoError as error:
                log.warning("caretaker_waits", error=type(error).__name__)
            await asyncio.sleep(min(LOOK_SECONDS, self._lapse / 2))

    async def look(self) -> None:
        """Look at every writer that is not closed; act on those that have stood still."""
        async for writer in self._writers.find({"phase": {"$in": ["open", "lapsed"]}}):
            if self._stood_still(writer) >= self._patience(writer):
                await self._take(writer)

    def _stood_still(self, writer: Document) -> float:
        lease, since = self._seen.get(writer["_id"], (None, 0.0))
        if lease != writer["lease"]:
            self._seen[writer["_id"]] = (writer["lease"], time.monotonic())
            return 0.0
        return time.monotonic() - since

    def _patience(self, writer: Document) -> float:
        if writer["phase"] == "open":
            return self._lapse
        return self._minute if writer["sweeps"] < MINUTE_SWEEPS else DAY

    async def _take(self, writer: Document) -> None:
        """Claim by compare-and-set on the lease, then publish what is above ``sent``."""
        claimed = await self._claim(writer)
        if not claimed:
            return
        reach("takeover_claimed")
        noted = set(writer["noted"])
        commits = await self._commits.of_writer(
            writer["_id"], writer["sent"] + 1, writer["sent"] + BATCHES_ABOVE
        )
        missing = [c for c in commits if c.id not in noted]
        if missing:
            log.warning("taken_over", writer=writer["_id"], commits=len(missing))
            await self._repair_views(missing)
            whole = await self._completed(missing)
            await self._outbox.publish([c for c in missing if c.events])
            reach("takeover_published")
            noted |= {c.id for c in whole}
        await self._writers.update_one(
            {"_id": writer["_id"], "owner": self._owner},
            {"$set": {"noted": sorted(noted), **self._next(writer)}},
        )

    async def _completed(self, commits: Sequence[Commit]) -> list[Commit]:
        """Those of which all that follows is committed; the others the next sweep finds again."""
        asked = [self._complete(commit) for commit in commits]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        whole = []
        for commit, outcome in zip(commits, outcomes, strict=True):
            if outcome is None:
                whole.append(commit)
            else:
                log.error("not_followed", commit=commit.id, error=type(outcome).__name__)
        return whole

    async def _claim(self, writer: Document) -> bool:
        lease = writer["lease"] + 1
        result = await self._writers.update_one(
            {"_id": writer["_id"], "owner": writer["owner"], "lease": writer["lease"]},
            {"$set": {"owner": self._owner, "lease": lease, "phase": "lapsed"}},
        )
        self._seen[writer["_id"]] = (lease, time.monotonic())
        return result.modified_count == 1

    @staticmethod
    def _next(writer: Document) -> Document:
        sweeps = writer["sweeps"] + (1 if writer["phase"] == "lapsed" else 0)
        over = sweeps >= MINUTE_SWEEPS + DAY_SWEEPS
        return {"sweeps": sweeps, "phase": "closed" if over else "lapsed"}

    async def _repair_views(self, commits: Sequence[Commit]) -> None:
        for commit in commits:
            aggregate = self._aggregates[commit.aggregate.split(":", 1)[0]]
            loaded = (await self._views.load(aggregate, [commit.aggregate]))[commit.aggregate]
            fold(aggregate, loaded, await self._commits.newer(commit.aggregate, loaded.version))
            await self._views.save(aggregate, [loaded])
