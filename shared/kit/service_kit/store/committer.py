"""One committer per process: takes what is there, decides, commits in one insert, publishes.

Three batches are under way at once, one in each step: what comes is decided while the batch before
is inserted and the one before that is finished. Each step has one at a time, in their order: only
so can the watermark ``sent`` mean that all below it is published.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

import structlog

from service_kit.errors import Unavailable
from service_kit.mongo import UNKNOWN_OUTCOME, Database
from service_kit.store.batch import Batch
from service_kit.store.commits import Commits
from service_kit.store.follow import FollowUp, FollowUps
from service_kit.store.kept import Kept, KeptRows
from service_kit.store.lease_keeper import LeaseKeeper
from service_kit.store.marking import Marker
from service_kit.store.model import Aggregate, Commit, Foresee, Outcome, Pending, Work
from service_kit.store.outbox import Outbox
from service_kit.store.views import Views
from service_kit.store.waiting import BATCH_SIZE, Waiting
from service_kit.store.writers import LAPSE_SECONDS, LeaseLost, Writer
from service_kit.telemetry.metrics import COMMANDS, OUTBOX_LAG

log = structlog.get_logger()
MAX_FAILURES = 3
STOP_SECONDS = 15.0
MOST_REDONE = 50
LoadWorld = Callable[[], Awaitable[Any]]
Unchanged = Callable[[Any], Awaitable[bool]]
UnderWay = tuple[Batch, asyncio.Task[None]]


class Committer:
    """The single queue of a process. ``submit`` waits for the commit, ``through`` for the
    confirmed publication as well (so that a message may be acknowledged)."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        aggregates: Sequence[Aggregate[Any]],
        load_world: LoadWorld,
        *,
        service: str,
        lapse_seconds: float = LAPSE_SECONDS,
        unchanged: Unchanged | None = None,
        follow_ups: Sequence[FollowUp] = (),
        kept: Sequence[Kept] = (),
        foresee: Foresee | None = None,
    ) -> None:
        """``unchanged`` says, just before the insert, whether the world is still what was loaded
        where that matters; a batch that was decided on an older one is decided again.
        ``follow_ups`` are committed with what they follow, ``kept`` rows stored with it.
        ``foresee`` is asked once for all that is decided together."""
        self.database, self.service = database, service
        self.aggregates: Mapping[str, Aggregate[Any]] = {a.kind: a for a in aggregates}
        self.commits, self.views = Commits(database), Views(database)
        self.outbox, self.load_world = outbox, load_world
        self.follow_ups, self.kept = FollowUps(service, follow_ups), KeptRows(kept)
        self.foresee = foresee
        self._unchanged, self._redone = unchanged, 0
        self._waiting = Waiting()
        self._arrived = asyncio.Event()
        self._keeper = LeaseKeeper(
            database, service, self._arrived.set, lapse_seconds=lapse_seconds
        )
        self.marker = Marker(lambda: self.writer)
        self._tasks: list[asyncio.Task[None]] = []
        self._next: Batch | None = None
        self._inserting: UnderWay | None = None
        self._finishing: UnderWay | None = None
        self._stopping = False

    async def start(self) -> None:
        await self.commits.create_indexes()
        await self.writer.open()
        loops = (self._run(), self._keeper.run(), self.marker.run())
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> None:
        """Finish what is queued, then close the writer."""
        self._stopping = True
        self._arrived.set()
        if not self._tasks:
            return
        run = self._tasks[0]
        await asyncio.wait([run], timeout=STOP_SECONDS)
        finished = run.done()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._waiting.fail()
        await self._keeper.end(finished=finished)

    async def submit(self, work: Work) -> Outcome:
        """The outcome when it is committed; raises what the decision raised. Who no longer waits
        takes nothing back: whether work is done with, ``published`` says, which stays shielded."""
        return await self._enqueue(work).committed

    async def through(self, work: Work) -> Outcome:
        """The outcome when its events are published and confirmed."""
        return await asyncio.shield(self._enqueue(work).published)

    async def complete(self, commit: Commit) -> None:
        """Do what should have been done with a commit that another process left behind."""
        await self.kept.save(self.database, self.kept.beside(commit))
        await asyncio.gather(*(self.submit(work) for work in self.follow_ups.after(commit)))

    @property
    def writer(self) -> Writer:
        """Under which what comes next is inserted."""
        return self._keeper.writer

    @property
    def backlog(self) -> int:
        return len(self._waiting) + (len(self._next.taken) if self._next else 0)

    @property
    def running(self) -> bool:
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    def aggregate_of(self, aggregate: str) -> Aggregate[Any]:
        """The kind that an id (``<kind>:<id>``) names; LookupError for one that is not ours."""
        kind = aggregate.split(":", 1)[0]
        if kind not in self.aggregates:
            raise LookupError(f"{self.service} keeps no {kind!r}: {aggregate}")
        return self.aggregates[kind]

    async def still(self, world: Any) -> bool:
        """Whether what was decided on this world may be committed. One that never stands still
        (a district is being loaded) is in the end taken as it is."""
        if self._unchanged is None or self._redone >= MOST_REDONE or await self._unchanged(world):
            self._redone = 0
            return True
        self._redone += 1
        return False

    def _enqueue(self, work: Work) -> Pending:
        self.aggregate_of(work.aggregate)
        if self._tasks and self._tasks[0].done():
            raise Unavailable("this process is stopping; try again")
        pending = Pending(work)
        self._waiting.put(pending)
        self._arrived.set()
        return pending

    async def _run(self) -> None:
        try:
            while not self._stopping or self._waiting or self._under_way:
                await self._step()
            await self.marker.caught_up()
        finally:
            for under_way in (self._inserting, self._finishing):
                if under_way:
                    under_way[1].cancel()
            if self._next:
                self._waiting.put_back(self._next.taken)

    @property
    def _under_way(self) -> list[Batch]:
        started = [each[0] for each in (self._finishing, self._inserting) if each]
        return [*started, self._next] if self._next else started

    async def _step(self) -> None:
        """The next thing that can be done, or a wait until there is one."""
        self._arrived.clear()
        if self._finishing and self._finishing[1].done():
            await self._finished(*self._finishing)
        elif self._inserting and self._inserting[1].done() and not self._finishing:
            await self._inserted(*self._inserting)
        elif self.writer.lost and not self._inserting:
            await self._start_afresh([])
        elif taken := await self._taken():
            await self._decided(taken)
        elif self._next and not self._inserting:
            self._insert(self._next)
        else:
            await self._arrived.wait()

    async def _taken(self) -> list[Pending]:
        """What may go into the next batch."""
        room = self._next.room if self._next else BATCH_SIZE
        if not self._waiting or room <= 0:
            return []
        await self.marker.room()
        busy = set[Any]().union(*(batch.busy for batch in self._under_way))
        return self._waiting.take(busy, room)

    async def _decided(self, taken: list[Pending]) -> None:
        if self._next is None:
            before = self._inserting[0].number if self._inserting else self.writer.batch
            self._next = Batch(self, before + 1)
        batch = self._next
        if not await self._survived(batch, batch.decide(taken)):
            self._next = None

    def _insert(self, batch: Batch) -> None:
        """Unless the one before came to more or fewer numbers than one: then it is decided anew."""
        self._next = None
        if batch.follows:
            self._inserting = batch, self._beside(batch.commit())
        else:
            self._waiting.put_back(batch.taken)

    async def _inserted(self, batch: Batch, task: asyncio.Task[None]) -> None:
        """It is finished next, now that the one before is."""
        survived = await self._survived(batch, task)
        self._inserting = None
        if not survived:
            return
        COMMANDS.labels(self.service).inc(len(batch.taken))
        if batch.writer is not self.writer:  # given up: its take-over does what is left to do
            self._waiting.put_back(batch.taken)
            return
        self._waiting.put_back(batch.again)
        self._finishing = batch, self._beside(batch.finish())

    async def _finished(self, batch: Batch, task: asyncio.Task[None]) -> None:
        await self._survived(batch, task)
        self._finishing = None
        OUTBOX_LAG.labels(self.service).set(self.writer.batch - self.writer.published)

    def _beside(self, step: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(step)
        task.add_done_callback(lambda _: self._arrived.set())
        return task

    async def _survived(self, batch: Batch, step: Awaitable[None]) -> bool:
        try:
            await step
        except LeaseLost:
            log.warning("lease_lost", writer=batch.writer.id)
            await self._give_up(batch)
        except Exception as error:
            await self._after_failure(batch, error)
        else:
            return True
        return False

    async def _after_failure(self, batch: Batch, error: Exception) -> None:
        """Once something was inserted under this writer, its watermark may not pass it
        unpublished: the writer is given up, and a take-over publishes what it left."""
        away = isinstance(error, UNKNOWN_OUTCOME)
        log.warning("batch_failed", error=type(error).__name__, exc_info=not away)
        for pending in batch.taken:
            pending.failures += 0 if away else 1
            if not batch.inserted or pending.failures >= MAX_FAILURES:
                pending.fail(error)
        if batch.inserted:
            await self._give_up(batch)
        elif away:
            await asyncio.sleep(0.2)

    async def _give_up(self, batch: Batch) -> None:
        if batch.writer is self.writer:
            await self._start_afresh(batch.taken)
        else:
            self._waiting.put_back(batch.taken)

    async def _start_afresh(self, taken: Sequence[Pending]) -> None:
        """Under a new writer the same work is decided again; what had landed is found by
        (handler, cause)."""
        await self._keeper.replace()
        self._waiting.put_back(taken)
