"""What is written: commits. And what is asked: work."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from case_contracts.events.base import EventData

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True)
class Actor:
    """Who did it, on whose behalf and for what purpose: an id, never a name."""

    id: str
    kind: str = "service"
    on_behalf_of: str | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class Occurred:
    """An event whose time is not now: imported history, or a limit that ran out before."""

    data: EventData
    at: datetime


@dataclass(frozen=True)
class Context:
    """What a decision may know besides the state: the time, ids to give, the world's mirrors.

    ``world`` is what the service's loader made of its mirrors for this batch; ``new_id`` gives
    ids derived from (service, handler, cause, noun, index), equal on every attempt.
    """

    now: datetime
    new_id: Callable[[str], str]
    world: Any
    cause: str
    correlation: str
    actor: Actor


Decision = Sequence[EventData | Occurred]


class Aggregate(Protocol[S]):
    """One kind of thing that changes as a whole. Both functions are pure.

    ``schema`` counts up whenever ``state`` or ``fields`` change their shape: views written
    under a lower one are refolded by ``civicgrid rebuild``.
    """

    kind: str
    schema: int
    state: type[S]

    def initial(self, aggregate: str) -> S: ...

    def evolve(self, state: S, event: EventData) -> S: ...

    def decide(self, state: S, command: Any, context: Context) -> Decision:
        """The events that the command causes; raises Refused or NotYet."""
        ...

    def fields(self, state: S) -> Mapping[str, Any]:
        """What the view is looked up by: small values, stored beside the state."""
        ...


Foresee = Callable[[Sequence[Any], Any], Any]
"""From the commands of a batch and the world to that world, with what they ask of it at hand.
Pure, and changes no decision."""


class SparesFirstView:
    """Marks a kind of aggregate of which a first view is not stored where nothing is looked up by
    it: a view may lag, and this one is the fold of a single commit.

    Whoever reads such views by id asks ``Views.states``.
    """

    def spares(self, state: Any) -> bool:
        """Whether the first view, with this state, is spared: ``fields`` are empty, or what they
        say is also kept elsewhere."""
        return not self.fields(state)  # type: ignore[attr-defined]  # an Aggregate's


@dataclass(frozen=True)
class Work:
    """One command for one aggregate, caused by one message or request.

    ``handler`` is a fixed string, not a function's name; (handler, cause) is done once, ever.
    ``fresh``: the aggregate should be new, and its id follows from (handler, cause), of which all
    work is so. It is decided on without being read, and its first commit is filed under its id
    alone; where another cause's is there already, the work is decided again on that. ``after``:
    what must have been stored before anything is committed; where that fails, so does the work.
    """

    aggregate: str
    handler: str
    cause: str
    command: Any
    actor: Actor
    correlation: str | None = None
    traceparent: str | None = None
    body_hash: str | None = None
    fresh: bool = False
    after: "asyncio.Future[None] | None" = None


@dataclass(frozen=True)
class Translated:
    """What an event comes to: which aggregate is to do what. ``fresh`` as in Work, of what follows
    an event of the same service; what comes over the broker is looked for by its cause."""

    aggregate: str
    command: Any
    fresh: bool = False


@dataclass(frozen=True)
class StoredEvent:
    id: str
    type: str
    sequence: int
    occurredat: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class Commit:
    """One change of one aggregate: optimistic lock, deduplication, audit row and outbox."""

    aggregate: str
    version: int
    events: tuple[StoredEvent, ...]
    handler: str
    cause_id: str
    correlation: str
    actor: Actor
    at: datetime
    schema: int
    writer: str
    batch: int
    prev_hash: str
    hash: str = ""
    traceparent: str | None = None
    body_hash: str | None = None

    @property
    def id(self) -> str:
        return f"{self.aggregate}:{self.version}"

    @property
    def once(self) -> tuple[str, str]:
        """What is done once, ever: (handler, cause_id)."""
        return self.handler, self.cause_id


@dataclass
class Loaded(Generic[S]):
    """An aggregate as read: state, version, number of its events, hash of its last commit.

    ``correlation`` and ``traceparent`` are those of its first commit: what comes later by itself
    or by a person's hand (a timer, a verification) belongs to the same way of the same case.
    """

    aggregate: str
    state: S
    version: int = 0
    sequence: int = 0
    head: str = ""
    viewed: bool = False
    correlation: str | None = None
    traceparent: str | None = None

    def follow(self, commit: Commit) -> None:
        """This commit is part of it now; its events are folded already."""
        self.version, self.head = commit.version, commit.hash
        if self.correlation is None:
            self.correlation, self.traceparent = commit.correlation, commit.traceparent


@dataclass(frozen=True)
class Outcome:
    """What became of work. ``events`` are those of the commit, ours or the earlier one's."""

    commit: Commit
    repeated: bool = False

    @property
    def events(self) -> tuple[StoredEvent, ...]:
        return self.commit.events


@dataclass
class Pending:
    """Work in the queue with whom to tell: at the commit, and at the publication.

    ``reads`` counts conflicts, ``failures`` batches that broke after something was inserted.
    """

    work: Work
    committed: asyncio.Future[Outcome] = field(default_factory=asyncio.Future)
    published: asyncio.Future[Outcome] = field(default_factory=asyncio.Future)
    reads: int = 0
    failures: int = 0

    def fail(self, error: BaseException) -> None:
        for future in (self.committed, self.published):
            if not future.done():
                future.set_exception(error)
                future.exception()  # the one who asked may only await the other

    def was_committed(self, outcome: Outcome) -> None:
        """Answer whoever waits for the commit."""
        _tell(self.committed, outcome)

    def was_published(self, outcome: Outcome) -> None:
        """Answer whoever waits for the publication."""
        _tell(self.published, outcome)

    async def may_be_committed(self) -> bool:
        """Once what must have been stored before is; where that failed, so has this."""
        if self.work.after is None:
            return True
        try:
            await asyncio.shield(self.work.after)
        except Exception as error:
            self.fail(error)
            return False
        return True


def _tell(future: asyncio.Future[Outcome], outcome: Outcome) -> None:
    if not future.done():
        future.set_result(outcome)
