"""Publishing to RabbitMQ: persistent, mandatory, confirmed, with a time-out.

Learnt the hard way (research/messaging.md): a fresh ``message_id`` for every attempt, since two
publishes in flight with one id swap outcomes: we give none, and the library makes one for each;
a ``CancelledError`` that nobody asked for.
"""

import asyncio
from collections.abc import Sequence
from typing import cast

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractRobustConnection
from aio_pika.exceptions import DeliveryError
from aio_pika.exceptions import PublishError as Unroutable
from aiormq import Channel, spec
from aiormq.exceptions import AMQPError

from case_bus.port import Outgoing, PublishError
from case_bus.rabbit_connection import connect

CONFIRM_SECONDS = 10.0


class RabbitPublisher:
    """A connection of its own, used for nothing but publishing."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        user: str | None = None,
        heartbeat: int = 10,
        confirm_seconds: float = CONFIRM_SECONDS,
    ) -> None:
        self._url, self._name, self._user = url, name, user
        self._heartbeat, self._confirm_seconds = heartbeat, confirm_seconds
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()

    async def publish(self, messages: Sequence[Outgoing]) -> list[PublishError | None]:
        """Publish all at once and await every confirm; outcomes in the order of messages."""
        if not messages:
            return []
        sending = [asyncio.create_task(self._one(message)) for message in messages]
        try:
            await asyncio.wait(sending, timeout=self._confirm_seconds)
        finally:
            late = [task for task in sending if not task.done() and task.cancel()]
        await asyncio.gather(*late, return_exceptions=True)
        return [
            self._too_late(message) if task.cancelled() else task.result()
            for message, task in zip(messages, sending, strict=True)
        ]

    async def _one(self, message: Outgoing) -> PublishError | None:
        try:
            channel = await self._ready()
            await channel.basic_publish(
                message.body,
                exchange=message.exchange,
                routing_key=message.key,
                properties=self._properties(message),
                mandatory=True,
                wait=False,  # for the confirm, but not until each frame is written by itself
            )
        except Unroutable:
            return PublishError(message, "no queue is bound for this routing key", final=True)
        except DeliveryError:
            return PublishError(message, "the broker refused it (queue full or unavailable)")
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return PublishError(message, "the connection broke while waiting for the confirm")
        except (AMQPError, ConnectionError, OSError, RuntimeError) as error:
            return PublishError(message, f"{type(error).__name__}: {error}")
        return None

    def _too_late(self, message: Outgoing) -> PublishError:
        return PublishError(message, f"no confirm within {self._confirm_seconds:g} s")

    def _properties(self, message: Outgoing) -> spec.Basic.Properties:
        return spec.Basic.Properties(
            content_type="application/json",
            delivery_mode=int(aio_pika.DeliveryMode.PERSISTENT),
            user_id=self._user,
            headers=dict(message.headers),
        )

    async def _ready(self) -> Channel:
        channel = self._channel
        if channel is None or channel.is_closed:
            async with self._opening:
                channel = await self._open()
        return cast(Channel, await channel.get_underlay_channel())

    async def _open(self) -> AbstractChannel:
        if self._connection is None:
            self._connection = await connect(
                self._url, name=f"{self._name}:publish", heartbeat=self._heartbeat
            )
        if self._channel is None or self._channel.is_closed:
            self._channel = await self._connection.channel(
                publisher_confirms=True, on_return_raises=True
            )
        return self._channel

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
