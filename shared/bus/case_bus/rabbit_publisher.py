"""Publishing to RabbitMQ: persistent, mandatory, confirmed, with a time-out.

Learnt the hard way (research/messaging.md): a ``CancelledError`` that nobody asked for.
"""

import asyncio
from collections.abc import Sequence
from typing import cast

from aio_pika.abc import AbstractChannel, AbstractRobustConnection
from aio_pika.exceptions import DeliveryError
from aio_pika.exceptions import PublishError as Unroutable
from aiormq import Channel
from aiormq.exceptions import AMQPError

from case_bus.port import Outgoing, PublishError
from case_bus.rabbit_connection import connect
from case_bus.rabbit_sending import Sending

CONFIRM_SECONDS = 10.0
BROKEN = "the connection broke while waiting for the confirm"


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
        sending, limit = None, asyncio.timeout(self._confirm_seconds)
        why = f"no confirm within {self._confirm_seconds:g} s"
        try:
            async with limit:
                sending = Sending(await self._ready(), self._user)
                await sending.send(messages)
                await asyncio.wait(sending.confirms)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            why = BROKEN
        except (AMQPError, OSError, RuntimeError) as error:
            why = why if limit.expired() else f"{type(error).__name__}: {error}"
        finally:
            confirms = sending.end() if sending else []
        unsent = [None] * (len(messages) - len(confirms))
        return [_outcome(m, c, why) for m, c in zip(messages, [*confirms, *unsent], strict=True)]

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


def _outcome(
    message: Outgoing, confirm: "asyncio.Future[object] | None", why: str
) -> PublishError | None:
    """``why`` is the reason where the confirm did not come."""
    if confirm is None or confirm.cancelled():
        return PublishError(message, why)
    match confirm.exception():
        case None:
            return None
        case Unroutable():
            return PublishError(message, "no queue is bound for this routing key", final=True)
        case DeliveryError():
            return PublishError(message, "the broker refused it (queue full or unavailable)")
        case asyncio.CancelledError():
            return PublishError(message, BROKEN)
        case error:
            return PublishError(message, f"{type(error).__name__}: {error}")
