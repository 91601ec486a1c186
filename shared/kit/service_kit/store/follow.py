"""What follows an event at once: work on another aggregate of the same service.

It is what a command handler would make of the event if it came back over the broker, under the
same handler name, cause and correlation; but it is committed in the same document as its cause, or
right after it where its place was taken.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from service_kit.store.model import Actor, Commit, Translated, Work


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
            actor=Actor(f"service:{self.service}"),
            correlation=commit.correlation,
            traceparent=commit.traceparent,
            fresh=asked.fresh,
        )
