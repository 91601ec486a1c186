"""Getting a batch's commits into the store, each with a definite answer.

What follows an event is never there without its cause: the two are inserted in order, or the
second one when the first is known to be there. So whatever a process leaves behind when it dies,
what is missing can be told from what is there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from service_kit.errors import KeyReused, Unavailable
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.store.deciding import Candidate
from service_kit.store.model import Commit, Outcome, Pending

if TYPE_CHECKING:
    from service_kit.store.committer import Committer

AGAIN_SECONDS = 0.2
MAX_CONFLICTS = 100
T = TypeVar("T")
Done = list[tuple[Candidate, Outcome]]


class Inserting:
    """``conflicts`` is the work that lost its place to other commits: to be decided again."""

    def __init__(self, committer: "Committer", number: int) -> None:
        self._c, self._writer, self._number = committer, committer.writer, number
        self.conflicts: list[Pending] = []
        self.begun = False

    async def leaders_and_followers(self, leaders: Sequence[Candidate]) -> Done:
        """All of them in one go, each follower behind its leader; after a refusal one by one
        what may still go in."""
        pairs = [(leader, each) for leader in leaders for each in leader.followers]
        if not pairs:
            return await self.each(leaders)
        followers = [follower for _, follower in pairs]
        there = await self._in_order([*leaders, *followers])
        done: Done = [(c, Outcome(c.commit)) for c in [*leaders, *followers][:there]]
        done += await self.each(leaders[there:])
        landed = {id(candidate) for candidate, outcome in done if not outcome.repeated}
        rest = [f for leader, f in pairs if id(leader) in landed and id(f) not in landed]
        return done + await self.each(rest)

    async def each(self, candidates: Sequence[Candidate]) -> Done:
        """Those that can go in, in any order; of the others why they cannot."""
        if not candidates:
            return []
        self._begin()
        documents = [c.document for c in candidates]
        refused = set(await self.until_known(lambda: self._c.commits.insert(documents)))
        done: Done = []
        for position, candidate in enumerate(candidates):
            if position not in refused:
                done.append((candidate, Outcome(candidate.commit)))
            elif (outcome := await self._explain(candidate)) is not None:
                done.append((candidate, outcome))
        return done

    async def until_known(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Do it, and after an unknown outcome the same again until told."""
        while True:
            try:
                return await operation()
            except UNKNOWN_OUTCOME:
                await asyncio.sleep(AGAIN_SECONDS)
                self._writer.check()

    async def _in_order(self, candidates: Sequence[Candidate]) -> int:
        self._begin()
        documents = [c.document for c in candidates]
        return await self.until_known(lambda: self._c.commits.insert_in_order(documents))

    def _begin(self) -> None:
        self._writer.batch = self._number
        self.begun = True

    async def _explain(self, candidate: Candidate) -> Outcome | None:
        """Why the insert was refused: ours already there, handled before, or a conflict."""
        pending, work = candidate.pending, candidate.pending.work
        found = await self._c.commits.by_cause(work.handler, work.cause)
        if found is None:
            self._conflict(pending)
            return None
        if found.body_hash != work.body_hash:
            pending.fail(KeyReused("the same key came before with another body"))
            return None
        return Outcome(found, repeated=not self._ours(found))

    def _ours(self, commit: Commit) -> bool:
        return (commit.writer, commit.batch) == (self._writer.id, self._number)

    def _conflict(self, pending: Pending) -> None:
        pending.reads += 1
        if pending.reads < MAX_CONFLICTS:
            self.conflicts.append(pending)
        else:
            pending.fail(Unavailable(f"{pending.work.aggregate} changes too fast; try again"))
