"""One batch of the committer: load and decide, as work comes; insert; then views and answers beside
publishing.

While a batch is being inserted the next one is decided, and while one is being finished the next
one is inserted; it is finished when the one before is.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.store.deciding import Candidate, Decider
from service_kit.store.faults import reach
from service_kit.store.follow import first_of_each, missing
from service_kit.store.inserting import Done, Inserting
from service_kit.store.model import Commit, Loaded, Pending
from service_kit.store.saving import Saving
from service_kit.store.waiting import BATCH_SIZE, keys_of
from service_kit.telemetry.metrics import BATCH_SECONDS

if TYPE_CHECKING:
    from service_kit.store.committer import Committer


class Batch:
    """``again`` holds the work that must go to the front of the next batch: after a conflict, or
    because it was decided on a world that has changed."""

    def __init__(self, committer: "Committer", number: int) -> None:
        """``number`` is what it is going to have in its writer's count. ``busy``: the aggregates
        of which the views lag behind until it is finished, and what it handles."""
        self._c, self.number = committer, number
        self.taken: list[Pending] = []
        self.writer = committer.writer
        self._world: Any = None
        self._candidates: list[Candidate] = []
        self._inserting = Inserting(committer)
        self._saving = Saving(committer, self._inserting)
        self.again: list[Pending] = []
        self.busy: set[Any] = set()
        self._done: Done = []
        self._last = 0
        self._began = time.perf_counter()

    @property
    def room(self) -> int:
        """How many may still come in; none to what broke a batch before."""
        return 0 if any(p.failures for p in self.taken) else BATCH_SIZE - len(self.taken)

    @property
    def follows(self) -> bool:
        """Whether what was decided for this number and writer may go in as such."""
        return self.writer is self._c.writer and self.number == self.writer.batch + 1

    @property
    def inserted(self) -> bool:
        """Whether anything may be there under a number of this batch."""
        return self._inserting.begun

    async def decide(self, taken: Sequence[Pending]) -> None:
        """Decide these, for what is inserted next; nothing is stored yet."""
        self.taken += taken
        self.busy.update(*(keys_of(pending.work) for pending in taken))
        loaded = await self._load(taken)
        world = await self._c.load_world()
        if self._world is None:
            self._world = world  # the oldest: while it stands, so do those of what came later
        if self._c.foresee:
            world = self._c.foresee([pending.work.command for pending in taken], world)
        decider = Decider(self._c, self.writer.id, self.number, world)
        for candidate in await self._decide(decider, taken, loaded):
            if await candidate.pending.may_be_committed():
                self._candidates.append(candidate)
                self.busy.update(f.loaded.aggregate for f in candidate.followers)

    async def commit(self) -> None:
        """All of it is there when this returns, with what follows: the next may be inserted."""
        candidates = self._candidates
        if not candidates:
            return
        if not await self._c.still(self._world):
            self.again = [candidate.pending for candidate in candidates]
            return
        self.writer.check()
        reach("before_commit")
        done = await self._insert(candidates)
        reach("after_commit")
        self._done = done + await self._complete(self._world, done)
        self.busy.update(candidate.loaded.aggregate for candidate, _ in self._done)
        self._last = self.writer.batch

    async def finish(self) -> None:
        """Nothing is left to do for it when this returns; only one batch at a time is here."""
        await _side_by_side(self._save_and_tell(), self._publish())
        if self._commits:
            # Not before all that follows and the views are there: below the watermark nobody
            # looks for what is missing.
            self.writer.published = self._last
            self._c.marker.published()
        for candidate, outcome in self._done:
            candidate.pending.was_published(outcome)
        BATCH_SECONDS.labels(self._c.service).observe(time.perf_counter() - self._began)

    @property
    def _commits(self) -> list[Commit]:
        return [outcome.commit for _, outcome in self._done if not outcome.repeated]

    async def _save_and_tell(self) -> None:
        """Whoever waits for the commit is answered when its view is there, published or not."""
        await self._saving.save(self._done)
        reach("after_view")
        for candidate, outcome in self._done:
            candidate.pending.was_committed(outcome)

    async def _load(self, pendings: Sequence[Pending]) -> dict[str, Loaded[Any]]:
        """Each aggregate as its view knows it; what should be new, as a new one."""
        by_kind: dict[str, list[str]] = defaultdict(list)
        found: dict[str, Loaded[Any]] = {}
        for pending in pendings:
            name = pending.work.aggregate
            aggregate = self._c.aggregate_of(name)
            if pending.work.fresh and not pending.reads:
                found[name] = Loaded(name, aggregate.initial(name))
            else:
                by_kind[aggregate.kind].append(name)
        pages = await asyncio.gather(
            *(self._c.views.load(self._c.aggregates[kind], ids) for kind, ids in by_kind.items())
        )
        return found | {key: item for page in pages for key, item in page.items()}

    async def _decide(
        self, decider: Decider, taken: Sequence[Pending], loaded: dict[str, Loaded[Any]]
    ) -> list[Candidate]:
        """What cannot be decided, or be followed, concerns its sender only."""
        candidates: list[Candidate] = []
        for pending in taken:
            try:
                candidates.append(await decider.candidate(pending, loaded[pending.work.aggregate]))
            except UNKNOWN_OUTCOME:
                raise
            except Exception as error:
                pending.fail(error)
        if not self._c.follow_ups:
            return candidates
        following = first_of_each(
            [p for candidate in candidates for p in candidate.follow_ups], self.busy
        )
        items = await self._load(following)
        return [c for c in candidates if await self._followed(decider, c, items)]

    async def _followed(
        self, decider: Decider, leader: Candidate, items: dict[str, Loaded[Any]]
    ) -> bool:
        """Decide what follows; where that fails nothing is committed of what it follows."""
        for pending in leader.follow_ups:
            item = items.pop(pending.work.aggregate, None)
            if item is None:  # another in this batch has the aggregate: completed after it
                pending.reads += 1
                continue
            try:
                leader.followers.append(await decider.candidate(pending, item))
            except UNKNOWN_OUTCOME:
                raise
            except Exception as error:
                leader.pending.fail(error)
                return False
        return True

    async def _insert(self, candidates: list[Candidate]) -> Done:
        done = await self._inserting.insert(candidates)
        mine = {id(candidate.pending) for candidate in candidates}
        self.again += [p for p in self._inserting.again if id(p) in mine]
        return done

    async def _complete(self, world: Any, done: Done) -> Done:
        """What follows from the commits of this batch and is not there yet: the place of one was
        taken, two were for one aggregate, there was no room, or it follows what followed. Each
        round is inserted under a number of its own."""
        added: Done = []
        waiting = missing(done)
        while waiting:
            now = first_of_each(waiting, set())
            loaded = await self._load(now)
            decider = Decider(self._c, self.writer.id, self.writer.batch + 1, world)
            candidates = [await decider.candidate(p, loaded[p.work.aggregate]) for p in now]
            added += await self._inserting.insert(candidates)
            waiting = missing([*done, *added])
        return added

    async def _publish(self) -> None:
        if self._commits:
            reach("before_publish")
            await self._c.outbox.publish([c for c in self._commits if c.events])
            reach("after_confirm")


async def _side_by_side(*steps: Coroutine[Any, Any, None]) -> None:
    """The first failure ends the others: nobody waits for a broker that is away when the batch
    is given up."""
    tasks = [asyncio.create_task(step) for step in steps]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
