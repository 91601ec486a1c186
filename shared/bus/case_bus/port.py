"""The two ports of the event layer. RabbitMQ implements them, and an in-memory twin."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from case_bus.topology import Binding


@dataclass(frozen=True)
class Outgoing:
    """A message to publish. ``key`` is the routing key, ``headers`` carry the trace."""

    exchange: str
    key: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class PublishError(Exception):
    """The broker refused a message, could not route it, or gave no answer in time."""

    def __init__(self, message: Outgoing, reason: str, *, final: bool = False) -> None:
        super().__init__(f"{message.exchange}/{message.key}: {reason}")
        self.message, self.reason, self.final = message, reason, final


@dataclass
class Delivery:
    """A message from a queue. ``ack`` takes it off; ``attempts`` counts earlier deliveries.

    ``user`` is the sender that the broker itself vouches for (AMQP ``user_id``), if it set one.
    """

    queue: str
    key: str
    body: bytes
    attempts: int
    user: str | None
    headers: Mapping[str, str]
    ack: Callable[[], Awaitable[None]]
    nack: Callable[[], Awaitable[None]]


OnDelivery = Callable[[Delivery], Awaitable[None]]


class Publisher(Protocol):
    async def publish(self, messages: Sequence[Outgoing]) -> list[PublishError | None]:
        """Publish all and wait for every confirm; one outcome per message, in order."""
        ...

    async def close(self) -> None: ...


class Consumer(Protocol):
    async def start(self, queue: str, on_delivery: OnDelivery, prefetch: int) -> None:
        """Consume until paused or closed; deliveries are handed over concurrently."""
        ...

    async def pause(self) -> None:
        """Cancel the consumers; unacknowledged deliveries go back to their queues."""
        ...

    async def resume(self) -> None: ...

    async def expect(self, bindings: Sequence[Binding]) -> None:
        """See to it that these bindings exist, now and from time to time, as long as we consume.

        A lost binding loses events silently, since the alternate exchange counts as a route.
        """
        ...

    async def close(self) -> None: ...

    def healthy(self) -> bool:
        """Whether each queue that was started is being consumed right now."""
        ...
