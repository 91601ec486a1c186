"""What follows an event at once: work on another aggregate of the same service.

It is what a command handler would make of the event if it came back over the broker, under the
same handler name, cause and correlation; but it is committed in the same document as its cause, or
right after it where its place was taken.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from service_kit.store.model import Actor, Commit, Pending, Translated, Work

if TYPE_CHECKING:
    from service_kit.store.inserting import Done


@dataclass(frozen=True)
class FollowUp:
    """``name`` is the fixed handler string of the deduplication; ``translate`` is pure, and gives
    None where nothing follows. What it asks for must never refuse: nobody waits for an answer. It
    is decided on the world of its cause's batch, also when that changes meanwhile."""

    event: type[EventData]
    name: str
    translate: Callable[[Any], Translated | None]


class FollowUps:
    """A service's table of them. What follows may be followed again, but must come to an end."""

    def __init__(self, service: str, entries: Sequence[FollowUp] = ()) -> None:
        self.service, self.entries = service, tuple(entries)
        self._actor = Actor(f"service:{service}")
        self.names = frozenset(entry.name for entry in entries)
        self._by_event: dict[type[EventData], tuple[FollowUp, ...]] = {}
        for entry in entries:
            self._by_event[entry.event] = (*self._by_event.get(entry.event, ()), entry)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def after(self, commit: Commit, decided: Iterable[EventData] | None = None) -> list[Work]:
        """What follows from a commit; ``decided`` are its events where they are at hand."""
        if not self._by_event:
            return []
        if decided is None:
            decided = [parse(event.type, event.data) for event in commit.events]
        return [
            self._work(entry, translated, event.id, commit)
            for event, data in zip(commit.events, decided, strict=True)
            for entry in self._by_event.get(type(data), ())
            if (translated := entry.translate(data)) is not None
        ]

    def _work(self, entry: FollowUp, asked: Translated, event_id: str, commit: Commit) -> Work:
        return Work(
            aggregate=asked.aggregate,
            handler=entry.name,
            cause=event_id,
            command=asked.command,
            actor=self._actor,
            correlation=commit.correlation,
            traceparent=commit.traceparent,
            fresh=asked.fresh,
        )


def first_of_each(pendings: Sequence[Pending], busy: Container[str]) -> list[Pending]:
    """Of several for one aggregate the first, and none for those that are busy."""
    first: dict[str, Pending] = {}
    for pending in pendings:
        if pending.work.aggregate not in busy:
            first.setdefault(pending.work.aggregate, pending)
    return list(first.values())


def missing(done: "Done") -> list[Pending]:
    """What must follow these commits and is not among them."""
    there = {o.commit.once for _, o in done}
    return [
        pending
        for leader, outcome in done
        if not outcome.repeated
        for pending in leader.follow_ups
        if (pending.work.handler, pending.work.cause) not in there
    ]
