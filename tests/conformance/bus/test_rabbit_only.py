"""What only a broker with processes, users and queues that can vanish can do."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from case_bus.port import Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import EVENTS, base, event_bindings, events_queue, subscriber
from civicgrid.deployment.rabbit import rights
from civicgrid.local import Broker
from civicgrid.local.definitions import permission, user
from tests.conformance.bus.harness import Inbox, RabbitBus
from tests.support.infra import Vhost
from tests.support.twin import eventually

OPENED = "intake.case.opened.v1"
QUEUE = events_queue("dispatch")
TOPOLOGY = base() + subscriber("dispatch", ["case.opened.v1"])


async def test_a_forged_sender_is_refused(rabbit: RabbitBus) -> None:
    await rabbit.declare(TOPOLOGY)

    [error] = await rabbit.publisher("somebody-else").publish([Outgoing(EVENTS, OPENED, b"{}")])

    assert error is not None
    assert await rabbit.depth(QUEUE) == 0


async def test_a_queue_deleted_and_made_anew_is_consumed_again(rabbit: RabbitBus) -> None:
    await rabbit.declare(TOPOLOGY)
    inbox, consumer = Inbox(), rabbit.consumer(watch_seconds=0.2)
    await consumer.start(QUEUE, inbox, 10)
    await rabbit.delete(QUEUE)
    await eventually(lambda: not consumer.healthy())

    await rabbit.declare(TOPOLOGY)
    await eventually(consumer.healthy)
    await rabbit.publisher().publish([Outgoing(EVENTS, OPENED, b"after")])

    await eventually(lambda: inbox.holds(1))


async def test_a_missing_queue_is_named_at_the_start(rabbit: RabbitBus) -> None:
    consumer = RabbitConsumer(rabbit.url, name="conformance")

    with pytest.raises(Exception, match=r"no queue 'nobody\.events\.v1'"):
        await consumer.start("nobody.events.v1", Inbox(), 10)

    await consumer.close()


@pytest.fixture
def limited(broker: Broker, vhost: Vhost) -> Iterator[Callable[[dict[str, str]], str]]:
    """Makes a user with these rights in the vhost; gives its URL."""
    made: list[str] = []

    def make(granted: dict[str, str]) -> str:
        name = f"limited-{uuid.uuid4().hex[:8]}"
        made.append(name)
        rows = {
            "users": [user(name, name)],
            "permissions": [permission(name, vhost.name, **granted)],
        }
        broker.import_definitions(rows)
        return broker.amqp_url(vhost.name, name, name)

    yield make
    broker.delete([], made)


EXPECTED = event_bindings("dispatch", ["case.opened.v1"])


async def test_a_services_rights_are_enough_to_consume_and_to_bind_again(
    rabbit: RabbitBus, limited: Callable[[dict[str, str]], str]
) -> None:
    await rabbit.declare(TOPOLOGY)
    await rabbit.unbind(EXPECTED[0])
    url, inbox = limited(rights("dispatch")), Inbox()
    consumer, publisher = RabbitConsumer(url, name="c"), RabbitPublisher(url, name="p")
    await consumer.start(QUEUE, inbox, 10)

    await consumer.expect(EXPECTED)
    assert await publisher.publish([Outgoing(EVENTS, OPENED, b"{}")]) == [None]

    await eventually(lambda: inbox.holds(1))
    await consumer.close()
    await publisher.close()


async def test_whoever_may_not_bind_consumes_all_the_same(
    rabbit: RabbitBus, limited: Callable[[dict[str, str]], str]
) -> None:
    await rabbit.declare(TOPOLOGY)
    inbox = Inbox()
    url = limited({"configure": "^$", "write": "^$", "read": rights("dispatch")["read"]})
    consumer = RabbitConsumer(url, name="c")
    await consumer.start(QUEUE, inbox, 10)

    await consumer.expect(EXPECTED)
    await rabbit.publisher().publish([Outgoing(EVENTS, OPENED, b"{}")])

    await eventually(lambda: inbox.holds(1))
    assert consumer.healthy()
    await consumer.close()
