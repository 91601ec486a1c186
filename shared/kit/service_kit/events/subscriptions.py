"""What a service listens to, and in which of three kinds (architecture.md, Reading).

``subscriptions.py`` of each service is one readable table of these.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from case_contracts.catalogue import UnknownEvent
from case_contracts.envelope import Envelope
from case_contracts.events.base import EventData
from case_contracts.upcast import UPCASTERS, BadEventType, readable_types
from service_kit.store.model import Actor, Work
from service_kit.store.model import Translated as Translated

Keyed = Callable[[Any, Envelope], str]


def by_subject(_: Any, envelope: Envelope) -> str:
    return envelope.subject


@dataclass(frozen=True)
class Mirror:
    """The event carries the whole state of a thing: kept where the stored sequence is lower.

    ``collection`` is named ``mirror_<noun>``; ``key`` says which document (default: the
    subject; an effective-dated thing adds its ``valid_from``).
    """

    event: type[EventData]
    collection: str
    key: Keyed = by_subject


@dataclass(frozen=True)
class Fact:
    """A row keyed by the event's id in ``fact_<noun>``; ``row`` gives what is queried."""

    event: type[EventData]
    collection: str
    row: Callable[[Any, Envelope], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Command:
    """The event is translated into work on an aggregate; None: it does not concern us.

    ``name`` is the fixed handler string of the deduplication. ``since_start``: the handler takes
    nothing that was recorded before this service first ran, so that nobody is told last year's
    news when a service is added.
    """

    event: type[EventData]
    name: str
    translate: Callable[[Any, Envelope], Translated | None]
    since_start: bool = False


Subscription = Mirror | Fact | Command


@dataclass(frozen=True)
class Subscriptions:
    """The table, by event type."""

    service: str
    entries: Sequence[Subscription]
    by_type: dict[str, tuple[Subscription, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            event_type = entry.event.SPEC.type
            self.by_type[event_type] = (*self.by_type.get(event_type, ()), entry)

    @property
    def types(self) -> tuple[str, ...]:
        """The newest types, as the table names them."""
        return tuple(sorted(self.by_type))

    @property
    def readable(self) -> tuple[str, ...]:
        """The types as they may be stored and sent: also the older ones that become ours."""
        return tuple(sorted(r for t in self.by_type for r in readable_types(t)))

    def of(self, event_type: str) -> tuple[Subscription, ...]:
        """What is said about a type, sent in whatever version; raises UnknownEvent."""
        try:
            return self.by_type.get(UPCASTERS.upcast_type(event_type), ())
        except BadEventType:
            raise UnknownEvent(event_type) from None


def work_of(entry: Command, data: Any, envelope: Envelope, service: str) -> Work | None:
    """The work that an event asks for, under its fixed handler name and the event's id."""
    translated = entry.translate(data, envelope)
    if translated is None:
        return None
    return Work(
        aggregate=translated.aggregate,
        handler=entry.name,
        cause=envelope.id,
        command=translated.command,
        actor=Actor(f"service:{service}"),
        correlation=envelope.correlationid,
        traceparent=envelope.traceparent,
    )
