"""Hearing what is published from now on, where nothing has to be kept."""

import asyncio
import uuid
from collections.abc import Callable, Sequence

import aio_pika
import structlog
from aio_pika.abc import AbstractQueue
from aiormq.exceptions import AMQPError

from case_bus.rabbit_connection import CONNECT_SECONDS, RECONNECT_SECONDS

log = structlog.get_logger()
BROKEN = (AMQPError, OSError, RuntimeError, TimeoutError)
MOST_WAITING = 10_000


class RabbitListener:
    """A queue of this process alone, which ends with its connection: what is published while there
    is none is never heard. ``prefix`` begins the queue's name, as the user's rights have it.

    Each attempt is a new connection and a new queue: the old one's name can stay taken until the
    broker has noticed that we are gone.
    """

    def __init__(
        self, url: str, *, name: str, prefix: str, exchange: str, keys: Sequence[str],
        heartbeat: int = 5,
    ) -> None:  # fmt: skip
        self._url, self._name, self._heartbeat = url, name, heartbeat
        self._prefix, self._exchange, self._keys = prefix, exchange, tuple(keys)

    async def listen(self, hear: Callable[[bytes], None], live: Callable[[bool], None]) -> None:
        """Until cancelled; ``live`` is told whenever it begins to hear and when it no longer
        does."""
        while True:
            try:
                await self._listen(hear, live)
            except BROKEN as error:
                log.warning("listener_waits", error=type(error).__name__)
            finally:
                live(False)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self, hear: Callable[[bytes], None], live: Callable[[bool], None]) -> None:
        connection = await aio_pika.connect(
            self._url, timeout=CONNECT_SECONDS, heartbeat=self._heartbeat,
            client_properties={"connection_name": self._name},
        )  # fmt: skip
        async with connection:
            queue = await self._queue(connection)
            async with queue.iterator(no_ack=True) as messages:
                live(True)
                async for message in messages:
                    hear(message.body)

    async def _queue(self, connection: aio_pika.abc.AbstractConnection) -> AbstractQueue:
        async with asyncio.timeout(CONNECT_SECONDS):
            channel = await connection.channel(publisher_confirms=False)
            await channel.set_qos(prefetch_count=MOST_WAITING)
            queue = await channel.declare_queue(
                f"{self._prefix}{uuid.uuid4().hex}", exclusive=True, auto_delete=True,
                arguments={"x-max-length": MOST_WAITING},
            )  # fmt: skip
            for key in self._keys:
                await queue.bind(self._exchange, key)
            return queue
