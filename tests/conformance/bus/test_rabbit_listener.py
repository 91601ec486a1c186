"""Hearing without keeping, with the rights that console has and no more."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import aio_pika
import pytest
from aiormq.exceptions import ChannelAccessRefused

from case_bus.port import Outgoing
from case_bus.rabbit_listener import RabbitListener
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import COMMANDS, EVENTS, LISTENING, base, events_queue, subscriber
from civicgrid.deployment.rabbit import rights
from civicgrid.local import Broker
from civicgrid.local.definitions import permission, user
from tests.conformance.bus.harness import RabbitBus
from tests.support.infra import Vhost
from tests.support.twin import eventually

CLOSED = "dispatch.case.closed.v1"
TOPOLOGY = base() + subscriber("dispatch", ["case.opened.v1"])


@pytest.fixture
def console(broker: Broker, vhost: Vhost) -> Iterator[str]:
    """The URL of a user with console's rights."""
    name = f"limited-{uuid.uuid4().hex[:8]}"
    granted = permission(name, vhost.name, **rights("console"))
    broker.import_definitions({"users": [user(name, name)], "permissions": [granted]})
    yield broker.amqp_url(vhost.name, name, name)
    broker.delete([], [name])


class Heard:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.states: list[bool] = []

    @property
    def live(self) -> bool:
        return bool(self.states) and self.states[-1]


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Heard]:
    heard = Heard()
    listener = RabbitListener(
        url, name="listener", prefix=LISTENING, exchange=EVENTS, keys=["dispatch.#"]
    )
    task = asyncio.create_task(listener.listen(heard.bodies.append, heard.states.append))
    await eventually(lambda: heard.live)
    yield heard
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert not heard.live


async def test_what_is_published_meanwhile_is_heard_by_each_and_nothing_is_left(
    rabbit: RabbitBus, console: str
) -> None:
    await rabbit.declare(TOPOLOGY)
    async with listening(console) as one, listening(console) as other:
        await rabbit.publisher().publish([Outgoing(EVENTS, CLOSED, b"1")])
        await rabbit.publisher().publish([Outgoing(EVENTS, "intake.report.received.v1", b"2")])
        await eventually(lambda: one.bodies and other.bodies)
        assert one.bodies == other.bodies == [b"1"]
    await rabbit.publisher().publish([Outgoing(EVENTS, CLOSED, b"3")])
    assert await rabbit.depth("unrouted") == 2  # heard by nobody who keeps it


async def test_it_says_when_it_is_cut_off_and_hears_again_afterwards(
    rabbit: RabbitBus, console: str, broker: Broker
) -> None:
    await rabbit.declare(TOPOLOGY)
    async with listening(console) as heard:
        name = console.split("//")[1].split(":")[0]
        await asyncio.to_thread(broker.close_connections, name, "a test")
        await eventually(lambda: heard.states[-2:] == [False, True])
        await rabbit.publisher().publish([Outgoing(EVENTS, CLOSED, b"after")])
        await eventually(lambda: heard.bodies == [b"after"])


def _declare(channel: aio_pika.abc.AbstractChannel) -> object:
    return channel.declare_queue("dispatch.events.v2")


def _read(channel: aio_pika.abc.AbstractChannel) -> object:
    return channel.queue_delete(events_queue("dispatch"))


@pytest.mark.parametrize("act", [_declare, _read])
async def test_it_may_neither_make_nor_touch_queues_of_others(
    rabbit: RabbitBus, console: str, act: Callable[[aio_pika.abc.AbstractChannel], object]
) -> None:
    await rabbit.declare(TOPOLOGY)
    async with await aio_pika.connect(console) as connection:
        channel = await connection.channel()
        with pytest.raises(ChannelAccessRefused):
            await act(channel)  # type: ignore[misc]  # both give something to await


@pytest.mark.parametrize("exchange", [EVENTS, COMMANDS])
async def test_it_publishes_nothing(rabbit: RabbitBus, console: str, exchange: str) -> None:
    await rabbit.declare(TOPOLOGY)
    publisher = RabbitPublisher(console, name="console")
    [error] = await publisher.publish([Outgoing(exchange, CLOSED, b"{}")])
    assert error is not None
    await publisher.close()
