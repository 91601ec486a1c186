"""Looks at an AMQP server without changing anything."""

import asyncio
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiormq

OLDEST = (3, 10)
"""Oldest RabbitMQ with at-least-once dead-lettering of quorum queues."""


@dataclass(frozen=True)
class AmqpServer:
    """What an AMQP server says about itself when one logs in."""

    host: str
    port: int
    product: str
    version: str
    cluster: str

    @property
    def new_enough(self) -> bool:
        """Whether it is a RabbitMQ that has what the topology needs."""
        found = tuple(int(part) for part in re.findall(r"\d+", self.version)[:2])
        return self.product == "RabbitMQ" and found >= OLDEST


def without_password(url: str) -> str:
    """`url` for a message."""
    return re.sub(r"//[^@/]*@", "//", url)


def default_port(scheme: str) -> int:
    """The port of `amqp` or `amqps`."""
    return 5671 if scheme == "amqps" else 5672


def probe(url: str, timeout: float = 5) -> AmqpServer:
    """Log in at `url` and read the server's own properties.

    Raises ConnectionError (with the reason, without the password) when there is no answer or
    the login is refused within `timeout` seconds.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or default_port(parts.scheme)
    try:
        # The library logs every refused connection, so knock first.
        socket.create_connection((host, port), timeout).close()
        # In a thread, because the caller's may be running an event loop already.
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(asyncio.run, _within(timeout, url, host, port)).result()
    except TimeoutError:
        raise ConnectionError(f"no answer within {timeout:g} s") from None
    except (OSError, aiormq.exceptions.AMQPError, ValueError) as error:
        raise ConnectionError(f"{type(error).__name__}: {error}") from error


async def _within(seconds: float, url: str, host: str, port: int) -> AmqpServer:
    async with asyncio.timeout(seconds):
        connection = await aiormq.connect(url)
    try:
        said = connection.server_properties
        return AmqpServer(
            host=host,
            port=port,
            product=_text(said.get("product")),
            version=_text(said.get("version")),
            cluster=_text(said.get("cluster_name")),
        )
    finally:
        await connection.close()


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value or "")
