"""What happens to a message between its delivery and its acknowledgement."""

import asyncio

from case_bus.port import Delivery, Outgoing
from case_bus.topology import (
    EVENTS,
    Queue,
    Topology,
    base,
    events_queue,
    parked_queue,
    subscriber,
)
from tests.conformance.bus.harness import Bus, Inbox
from tests.support.twin import eventually

OPENED = "intake.case.opened.v1"
QUEUE = events_queue("dispatch")
TOPOLOGY = base() + subscriber("dispatch", ["case.opened.v1"])


async def _publish(bus: Bus, *bodies: bytes) -> None:
    for body in bodies:  # one after the other: what is in flight together has no order
        assert await bus.publisher().publish([Outgoing(EVENTS, OPENED, body)]) == [None]


async def test_an_acknowledged_message_is_gone(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox, consumer = Inbox(), bus.consumer()
    await consumer.start(QUEUE, inbox, 10)
    await _publish(bus, b"1")
    await eventually(lambda: inbox.holds(1))

    await consumer.close()
    again = Inbox()
    await bus.consumer().start(QUEUE, again, 10)
    await _publish(bus, b"2")

    await eventually(lambda: again.holds(1))
    assert again.bodies == [b"2"]


async def test_a_message_given_back_comes_again_and_is_counted(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    attempts: list[int] = []

    async def third_time_lucky(delivery: Delivery) -> None:
        attempts.append(delivery.attempts)
        await (delivery.ack() if len(attempts) == 3 else delivery.nack())

    await bus.consumer().start(QUEUE, third_time_lucky, 10)
    await _publish(bus, b"1")

    await eventually(lambda: len(attempts) == 3)
    assert attempts == [0, 1, 2]


async def test_an_unanswered_message_goes_to_the_next_consumer(bus: Bus) -> None:
    """A lost acknowledgement is a redelivery: whoever handles must recognise it."""
    await bus.declare(TOPOLOGY)
    silent, consumer = Inbox(acknowledge=False), bus.consumer()
    await consumer.start(QUEUE, silent, 10)
    await _publish(bus, b"1", b"2", b"3")
    await eventually(lambda: silent.holds(3))
    await consumer.close()

    inbox = Inbox()
    await bus.consumer().start(QUEUE, inbox, 10)

    await eventually(lambda: inbox.holds(3))
    assert inbox.bodies == [b"1", b"2", b"3"]
    assert all(delivery.attempts >= 1 for delivery in inbox.deliveries)


async def test_while_paused_nothing_comes_and_afterwards_everything(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox, consumer = Inbox(acknowledge=False), bus.consumer()
    await consumer.start(QUEUE, inbox, 10)
    await _publish(bus, b"1")
    await eventually(lambda: inbox.holds(1))

    await consumer.pause()
    await _publish(bus, b"2")
    await eventually(lambda: _ready(bus, 2))
    assert inbox.bodies == [b"1"]
    await consumer.resume()

    await eventually(lambda: inbox.holds(3))
    assert sorted(inbox.bodies) == [b"1", b"1", b"2"]
    assert consumer.healthy()


async def test_acknowledging_what_was_given_back_harms_nothing(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox, consumer = Inbox(acknowledge=False), bus.consumer()
    await consumer.start(QUEUE, inbox, 10)
    await _publish(bus, b"1")
    await eventually(lambda: inbox.holds(1))
    await consumer.pause()

    await inbox.deliveries[0].ack()
    await consumer.resume()

    await eventually(lambda: inbox.holds(2))
    assert inbox.bodies == [b"1", b"1"]


async def test_over_its_limit_a_message_is_parked_and_its_neighbours_are_not(bus: Bus) -> None:
    limited = {"x-delivery-limit": 2}
    queues = tuple(
        Queue(q.name, {**q.arguments, **limited}) if q.name == QUEUE else q for q in TOPOLOGY.queues
    )
    await bus.declare(Topology(TOPOLOGY.exchanges, queues, TOPOLOGY.bindings))
    handled: list[bytes] = []

    async def never_the_poison(delivery: Delivery) -> None:
        if delivery.body == b"poison":
            await delivery.nack()
            return
        handled.append(delivery.body)
        await delivery.ack()

    parked, consumer = Inbox(), bus.consumer()
    await consumer.start(QUEUE, never_the_poison, 10)
    await consumer.start(parked_queue(QUEUE), parked, 10)
    await _publish(bus, b"1", b"poison", b"2")

    await eventually(lambda: parked.holds(1) and len(handled) == 2)
    assert parked.bodies == [b"poison"]
    assert sorted(handled) == [b"1", b"2"]


async def test_no_more_than_prefetch_are_open_at_once(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox = Inbox(acknowledge=False)
    await bus.consumer().start(QUEUE, inbox, 3)
    await _publish(bus, *(b"%d" % i for i in range(5)))

    await eventually(lambda: inbox.holds(3) and _ready(bus, 2))
    assert len(inbox.deliveries) == 3
    await inbox.deliveries[0].ack()

    await eventually(lambda: inbox.holds(4))


async def test_closing_waits_for_handlers_that_have_begun(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    begun, may_end = asyncio.Event(), asyncio.Event()
    ended: list[bytes] = []

    async def slow(delivery: Delivery) -> None:
        begun.set()
        await may_end.wait()
        await delivery.ack()
        ended.append(delivery.body)

    consumer = bus.consumer()
    await consumer.start(QUEUE, slow, 10)
    await _publish(bus, b"1")
    await begun.wait()
    closing = asyncio.create_task(consumer.close())
    may_end.set()
    await closing

    assert ended == [b"1"]
    assert await bus.depth(QUEUE) == 0


async def _ready(bus: Bus, count: int) -> bool:
    return await bus.depth(QUEUE) == count
