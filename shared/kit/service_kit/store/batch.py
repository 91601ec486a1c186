"""One batch of the committer: load, decide, insert; then views and answers beside publishing."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from service_kit.errors import KeyReused, Unavailable
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.store.deciding import Candidate, Decider
from service_kit.store.faults import reach
from service_kit.store.model import Loaded, Outcome, Pending

if TYPE_CHECKING:
    from service_kit.store.committer import Committer

AGAIN_SECONDS = 0.2
MAX_CONFLICTS = 100
Done = list[tuple[Candidate, Outcome]]


class Batch:
    """``again`` holds the work that must go to the front of the next batch: after a conflict, or
    because it was decided on a world that has changed."""

    def __init__(self, committer: "Committer", taken: Sequence[Pending]) -> None:
        self._c = committer
        self._taken = list(taken)
        self._writer = committer.writer
        self._number = self._writer.batch + 1
        self.again: list[Pending] = []
        self.inserted = False

    async def run(self) -> None:
        """Everything, whole: the next batch may begin when this returns."""
        loaded = await self._load()
        world = await self._c.load_world()
        decider = Decider(self._c, self._writer.id, self._number, world)
        candidates = await self._decide(decider, loaded)
        if not candidates:
            return
        if not await self._c.still(world):
            self.again = [candidate.pending for candidate in candidates]
            return
        self._writer.check()
        reach("before_commit")
        done = await self._insert(candidates)
        reach("after_commit")
        await _side_by_side(self._save_and_tell(decider, done), self._publish(done))
        # Not before the views are there: below the watermark nobody looks for what is missing.
        self._writer.published = self._writer.batch
        self._c.marker.published()
        for candidate, outcome in done:
            _tell(candidate.pending.published, outcome)

    async def _save_and_tell(self, decider: Decider, done: Done) -> None:
        """Whoever waits for the commit is answered when its view is there, published or not."""
        await self._save_views(decider, done)
        reach("after_view")
        for candidate, outcome in done:
            _tell(candidate.pending.committed, outcome)

    async def _load(self) -> dict[str, Loaded[Any]]:
        by_kind: dict[str, list[str]] = defaultdict(list)
        for pending in self._taken:
            aggregate = pending.work.aggregate
            by_kind[self._c.aggregate_of(aggregate).kind].append(aggregate)
        pages = await asyncio.gather(
            *(self._c.views.load(self._c.aggregates[kind], ids) for kind, ids in by_kind.items())
        )
        return {key: item for page in pages for key, item in page.items()}

    async def _decide(self, decider: Decider, loaded: dict[str, Loaded[Any]]) -> list[Candidate]:
        candidates: list[Candidate] = []
        for pending in self._taken:
            item = loaded[pending.work.aggregate]
            try:
                candidates.append(await decider.candidate(pending, item))
            except UNKNOWN_OUTCOME:
                raise
            except Exception as error:  # a decision's own failure concerns its sender only
                pending.fail(error)
        return candidates

    async def _insert(self, candidates: list[Candidate]) -> Done:
        refused = await self._insert_until_known(candidates)
        done: Done = []
        for position, candidate in enumerate(candidates):
            if position not in refused:
                done.append((candidate, Outcome(candidate.commit)))
            elif (outcome := await self._explain(candidate)) is not None:
                done.append((candidate, outcome))
        return done

    async def _insert_until_known(self, candidates: list[Candidate]) -> set[int]:
        """Insert, and after an unknown outcome insert the same again until told."""
        self._writer.batch = self._number
        self.inserted = True
        documents = [c.document for c in candidates]
        while True:
            try:
                return set(await self._c.commits.insert(documents))
            except UNKNOWN_OUTCOME:
                await asyncio.sleep(AGAIN_SECONDS)
                self._writer.check()

    async def _explain(self, candidate: Candidate) -> Outcome | None:
        """Why the insert was refused: ours already there, handled before, or a conflict."""
        pending = candidate.pending
        work = pending.work
        found = await self._c.commits.by_cause(work.handler, work.cause)
        if found is None:
            self._conflict(pending)
            return None
        if found.body_hash != work.body_hash:
            pending.fail(KeyReused("the same key came before with another body"))
            return None
        ours = (found.writer, found.batch) == (self._writer.id, self._number)
        return Outcome(found, repeated=not ours)

    def _conflict(self, pending: Pending) -> None:
        pending.reads += 1
        if pending.reads < MAX_CONFLICTS:
            self.again.append(pending)
        else:
            pending.fail(Unavailable(f"{pending.work.aggregate} changes too fast; try again"))

    async def _save_views(self, decider: Decider, done: Done) -> None:
        """Also of what was handled before: whoever committed it may have died before its view."""
        by_kind: dict[str, list[Loaded[Any]]] = defaultdict(list)
        for candidate, outcome in done:
            item = candidate.loaded
            if not outcome.repeated:
                by_kind[candidate.aggregate.kind].append(candidate.evolved())
            elif outcome.commit.version > item.version:
                await self._until_known(decider.read_on, item)
                by_kind[candidate.aggregate.kind].append(item)
        for kind, items in by_kind.items():
            await self._until_known(self._c.views.save, self._c.aggregates[kind], items)

    async def _until_known(self, operation: Any, *arguments: Any) -> None:
        while True:
            try:
                await operation(*arguments)
                return
            except UNKNOWN_OUTCOME:
                await asyncio.sleep(AGAIN_SECONDS)
                self._writer.check()

    async def _publish(self, done: Done) -> None:
        commits = [outcome.commit for _, outcome in done if not outcome.repeated]
        if not commits:
            # Each refused document has another in its place for ever, so none can land late
            # under this number: it is free again.
            self._writer.batch = self._number - 1
            return
        reach("before_publish")
        await self._c.outbox.publish([c for c in commits if c.events])
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


def _tell(future: "asyncio.Future[Outcome]", outcome: Outcome) -> None:
    if not future.done():
        future.set_result(outcome)
