"""A broker that accepts the socket and then says nothing, as one without file handles does."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from case_bus import rabbit_connection
from case_bus.port import Delivery, Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher


@dataclass
class Mute:
    url: str
    accepted: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
async def mute(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mute]:
    """One waits for it for a tenth of a second."""
    monkeypatch.setattr(rabbit_connection, "CONNECT_SECONDS", 0.1)
    broker, over = Mute(""), asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        broker.accepted.set()
        await over.wait()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        broker.url = f"amqp://guest:guest@127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        yield broker
        over.set()


async def nobody(_: Delivery) -> None:
    raise AssertionError("nothing is ever delivered")


async def test_a_consumer_does_not_wait_for_ever(mute: Mute) -> None:
    consumer = RabbitConsumer(mute.url, name="test")
    async with asyncio.timeout(5):
        with pytest.raises(ConnectionError, match=r"did not answer within 0\.1 s"):
            await consumer.start("dispatch.events.v1", nobody, 10)
        await consumer.close()


async def test_a_publisher_does_not_wait_for_ever(mute: Mute) -> None:
    publisher = RabbitPublisher(mute.url, name="test", confirm_seconds=60)
    async with asyncio.timeout(5):
        [error] = await publisher.publish([Outgoing("case.events.v1", "x", b"{}")])
        await publisher.close()
    assert error is not None
    assert "did not answer within 0.1 s" in error.reason


async def test_what_is_cancelled_while_it_connects_leaves_nothing_running(
    mute: Mute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbit_connection, "CONNECT_SECONDS", 60)
    consumer = RabbitConsumer(mute.url, name="test")
    async with asyncio.timeout(5):
        starting = asyncio.create_task(consumer.start("dispatch.events.v1", nobody, 10))
        await mute.accepted.wait()
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        await consumer.close()
    assert [task for task in map(repr, asyncio.all_tasks()) if "connection_factory" in task] == []
