"""Names and arguments of exchanges and queues. Made from the catalogue, never by hand.

A changed argument needs a new version in the queue's name: RabbitMQ refuses to redeclare.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from case_contracts.catalogue import spec_of
from case_contracts.upcast import readable_types

EVENTS = "case.events.v1"
UNROUTED = "case.unrouted.v1"
PARKED = "case.parked.v1"
COMMANDS = "case.commands.v1"
LISTENING = "console.live."
"""So begin the names of the queues that console makes for itself: they end with its connection."""

INBOX = "inbox"
TO_INBOX = "inbox.in"
DEPARTMENT_COMMANDS = "commands"
FROM_DEPARTMENT = "commands.v1"
MAX_LENGTH = 1_000_000
DELIVERY_LIMIT = 20
RETURNS_WITHOUT_END = 1_000_000
"""A delivery limit that nobody reaches: newer brokers drop after 20 where none is given."""


def events_queue(service: str) -> str:
    return f"{service}.events.v1"


def commands_queue(service: str) -> str:
    return f"{service}.commands.v1"


def parked_queue(queue: str) -> str:
    return f"{queue}.parked"


@dataclass(frozen=True)
class Queue:
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    name: str
    type: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Binding:
    exchange: str
    queue: str
    key: str


@dataclass(frozen=True)
class Topology:
    """What must exist in one vhost."""

    exchanges: tuple[Exchange, ...] = ()
    queues: tuple[Queue, ...] = ()
    bindings: tuple[Binding, ...] = ()

    def __add__(self, other: "Topology") -> "Topology":
        def union(a: Iterable[Any], b: Iterable[Any]) -> tuple[Any, ...]:
            kept = list(a)
            kept += [item for item in b if item not in kept]
            return tuple(kept)

        return Topology(
            union(self.exchanges, other.exchanges),
            union(self.queues, other.queues),
            union(self.bindings, other.bindings),
        )


def working_queue(name: str) -> Queue:
    """A quorum queue that never loses: full means refused, given up means parked."""
    return Queue(
        name,
        {
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": PARKED,
            "x-dead-letter-routing-key": parked_queue(name),
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
            "x-max-length": MAX_LENGTH,
        },
    )


def _parking(name: str) -> Queue:
    return Queue(name, {"x-queue-type": "quorum"})


def base() -> Topology:
    """The exchanges of a district's vhost and the bounded queue for what nobody listens to."""
    return Topology(
        exchanges=(
            Exchange(UNROUTED, "fanout"),
            Exchange(EVENTS, "topic", {"alternate-exchange": UNROUTED}),
            Exchange(PARKED, "direct"),
            Exchange(COMMANDS, "direct"),
        ),
        queues=(
            Queue(
                "unrouted",
                {"x-queue-type": "quorum", "x-max-length": 10_000, "x-overflow": "drop-head"},
            ),
        ),
        bindings=(Binding(UNROUTED, "unrouted", ""),),
    )


def _with_parking(queue: str, bindings: Iterable[Binding]) -> Topology:
    parked = parked_queue(queue)
    return Topology(
        queues=(working_queue(queue), _parking(parked)),
        bindings=(*bindings, Binding(PARKED, parked, parked)),
    )


def subscriber(service: str, event_types: Iterable[str]) -> Topology:
    """A service's event queue with a binding per type that it listens to."""
    return _with_parking(events_queue(service), event_bindings(service, event_types))


def unheard(event_types: Iterable[str]) -> Topology:
    """A short queue for types that nobody listens to, so that ``unrouted`` holds only what should
    have reached somebody: an operator is called for whatever lies there."""
    kept = {"x-queue-type": "quorum", "x-max-length": 100, "x-overflow": "drop-head"}
    keys = sorted(f"{spec_of(event_type).owner}.{event_type}" for event_type in event_types)
    return Topology(
        queues=(Queue("unheard", kept),),
        bindings=tuple(Binding(EVENTS, "unheard", key) for key in keys),
    )


def event_bindings(service: str, event_types: Iterable[str]) -> tuple[Binding, ...]:
    """One binding per type, and per older type that becomes it when read.

    While an owner's replicas of an older version still run, both kinds of event arrive.
    """
    queue = events_queue(service)
    keys = {
        f"{spec_of(event_type).owner}.{readable}"
        for event_type in event_types
        for readable in readable_types(event_type)
    }
    return tuple(Binding(EVENTS, queue, key) for key in sorted(keys))


def command_taker(service: str) -> Topology:
    """The durable command queue of a service that takes commands."""
    queue = commands_queue(service)
    return _with_parking(queue, [Binding(COMMANDS, queue, service)])


def department() -> Topology:
    """A department's own vhost: one inbox to read, one exchange to write commands to.

    The gateway writes to the inbox through an exchange whose name the department's read
    permission does not match: otherwise it could bind that exchange to its own ``commands``.
    Nothing is dropped: a full queue refuses, and returned messages stay.
    """
    kept = {
        "x-queue-type": "quorum",
        "x-max-length": MAX_LENGTH,
        "x-overflow": "reject-publish",
        "x-delivery-limit": RETURNS_WITHOUT_END,
    }
    return Topology(
        exchanges=(Exchange(DEPARTMENT_COMMANDS, "fanout"), Exchange(TO_INBOX, "fanout")),
        queues=(Queue(INBOX, kept), Queue(FROM_DEPARTMENT, kept)),
        bindings=(
            Binding(DEPARTMENT_COMMANDS, FROM_DEPARTMENT, ""),
            Binding(TO_INBOX, INBOX, ""),
        ),
    )


def definitions(vhost: str, topology: Topology) -> dict[str, Any]:
    """The topology in the form of RabbitMQ's definitions file."""
    return {
        "exchanges": [
            {
                "name": e.name,
                "vhost": vhost,
                "type": e.type,
                "durable": True,
                "auto_delete": False,
                "internal": False,
                "arguments": dict(e.arguments),
            }
            for e in topology.exchanges
        ],
        "queues": [
            {
                "name": q.name,
                "vhost": vhost,
                "durable": True,
                "auto_delete": False,
                "arguments": dict(q.arguments),
            }
            for q in topology.queues
        ],
        "bindings": [
            {
                "source": b.exchange,
                "vhost": vhost,
                "destination": b.queue,
                "destination_type": "queue",
                "routing_key": b.key,
                "arguments": {},
            }
            for b in topology.bindings
        ],
    }
