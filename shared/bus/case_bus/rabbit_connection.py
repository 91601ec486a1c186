"""Connecting to RabbitMQ, once and again."""

from urllib.parse import urlsplit

import aio_pika
from aio_pika.abc import AbstractRobustConnection, TimeoutType

CONNECT_SECONDS = 8.0
"""A broker without a free file handle accepts the socket and then says nothing for ever. Shorter
than a publisher waits for a confirm, so that the error is this one."""
RECONNECT_SECONDS = 1.0


class _Connection(aio_pika.RobustConnection):
    """One whose first attempt leaves nothing behind when it fails or is cancelled.

    The library's goes on trying in a task that takes its cancellation for a broken attempt, so
    that the event loop, and with it the process, would never end.
    """

    async def connect(self, timeout: TimeoutType = None) -> None:  # noqa: ASYNC109 its signature
        try:
            await super().connect(timeout)
        except BaseException:
            await self.close()
            raise


async def connect(url: str, *, name: str, heartbeat: int) -> AbstractRobustConnection:
    """A connection that comes back by itself; `name` is what the broker shows for it.

    Raises ConnectionError, naming the broker without the password, when it does not answer.
    """
    try:
        return await aio_pika.connect_robust(
            url,
            heartbeat=heartbeat,
            timeout=CONNECT_SECONDS,
            reconnect_interval=RECONNECT_SECONDS,
            client_properties={"connection_name": name},
            connection_class=_Connection,
        )
    except TimeoutError as error:
        where = urlsplit(url)
        raise ConnectionError(
            f"the broker at {where.hostname}:{where.port} did not answer within"
            f" {CONNECT_SECONDS:g} s; is it overloaded, or out of file handles?"
        ) from error
