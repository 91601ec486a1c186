"""What a department may do on its vhost: write commands, read its inbox, and nothing else."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import AMQPError, ChannelAccessRefused

from case_bus.department_vhost import user_name
from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import DEPARTMENT_COMMANDS, FROM_DEPARTMENT, INBOX, TO_INBOX
from tests.integration.gateway.vhosts import Departments

Probe = Callable[[AbstractChannel], Awaitable[object]]


@pytest.fixture
async def channel(departments: Departments) -> AsyncIterator[AbstractChannel]:
    """A channel of department um on its own vhost."""
    connection = await aio_pika.connect(departments.as_department("um"))
    yield await connection.channel(on_return_raises=True)
    await connection.close()


async def _publish(
    channel: AbstractChannel, exchange: str, key: str, user_id: str | None = None
) -> object:
    target = await channel.get_exchange(exchange, ensure=False) if exchange else None
    return await (target or channel.default_exchange).publish(
        aio_pika.Message(b"{}", user_id=user_id), key, mandatory=True
    )


async def _bind(channel: AbstractChannel, queue: str, exchange: str) -> object:
    return await (await channel.get_queue(queue, ensure=False)).bind(exchange, "#")


async def _bind_exchange(channel: AbstractChannel, to: str, source: str) -> object:
    return await (await channel.get_exchange(to, ensure=False)).bind(source, "#")


DENIED: dict[str, Probe] = {
    "declare a queue": lambda c: c.declare_queue("mine"),
    "declare a passing queue": lambda c: c.declare_queue("", exclusive=True),
    "declare an exchange": lambda c: c.declare_exchange("mine"),
    "delete the inbox": lambda c: c.queue_delete(INBOX),
    "bind the inbox to commands": lambda c: _bind(c, INBOX, DEPARTMENT_COMMANDS),
    "bind commands to the inbox's exchange": lambda c: _bind_exchange(
        c, DEPARTMENT_COMMANDS, TO_INBOX
    ),
    "bind commands to the broker's log": lambda c: _bind_exchange(
        c, DEPARTMENT_COMMANDS, "amq.topic"
    ),
    "publish to the inbox": lambda c: _publish(c, TO_INBOX, ""),
    "publish by the default exchange": lambda c: _publish(c, "", INBOX),
    "publish to the broker's own exchange": lambda c: _publish(c, "amq.topic", "x"),
    "read the commands": lambda c: _consume(c, FROM_DEPARTMENT),
    "forge a sender": lambda c: _publish(c, DEPARTMENT_COMMANDS, "", user_id="guest"),
}


async def _consume(channel: AbstractChannel, queue: str) -> object:
    return await (await channel.get_queue(queue, ensure=False)).get(fail=False)


@pytest.mark.parametrize("what", DENIED)
async def test_denied(channel: AbstractChannel, what: str) -> None:
    with pytest.raises(AMQPError):
        await DENIED[what](channel)


async def test_the_own_sender_and_the_own_inbox_are_allowed(
    channel: AbstractChannel, departments: Departments
) -> None:
    await _publish(channel, DEPARTMENT_COMMANDS, "", user_id=user_name(departments.district, "um"))
    assert await _consume(channel, INBOX) is None


async def test_another_departments_vhost_cannot_be_entered(departments: Departments) -> None:
    with pytest.raises((AMQPError, ConnectionError)):
        await aio_pika.connect(departments.as_department("um", vhost_of="wa"))


async def test_a_copy_cannot_be_sent_to_another_queue_by_headers(
    channel: AbstractChannel, departments: Departments
) -> None:
    """CC bypasses topic permissions on this broker; in a vhost of one's own it reaches nobody."""
    exchange = await channel.get_exchange(DEPARTMENT_COMMANDS, ensure=False)
    message = aio_pika.Message(b"{}", headers={"CC": [INBOX], "BCC": [INBOX]})
    await exchange.publish(message, "", mandatory=True)
    assert await _consume(channel, INBOX) is None


async def test_the_gateway_writes_inboxes_and_reads_commands_and_no_more(
    departments: Departments,
) -> None:
    publisher = RabbitPublisher(departments.as_gateway("um"), name="test")
    body = json.dumps({"hello": 1}).encode()
    assert await publisher.publish([Outgoing(TO_INBOX, "", body)]) == [None]
    await publisher.close()
    connection = await aio_pika.connect(departments.as_gateway("um"))
    for probe in (
        lambda c: _consume(c, INBOX),
        lambda c: _publish(c, DEPARTMENT_COMMANDS, ""),
        lambda c: c.declare_queue("mine"),
    ):
        with pytest.raises((ChannelAccessRefused, AMQPError)):
            await probe(await connection.channel())
    await connection.close()
