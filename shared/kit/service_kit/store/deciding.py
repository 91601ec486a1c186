"""From work to a commit that may be inserted: context, decision, event ids, hash."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from case_contracts.events.base import EventData
from service_kit import clock
from service_kit.ids import derived
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.store.codec import SCHEMA, Sealed, dump, sealed
from service_kit.store.commits import fold
from service_kit.store.model import (
    Aggregate,
    Commit,
    Context,
    Decision,
    Loaded,
    Occurred,
    Pending,
    StoredEvent,
    Work,
)

if TYPE_CHECKING:
    from service_kit.store.committer import Committer


@dataclass
class Candidate:
    """A commit about to be inserted, and the state that it was decided on.

    ``follow_ups`` is what must be done once it is there, ``followers`` those of them that are
    decided already and inserted right behind it.
    """

    pending: Pending
    aggregate: Aggregate[Any]
    loaded: Loaded[Any]
    decided: tuple[EventData, ...]
    sealed: Sealed
    follow_ups: list[Pending] = field(default_factory=list)
    followers: list["Candidate"] = field(default_factory=list)

    @property
    def commit(self) -> Commit:
        return self.sealed.commit

    @property
    def size(self) -> int:
        return self.sealed.size

    @property
    def found_by_id(self) -> bool:
        """Whether the same cause would come to the same commit id."""
        return self.pending.work.fresh and self.commit.version == 1

    def evolved(self) -> Loaded[Any]:
        """The state after the commit, from what was decided: nothing is parsed again."""
        for data in self.decided:
            self.loaded.state = self.aggregate.evolve(self.loaded.state, data)
        self.loaded.sequence += len(self.decided)
        self.loaded.follow(self.commit)
        return self.loaded


async def read_on(committer: "Committer", item: Loaded[Any]) -> None:
    """Fold what was committed after this state."""
    newer = await committer.commits.newer(item.aggregate, item.version)
    fold(committer.aggregate_of(item.aggregate), item, newer)


class Decider:
    """Decides for one batch of a committer."""

    def __init__(self, committer: "Committer", writer: str, number: int, world: Any) -> None:
        self._c, self._writer, self._number, self._world = committer, writer, number, world

    async def candidate(self, pending: Pending, item: Loaded[Any]) -> Candidate:
        """Raises what the decision raises, once it rests on the newest state."""
        aggregate = self._c.aggregate_of(item.aggregate)
        if pending.reads > 0:
            await read_on(self._c, item)
        decision = await self._decision(aggregate, pending.work, item)
        return self._sealed(pending, aggregate, item, decision)

    async def _decision(self, aggregate: Aggregate[Any], work: Work, item: Loaded[Any]) -> Decision:
        try:
            return aggregate.decide(item.state, work.command, self._context(work, item))
        except UNKNOWN_OUTCOME:
            raise
        except Exception:
            # A refusal must rest on the newest state, and a repeated request on its first answer.
            if await self._c.commits.by_cause(work.handler, work.cause) is not None:
                return ()  # the insert is going to be refused, and its first outcome looked up
            newer = await self._c.commits.newer(item.aggregate, item.version)
            if any(commit.once == (work.handler, work.cause) for commit in newer):
                return ()  # its place is taken by the newer ones, of which it is one
            if not newer:
                raise
            fold(aggregate, item, newer)
            return aggregate.decide(item.state, work.command, self._context(work, item))

    def _context(self, work: Work, item: Loaded[Any]) -> Context:
        """Fresh for each attempt, so that ids count from one again."""
        counts: dict[str, int] = defaultdict(int)

        def new_id(noun: str) -> str:
            counts[noun] += 1
            parts = (self._c.service, work.handler, work.cause, noun, str(counts[noun]))
            return f"{noun}:" + derived(*parts)

        correlation = _correlation(work, item)
        return Context(clock.now(), new_id, self._world, work.cause, correlation, work.actor)

    def _sealed(
        self, pending: Pending, aggregate: Aggregate[Any], item: Loaded[Any], decision: Decision
    ) -> Candidate:
        work, now = pending.work, clock.now()
        occurred = [d if isinstance(d, Occurred) else Occurred(d, now) for d in decision]
        made = sealed(
            Commit(
                aggregate=item.aggregate,
                version=item.version + 1,
                events=tuple(self._stored(i, each, item, work) for i, each in enumerate(occurred)),
                handler=work.handler,
                cause_id=work.cause,
                correlation=_correlation(work, item),
                actor=work.actor,
                at=now,
                schema=SCHEMA,
                writer=self._writer,
                batch=self._number,
                prev_hash=item.head,
                traceparent=work.traceparent or item.traceparent,
                body_hash=work.body_hash,
            )
        )
        decided = tuple(each.data for each in occurred)
        following = [Pending(work) for work in self._c.follow_ups.after(made.commit, decided)]
        return Candidate(pending, aggregate, item, decided, made, following)

    def _stored(self, index: int, event: Occurred, item: Loaded[Any], work: Work) -> StoredEvent:
        version = str(item.version + 1)
        return StoredEvent(
            id=derived(self._c.service, item.aggregate, version, work.cause, str(index)),
            type=event.data.SPEC.type,
            sequence=item.sequence + 1 + index,
            occurredat=event.at,
            data=dump(event.data),
        )


def _correlation(work: Work, item: Loaded[Any]) -> str:
    """The event's own; a person's or a timer's work goes on with the aggregate's first one."""
    return work.correlation or item.correlation or work.cause
