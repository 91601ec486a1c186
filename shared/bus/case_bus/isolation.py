"""What nobody may do in a department's vhost, tried at the broker itself.

Rights are written down in ``department_vhost``; a probe asks whether the broker really keeps them.
Each one is made so that it leaves nothing behind, even where it is not refused: what it could make
it takes away again, and what it could send is refused for its forged sender at the latest.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from urllib.parse import quote, urlsplit

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, HeadersType
from aiormq.exceptions import (
    AMQPError,
    ChannelAccessRefused,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
)

from case_bus.topology import DEPARTMENT_COMMANDS, FROM_DEPARTMENT, INBOX, TO_INBOX

Probe = Callable[[AbstractChannel], Awaitable[object]]
CONNECT_SECONDS = 8.0
NOBODY = "nobody"
"""A sender that no user has the name of: the broker refuses it where it allows the message."""


async def _publish(
    channel: AbstractChannel, exchange: str, key: str = "", copies: Sequence[str] = ()
) -> object:
    named = await channel.get_exchange(exchange, ensure=False) if exchange else None
    headers: HeadersType = {"CC": list(copies), "BCC": list(copies)} if copies else {}
    message = aio_pika.Message(b"{}", user_id=NOBODY, headers=headers)
    return await (named or channel.default_exchange).publish(message, key)


async def _declare_queue(channel: AbstractChannel, **arguments: str) -> object:
    name = f"probe-{uuid.uuid4()}"
    return await channel.declare_queue(name, exclusive=True, arguments=dict(arguments))


async def _declare_exchange(channel: AbstractChannel) -> object:
    made = await channel.declare_exchange(f"probe-{uuid.uuid4()}")
    return await made.delete()


async def _alter(channel: AbstractChannel, queue: str) -> object:
    """Declare it unlike it is: refused for the want of rights, or else for being unlike."""
    return await channel.declare_queue(queue, durable=True, arguments={"x-max-length": 1})


async def _bind(channel: AbstractChannel, queue: str, exchange: str) -> object:
    found = await channel.get_queue(queue, ensure=False)
    key = f"probe-{uuid.uuid4()}"
    await found.bind(exchange, key)
    return await found.unbind(exchange, key)


async def _bind_exchange(channel: AbstractChannel, to: str, source: str) -> object:
    found = await channel.get_exchange(to, ensure=False)
    key = f"probe-{uuid.uuid4()}"
    await found.bind(source, key)
    return await found.unbind(source, key)


async def _read(channel: AbstractChannel, queue: str) -> object:
    """What it would get goes back when the channel closes."""
    return await (await channel.get_queue(queue, ensure=False)).get(fail=False)


async def _look_at(channel: AbstractChannel, queue: str) -> object:
    return await channel.declare_queue(queue, passive=True)


_FOR_NOBODY: Mapping[str, Probe] = {
    "declare a queue": _declare_queue,
    "declare a queue with a dead-letter exchange": lambda c: _declare_queue(
        c, **{"x-dead-letter-exchange": DEPARTMENT_COMMANDS}
    ),
    "declare an exchange": _declare_exchange,
    "alter the inbox": lambda c: _alter(c, INBOX),
    "alter the commands' queue": lambda c: _alter(c, FROM_DEPARTMENT),
    "bind the inbox to commands": lambda c: _bind(c, INBOX, DEPARTMENT_COMMANDS),
    "bind the commands' queue to the inbox's exchange": lambda c: _bind(
        c, FROM_DEPARTMENT, TO_INBOX
    ),
    "bind commands to the inbox's exchange": lambda c: _bind_exchange(
        c, DEPARTMENT_COMMANDS, TO_INBOX
    ),
    "bind the inbox's exchange to commands": lambda c: _bind_exchange(
        c, TO_INBOX, DEPARTMENT_COMMANDS
    ),
    "bind commands to the broker's log": lambda c: _bind_exchange(
        c, DEPARTMENT_COMMANDS, "amq.rabbitmq.log"
    ),
    "publish by the default exchange": lambda c: _publish(c, "", INBOX),
    "publish by the default exchange with copies": lambda c: _publish(
        c, "", "nowhere", (INBOX, FROM_DEPARTMENT)
    ),
    "publish to the broker's own exchange": lambda c: _publish(c, "amq.topic", "x"),
}

OF_DEPARTMENT: Mapping[str, Probe] = {
    **_FOR_NOBODY,
    "publish to the inbox": lambda c: _publish(c, TO_INBOX),
    "read the commands": lambda c: _read(c, FROM_DEPARTMENT),
}
"""What a department's user is refused for want of the right."""

OF_GATEWAY: Mapping[str, Probe] = {
    **_FOR_NOBODY,
    "write commands": lambda c: _publish(c, DEPARTMENT_COMMANDS),
    "read the inbox": lambda c: _read(c, INBOX),
}
"""What the gateway's user is refused for want of the right."""

FORGED_SENDER = "forge a sender"
FOREIGN_QUEUE = "look at another's queue"
OTHER_VHOST = "enter the vhost {}"
_QUEUES_OF_OTHERS = ("dispatch.events.v1", "dispatch.commands.v1", "gateway.events.v1")


async def department_holes(url: str, other_vhosts: Iterable[str] = ()) -> list[str]:
    """What the department's user at ``url`` may do and must not; ``other_vhosts`` are such as
    belong to somebody else. Raises ConnectionError where the broker cannot be asked."""
    forged = {FORGED_SENDER: lambda c: _publish(c, DEPARTMENT_COMMANDS)}
    looked = {f"{FOREIGN_QUEUE} {name}": _looker(name) for name in _QUEUES_OF_OTHERS}
    others = {OTHER_VHOST.format(name): name for name in other_vhosts}
    entered = await asyncio.gather(*(_enters(_elsewhere(url, name)) for name in others.values()))
    found = [what for what, came_in in zip(others, entered, strict=True) if came_in]
    async with _asking(url) as connection:
        return found + await _not_refused(
            connection,
            (OF_DEPARTMENT, ChannelAccessRefused),
            (forged, ChannelPreconditionFailed),
            (looked, ChannelNotFoundEntity),
        )


async def gateway_holes(url: str) -> list[str]:
    """What the gateway's user may do and must not in the department's vhost at ``url``.
    Raises ConnectionError where the broker cannot be asked."""
    async with _asking(url) as connection:
        return await _not_refused(connection, (OF_GATEWAY, ChannelAccessRefused))


def _looker(queue: str) -> Probe:
    return lambda channel: _look_at(channel, queue)


async def _not_refused(
    connection: AbstractConnection, *asked: tuple[Mapping[str, Probe], type[AMQPError]]
) -> list[str]:
    """The probes that do not meet the refusal that they must meet. Each has a channel of its own,
    since a refusal closes it, under a number that comes once: the library gives the number of a
    closed channel out again before the broker has heard that it is closed."""
    probes = [(what, p, refusal) for probes, refusal in asked for what, p in probes.items()]
    refused = await asyncio.gather(
        *(_refused(connection, n, p, kind) for n, (_, p, kind) in enumerate(probes, start=1))
    )
    return [what for (what, _, _), was in zip(probes, refused, strict=True) if not was]


async def _refused(
    connection: AbstractConnection, number: int, probe: Probe, refusal: type[AMQPError]
) -> bool:
    channel = await connection.channel(channel_number=number)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await probe(channel)
    except refusal:
        return True
    except AMQPError:  # refused for another reason than the right that must be wanting
        if connection.is_closed:
            raise  # it was not answered at all
    return False


@asynccontextmanager
async def _asking(url: str) -> AsyncIterator[AbstractConnection]:
    where = urlsplit(url)
    try:
        async with await aio_pika.connect(url, timeout=CONNECT_SECONDS) as connection:
            yield connection
    except (AMQPError, OSError, RuntimeError) as error:
        raise ConnectionError(
            f"the broker at {where.hostname}:{where.port} cannot be asked as"
            f" {where.username} about {where.path}: {type(error).__name__} {error}"
        ) from error


async def _enters(url: str) -> bool:
    try:
        connection = await aio_pika.connect(url, timeout=CONNECT_SECONDS)
    except (AMQPError, OSError, RuntimeError):
        return False
    await connection.close()
    return True


def _elsewhere(url: str, vhost: str) -> str:
    return urlsplit(url)._replace(path=f"/{quote(vhost, safe='')}").geturl()
