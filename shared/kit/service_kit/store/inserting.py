"""Getting a batch's commits into the store, each with a definite answer.

They go in together, as one document, or not at all. So what follows an event is never there
without its cause, and after a refusal the rest goes in under the same number: what was refused has
others in its place for ever, and cannot land late. An insert of which the outcome is unknown is
done again until it is known.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from service_kit.errors import KeyReused, Unavailable
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.store.deciding import Candidate
from service_kit.store.model import Commit, Outcome, Pending

if TYPE_CHECKING:
    from service_kit.store.committer import Committer

AGAIN_SECONDS = 0.2
MAX_CONFLICTS = 100
MAX_BATCH_BYTES = 4 * 1024 * 1024
"""As JSON, of several commits together; the store takes documents of 16 MiB."""
T = TypeVar("T")
Done = list[tuple[Candidate, Outcome]]


class Inserting:
    """``again`` is the work that lost its place to other commits, or found no room: to be decided
    again. ``begun`` says whether anything may be there of it."""

    def __init__(self, committer: "Committer") -> None:
        self._c, self._writer = committer, committer.writer
        self.again: list[Pending] = []
        self.begun = False

    async def insert(self, candidates: Sequence[Candidate]) -> Done:
        """What can go in, with what follows it, under the writer's next number; of the others why
        they cannot. The number is free again where nothing could."""
        leaders, without_room = fitting(candidates)
        self.again += [candidate.pending for candidate in without_room]
        going = [*leaders, *(follower for leader in leaders for follower in leader.followers)]
        done: Done = []
        if going:
            self._writer.batch += 1
            self.begun = True
        while going:
            self._writer.check()
            if await self._landed(going):
                return done + [(candidate, Outcome(candidate.commit)) for candidate in going]
            out, why = await self._refused(going)
            going = [candidate for candidate in going if id(candidate) not in out]
            done += why
            if not going:
                self._writer.batch -= 1
        return done

    async def until_known(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Do it, and after an unknown outcome the same again until told."""
        while True:
            try:
                return await operation()
            except UNKNOWN_OUTCOME:
                await asyncio.sleep(AGAIN_SECONDS)
                self._writer.check()

    async def _landed(self, going: Sequence[Candidate]) -> bool:
        """Also where it was an earlier attempt, of which the answer was lost."""
        commits = self._c.commits
        documents = [candidate.sealed.document for candidate in going]
        texts = [candidate.sealed.text for candidate in going]
        kept = self._c.kept.filed((c.commit, c.decided) for c in going)
        by_id = {c.commit.id for c in going if c.found_by_id}
        if await self.until_known(partial(commits.insert, documents, kept, by_id, texts)):
            return True
        number = self._writer.batch
        return await self.until_known(partial(commits.has, self._writer.id, number))

    async def _refused(self, going: Sequence[Candidate]) -> tuple[set[int], Done]:
        """Which cannot go in, and of those handled before what came of it."""
        commits = self._c.commits
        causes = [c.commit.once for c in going]
        earlier = await self.until_known(partial(commits.by_causes, causes))
        ids = [c.commit.id for c in going if c.commit.once not in earlier]
        taken = await self.until_known(partial(commits.by_ids, ids))
        earlier |= _of_causes(taken.values(), causes)
        out: set[int] = set()
        why: Done = []
        for candidate in going:
            if id(candidate) in out:
                continue
            if candidate.commit.once in earlier:
                why += self._handled_before(candidate, earlier[candidate.commit.once])
            elif candidate.commit.id in taken:
                self._conflict(candidate.pending)
            else:
                continue
            out |= _out_with(candidate)
        if not out:
            raise RuntimeError(f"batch {self._writer.batch} was refused, and nothing is in its way")
        return out, why

    def _handled_before(self, candidate: Candidate, earlier: Commit) -> Done:
        if earlier.body_hash == candidate.pending.work.body_hash:
            return [(candidate, Outcome(earlier, repeated=True))]
        candidate.pending.fail(KeyReused("the same key came before with another body"))
        return []

    def _conflict(self, pending: Pending) -> None:
        pending.reads += 1
        if pending.reads < MAX_CONFLICTS:
            self.again.append(pending)
        else:
            pending.fail(Unavailable(f"{pending.work.aggregate} changes too fast; try again"))


def fitting(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """The first of them that one document holds, one at any rate, and the others.

    What follows one of them is left out, to be completed after it, where there is no room either
    or the same is asked for by another of them: the store minds a key that two documents share,
    and not one that a document has twice.
    """
    leaders: list[Candidate] = []
    left: list[Candidate] = []
    room = MAX_BATCH_BYTES
    causes = {c.commit.once for c in candidates}
    for candidate in candidates:
        if left or (leaders and candidate.size > room):
            left.append(candidate)
            continue
        leaders.append(candidate)
        room -= candidate.size
        followers, candidate.followers = candidate.followers, []
        for follower in followers:
            cause = follower.commit.once
            if follower.size <= room and cause not in causes:
                candidate.followers.append(follower)
                causes.add(cause)
                room -= follower.size
    return leaders, left


def _of_causes(
    commits: Iterable[Commit], causes: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Commit]:
    """What these causes put there themselves: first commits, found by their id alone."""
    return {commit.once: commit for commit in commits if commit.once in causes}


def _out_with(candidate: Candidate) -> set[int]:
    """What does not go in when this one does not: it, and what follows it."""
    return {id(candidate), *(id(follower) for follower in candidate.followers)}
