"""The two brokers under test, behind one face."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import aio_pika

from case_bus.declare import declare
from case_bus.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from case_bus.port import Consumer, Delivery, Publisher
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import Binding, Topology
from tests.support.infra import Vhost


class Bus(Protocol):
    """A broker, and whatever a test opens on it."""

    user: str

    async def declare(self, topology: Topology) -> None: ...

    async def unbind(self, binding: Binding) -> None: ...

    async def depth(self, queue: str) -> int:
        """How many messages are ready in the queue."""
        ...

    def publisher(self, user: str | None = None) -> Publisher: ...

    def consumer(self) -> Consumer: ...


class MemoryBus:
    user = "dispatch"

    def __init__(self) -> None:
        self._broker = MemoryBroker(Topology())

    async def declare(self, topology: Topology) -> None:
        self._broker.declare(topology)

    async def unbind(self, binding: Binding) -> None:
        self._broker.unbind(binding)

    async def depth(self, queue: str) -> int:
        return self._broker.depth(queue)

    def publisher(self, user: str | None = None) -> Publisher:
        return MemoryPublisher(self._broker, user)

    def consumer(self) -> Consumer:
        return MemoryConsumer(self._broker)


class RabbitBus:
    def __init__(self, url: str, user: str, connection: aio_pika.abc.AbstractConnection) -> None:
        self.url, self.user, self._connection = url, user, connection
        self.opened: list[Publisher | Consumer] = []

    async def declare(self, topology: Topology) -> None:
        async with self._connection.channel() as channel:
            await declare(channel, topology)

    async def unbind(self, binding: Binding) -> None:
        async with self._connection.channel() as channel:
            queue = await channel.get_queue(binding.queue, ensure=False)
            await queue.unbind(binding.exchange, binding.key)

    async def depth(self, queue: str) -> int:
        async with self._connection.channel() as channel:
            found = await channel.declare_queue(queue, passive=True)
            return found.declaration_result.message_count or 0

    async def delete(self, queue: str) -> None:
        async with self._connection.channel() as channel:
            await channel.queue_delete(queue)

    def publisher(self, user: str | None = None) -> Publisher:
        publisher = RabbitPublisher(self.url, name="conformance", user=user)
        self.opened.append(publisher)
        return publisher

    def consumer(self, watch_seconds: float = 5.0) -> Consumer:
        consumer = RabbitConsumer(self.url, name="conformance", watch_seconds=watch_seconds)
        self.opened.append(consumer)
        return consumer


@asynccontextmanager
async def rabbit_bus(vhost: Vhost) -> AsyncIterator[RabbitBus]:
    connection = await aio_pika.connect(vhost.url)
    bus = RabbitBus(vhost.url, vhost.user, connection)
    try:
        yield bus
    finally:
        for each in bus.opened:
            await each.close()
        await connection.close()


class Inbox:
    """Collects deliveries; acknowledges them unless told to keep them open."""

    def __init__(self, *, acknowledge: bool = True) -> None:
        self.deliveries: list[Delivery] = []
        self._acknowledge = acknowledge

    async def __call__(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        if self._acknowledge:
            await delivery.ack()

    @property
    def bodies(self) -> list[bytes]:
        return [d.body for d in self.deliveries]

    def holds(self, count: int) -> bool:
        return len(self.deliveries) >= count
