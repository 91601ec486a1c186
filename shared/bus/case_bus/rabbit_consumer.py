"""Consuming from RabbitMQ, on a connection of its own."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import aio_pika
import aiormq
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue, AbstractRobustConnection
from aiormq.exceptions import AMQPError, ChannelAccessRefused

from case_bus.port import Delivery, OnDelivery
from case_bus.rabbit_connection import connect
from case_bus.topology import Binding

WATCH_SECONDS = 5.0
BIND_EVERY = 12
PATIENCE = 3
"""Looks in a row that find a queue unconsumed before we stop trusting the library to mend it."""
CALL_SECONDS = 10.0
BROKEN = (AMQPError, ConnectionError, RuntimeError, TimeoutError)


@dataclass
class _Subscription:
    queue_name: str
    on_delivery: OnDelivery
    prefetch: int
    channel: aio_pika.abc.AbstractChannel | None = None
    queue: AbstractQueue | None = None
    tag: str | None = None
    missed: int = 0


class RabbitConsumer:
    """Consumes any number of queues, each on a channel of its own, with manual acks.

    A watchdog looks at every queue each ``watch_seconds``: a consumer that the broker does not
    know (its queue deleted and made anew, its channel closed) is begun again.
    """

    def __init__(
        self, url: str, *, name: str, heartbeat: int = 10, watch_seconds: float = WATCH_SECONDS
    ) -> None:
        self._url, self._name, self._heartbeat = url, name, heartbeat
        self._watch_seconds = watch_seconds
        self._connection: AbstractRobustConnection | None = None
        self._subscriptions: list[_Subscription] = []
        self._bindings: Sequence[Binding] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchdog: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        self._paused = False

    async def start(self, queue: str, on_delivery: OnDelivery, prefetch: int = 64) -> None:
        subscription = _Subscription(queue, on_delivery, prefetch)
        self._subscriptions.append(subscription)
        async with self._changing:
            await self._consume(subscription)
        if self._watchdog is None:
            self._watchdog = asyncio.create_task(self._watch())

    async def pause(self) -> None:
        self._paused = True
        async with self._changing:
            for subscription in self._subscriptions:
                await self._leave(subscription)

    async def resume(self) -> None:
        """Consume again; what cannot be begun now the watchdog begins when it can."""
        self._paused = False
        async with self._changing:
            for subscription in self._subscriptions:
                if subscription.tag is None:
                    with contextlib.suppress(*BROKEN):
                        await self._consume(subscription)

    async def expect(self, bindings: Sequence[Binding]) -> None:
        """``queue.bind`` needs no right to configure: write on the queue, read on the exchange.

        Without those rights nothing is bound, and only reconciliation finds what is lost.
        """
        self._bindings = tuple(bindings)
        await self._bind()

    async def close(self) -> None:
        """Stop consuming, let running handlers finish, then leave."""
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._paused = True
        for subscription in self._subscriptions:
            queue, tag = subscription.queue, subscription.tag
            if queue is not None and tag is not None and not queue.channel.is_closed:
                with contextlib.suppress(*BROKEN):
                    await asyncio.wait_for(queue.cancel(tag), CALL_SECONDS)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=15)
        if self._connection is not None:
            await self._connection.close()

    def healthy(self) -> bool:
        connection = self._connection
        if connection is None or connection.is_closed or not connection.connected.is_set():
            return not self._subscriptions
        return all(s.tag is not None and s.missed == 0 for s in self._subscriptions)

    async def _connected(self) -> AbstractRobustConnection:
        if self._connection is None:
            self._connection = await connect(
                self._url, name=f"{self._name}:consume", heartbeat=self._heartbeat
            )
        return self._connection

    async def _consume(self, subscription: _Subscription) -> None:
        connection = await self._connected()
        async with asyncio.timeout(CALL_SECONDS):
            channel = await connection.channel(publisher_confirms=False)
            await channel.set_qos(prefetch_count=subscription.prefetch)
            # Looked up, not only named: what the library has not looked up it does not restore.
            queue = await channel.get_queue(subscription.queue_name)

        async def on_message(message: AbstractIncomingMessage) -> None:
            self._spawn(subscription, message)

        subscription.channel, subscription.queue = channel, queue
        async with asyncio.timeout(CALL_SECONDS):
            subscription.tag = await queue.consume(on_message)
        subscription.missed = 0

    async def _leave(self, subscription: _Subscription) -> None:
        channel, subscription.channel = subscription.channel, None
        subscription.tag = subscription.queue = None
        if channel is not None and not channel.is_closed:
            with contextlib.suppress(*BROKEN):
                await asyncio.wait_for(channel.close(), CALL_SECONDS)

    async def _watch(self) -> None:
        looks = 0
        while True:
            await asyncio.sleep(self._watch_seconds)
            looks += 1
            for subscription in self._subscriptions:
                if not self._paused:
                    await self._look(subscription)
            if looks % BIND_EVERY == 0:
                await self._bind()

    async def _look(self, subscription: _Subscription) -> None:
        if await self._is_consumed(subscription):
            subscription.missed = 0
            return
        subscription.missed += 1
        connection = self._connection
        if subscription.missed >= PATIENCE and connection and connection.connected.is_set():
            async with self._changing:
                await self._leave(subscription)
                if not self._paused:
                    with contextlib.suppress(*BROKEN):
                        await self._consume(subscription)

    async def _is_consumed(self, subscription: _Subscription) -> bool:
        """Whether our channel knows its consumer, and the broker counts one on the queue."""
        channel, connection = subscription.channel, self._connection
        if channel is None or connection is None or not connection.connected.is_set():
            return False
        try:
            async with asyncio.timeout(CALL_SECONDS), connection.channel() as probe:
                underlay = cast(aiormq.Channel, await channel.get_underlay_channel())
                found = await probe.declare_queue(subscription.queue_name, passive=True)
                count = found.declaration_result.consumer_count or 0
                return subscription.tag in underlay.consumers and count > 0
        except BROKEN:
            return False

    async def _bind(self) -> None:
        with contextlib.suppress(*BROKEN):
            connection = await self._connected()
            async with asyncio.timeout(CALL_SECONDS), connection.channel() as channel:
                for binding in self._bindings:
                    queue = await channel.get_queue(binding.queue, ensure=False)
                    try:
                        await queue.bind(binding.exchange, binding.key)
                    except ChannelAccessRefused:
                        self._bindings = ()  # not ours to see to
                        return

    def _spawn(self, subscription: _Subscription, message: AbstractIncomingMessage) -> None:
        delivery = _delivery(subscription.queue_name, message)
        task = asyncio.ensure_future(_run(subscription.on_delivery, delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _run(on_delivery: OnDelivery, delivery: Delivery) -> None:
    await on_delivery(delivery)


def _delivery(queue: str, message: AbstractIncomingMessage) -> Delivery:
    count = message.headers.get("x-delivery-count", 0)
    attempts = count if isinstance(count, int) else 0

    async def ack() -> None:
        # A lost channel has put the message back already: it comes again and is deduplicated.
        with contextlib.suppress(*BROKEN):
            await message.ack()

    async def nack() -> None:
        with contextlib.suppress(*BROKEN):
            await message.nack(requeue=True)

    return Delivery(
        queue=queue,
        key=message.routing_key or "",
        body=message.body,
        attempts=attempts + (1 if message.redelivered and attempts == 0 else 0),
        user=message.user_id,
        headers={key: str(value) for key, value in message.headers.items()},
        ack=ack,
        nack=nack,
    )
