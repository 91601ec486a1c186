"""The broker that tests and the local runner use: administered for real."""

import asyncio

import aio_pika
import aiormq
import pytest

from civicgrid.local import Broker, LocalError, existing_broker, own_broker
from civicgrid.local.admin import Admin, Management
from civicgrid.local.definitions import permission, user
from civicgrid.local.handles import handles_for
from civicgrid.local.probe import probe
from tests.support import run_dir
from tests.support.infra import Vhost, VhostPool

QUORUM = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 5,
    "x-overflow": "reject-publish",
    "x-dead-letter-exchange": "dead",
    "x-dead-letter-strategy": "at-least-once",
}


def topology(name: str) -> dict[str, object]:
    durable = {"vhost": name, "durable": True, "auto_delete": False}
    return {
        "vhosts": [{"name": name}],
        "users": [user(name, "pass word/1")],
        "permissions": [permission(name, name, write="^events$", read="^inbox$")],
        "exchanges": [
            {**durable, "name": "events", "type": "topic", "internal": False, "arguments": {}}
        ],
        "queues": [{**durable, "name": "inbox", "arguments": QUORUM}],
        "bindings": [
            {
                "vhost": name,
                "source": "events",
                "destination": "inbox",
                "destination_type": "queue",
                "routing_key": "intake.#",
                "arguments": {},
            }
        ],
    }


async def say_and_hear(url: str) -> bytes:
    """Publish as the imported user and read it back; re-declaring checks the arguments."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        events = await channel.get_exchange("events", ensure=False)
        await events.publish(aio_pika.Message(b"hello"), routing_key="intake.case.opened.v1")
        inbox = await channel.get_queue("inbox", ensure=False)
        async with inbox.iterator(timeout=10) as messages, (await anext(messages)).process() as got:
            return got.body


async def administer(broker: Broker, admin: Admin | Broker, name: str) -> None:
    await asyncio.to_thread(admin.import_definitions, topology(name))
    url = broker.amqp_url(name, name, "pass word/1")
    assert await say_and_hear(url) == b"hello"
    await asyncio.to_thread(admin.delete, [name], [name])
    with pytest.raises(ConnectionError):
        await asyncio.to_thread(probe, url)
    await asyncio.to_thread(admin.delete, [name], [name])  # missing ones are no error


async def test_definitions_are_imported_in_one_go_and_deleted(
    broker: Broker, vhosts: VhostPool
) -> None:
    await administer(broker, broker, f"{vhosts.take().name}.more")


async def test_the_imported_user_may_not_declare(vhost: Vhost, broker: Broker) -> None:
    name = f"{vhost.name}.rights"
    await asyncio.to_thread(broker.import_definitions, topology(name))
    try:
        async with await aio_pika.connect(broker.amqp_url(name, name, "pass word/1")) as connection:
            channel = await connection.channel()
            with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
                await channel.declare_queue("mine", durable=True)
    finally:
        await asyncio.to_thread(broker.delete, [name], [name])


def test_fresh_vhosts_differ(vhosts: VhostPool) -> None:
    one, two = vhosts.take(), vhosts.take()
    assert one.name != two.name
    assert probe(one.url).product == "RabbitMQ"


def test_definitions_that_name_a_missing_vhost_are_an_error(broker: Broker) -> None:
    with pytest.raises(LocalError, match="nowhere"):
        broker.import_definitions({"permissions": [permission("guest", "nowhere")]})


def test_own_node_survives_kill_freeze_and_restart(own_broker: Broker) -> None:
    node = own_broker.own
    assert node is not None
    node.kill9()
    assert not node.running
    node.restart()
    node.freeze()
    with pytest.raises(ConnectionError, match="no answer"):
        probe(node.url, 1)
    node.thaw()
    assert probe(node.url).version
    node.stop_app()
    with pytest.raises(ConnectionError):
        probe(node.url, 1)
    node.start_app()
    assert probe(node.url).version


def test_a_named_broker_that_cannot_be_administered_is_refused(own_broker: Broker) -> None:
    """`rabbitmqctl` here, if any, is that of another node, so no vhost could be made."""
    with pytest.raises(LocalError, match="vhosts and users cannot be made") as caught:
        existing_broker({"AMQP_URL": own_broker.amqp_url()})
    assert "RABBITMQ_MANAGEMENT_URL" in caught.value.remedy


async def test_a_named_broker_is_administered_by_its_management_interface() -> None:
    folder = run_dir.of_worker() / "managed"
    managed = await asyncio.to_thread(own_broker, folder, plugins=["rabbitmq_management"])
    try:
        assert managed.own is not None
        url = f"http://guest:guest@127.0.0.1:{managed.own.management_port}"
        named = {"AMQP_URL": managed.amqp_url(), "RABBITMQ_MANAGEMENT_URL": url}
        found = await asyncio.to_thread(existing_broker, named)
        assert found is not None
        assert found.own is None
        await administer(found, Management(url), "managed")
        with pytest.raises(LocalError, match="401"):
            Management(url.replace("guest@", "wrong@")).cluster()
    finally:
        await asyncio.to_thread(managed.close)


def test_a_vhost_and_a_quorum_queue_take_as_many_file_handles_as_is_reckoned(
    own_broker: Broker,
) -> None:
    name = "room"
    definitions = {
        "vhosts": [{"name": name}],
        "queues": [
            {
                "name": f"q{number}",
                "vhost": name,
                "durable": True,
                "auto_delete": False,
                "arguments": {"x-queue-type": "quorum"},
            }
            for number in range(5)
        ],
    }
    before = own_broker.handles()
    if before is None:
        pytest.skip("this RabbitMQ does not count file handles")
    own_broker.import_definitions(definitions)
    try:
        after = own_broker.handles()
    finally:
        own_broker.delete([name])
    assert after is not None
    assert after.used - before.used == handles_for(definitions)
    assert after.limit == before.limit
