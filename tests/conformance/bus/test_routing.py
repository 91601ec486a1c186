"""Where messages go, and what the publisher is told."""

import asyncio

import pytest

from case_bus.port import Outgoing
from case_bus.topology import (
    EVENTS,
    PARKED,
    Binding,
    Exchange,
    Queue,
    Topology,
    base,
    event_bindings,
    events_queue,
    subscriber,
    working_queue,
)
from tests.conformance.bus.harness import Bus, Inbox
from tests.support.twin import eventually

OPENED = "intake.case.opened.v1"
QUEUE = events_queue("dispatch")
TOPOLOGY = base() + subscriber("dispatch", ["case.opened.v1", "whistle.blown.v1"])


async def test_an_event_reaches_the_queue_that_is_bound_to_it(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox = Inbox()
    await bus.consumer().start(QUEUE, inbox, 10)

    outcomes = await bus.publisher().publish(
        [Outgoing(EVENTS, OPENED, b"{}", {"traceparent": "00-1-2-01"})]
    )

    assert outcomes == [None]
    await eventually(lambda: inbox.holds(1))
    delivery = inbox.deliveries[0]
    assert (delivery.queue, delivery.key, delivery.body) == (QUEUE, OPENED, b"{}")
    assert delivery.headers["traceparent"] == "00-1-2-01"
    assert delivery.attempts == 0


async def test_what_nobody_listens_to_goes_to_the_alternate_exchange(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)

    outcomes = await bus.publisher().publish([Outgoing(EVENTS, "joint.unit.joined.v1", b"{}")])

    assert outcomes == [None]
    await eventually(lambda: _has(bus, "unrouted", 1))
    assert await bus.depth(QUEUE) == 0


async def test_without_an_alternate_it_is_a_final_error(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)

    [error] = await bus.publisher().publish([Outgoing(PARKED, "nowhere", b"{}")])

    assert error is not None
    assert error.final
    assert error.message.key == "nowhere"


async def test_outcomes_come_in_the_order_of_the_messages(bus: Bus) -> None:
    """Two in flight, of which one cannot be routed: they must not swap outcomes."""
    await bus.declare(TOPOLOGY)
    lost = Outgoing(PARKED, "nowhere", b"lost")
    fine = Outgoing(EVENTS, OPENED, b"fine")

    outcomes = await bus.publisher().publish([lost, fine] * 20)

    assert [error is not None for error in outcomes] == [True, False] * 20
    assert all(error is None or error.message is lost for error in outcomes)
    await eventually(lambda: _has(bus, QUEUE, 20))


async def test_publishes_of_two_tasks_do_not_mix(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    publisher = bus.publisher()

    lost, fine = await asyncio.gather(
        publisher.publish([Outgoing(PARKED, "nowhere", b"%d" % i) for i in range(20)]),
        publisher.publish([Outgoing(EVENTS, OPENED, b"%d" % i) for i in range(20)]),
    )

    assert all(error is not None and error.final for error in lost)
    assert fine == [None] * 20


async def test_a_full_queue_refuses_and_the_others_have_the_message(bus: Bus) -> None:
    """Hence duplicates: the publisher tries again, and who was not full has it twice."""
    small = Queue("small.v1", {**working_queue("small.v1").arguments, "x-max-length": 2})
    await bus.declare(
        TOPOLOGY + Topology(queues=(small,), bindings=(Binding(EVENTS, "small.v1", OPENED),))
    )
    publisher = bus.publisher()

    async def refused() -> bool:
        [error] = await publisher.publish([Outgoing(EVENTS, OPENED, b"{}")])
        assert error is None or not error.final
        return error is not None

    await eventually(refused)
    full = await bus.depth("small.v1")
    await eventually(lambda: _has(bus, QUEUE, full + 1))


@pytest.mark.parametrize(
    ("pattern", "key", "arrives"),
    [
        ("intake.#", "intake.case.opened.v1", True),
        ("intake.#", "intake", True),
        ("#.v1", "v1", True),
        ("*.case.opened.*", "intake.case.opened.v1", True),
        ("intake.*", "intake.case.opened", False),
        ("*.case", "case", False),
        ("intake.case", "intakeXcase", False),
    ],
)
async def test_patterns(bus: Bus, pattern: str, key: str, arrives: bool) -> None:
    exchange, queue = Exchange("words", "topic"), Queue("q.v1", {"x-queue-type": "quorum"})
    await bus.declare(Topology((exchange,), (queue,), (Binding("words", "q.v1", pattern),)))

    [error] = await bus.publisher().publish([Outgoing("words", key, b"{}")])

    assert (error is None) is arrives


async def test_a_lost_binding_is_restored_by_whoever_expects_it(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox, consumer = Inbox(), bus.consumer()
    await consumer.start(QUEUE, inbox, 10)
    expected = event_bindings("dispatch", ["case.opened.v1", "whistle.blown.v1"])
    lost = next(b for b in expected if b.key == OPENED)
    await bus.unbind(lost)

    await consumer.expect(expected)
    await bus.publisher().publish([Outgoing(EVENTS, OPENED, b"{}")])

    await eventually(lambda: inbox.holds(1))


async def test_the_sender_that_the_broker_vouches_for_is_seen(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox = Inbox()
    await bus.consumer().start(QUEUE, inbox, 10)

    await bus.publisher(bus.user).publish([Outgoing(EVENTS, OPENED, b"signed")])
    await bus.publisher().publish([Outgoing(EVENTS, OPENED, b"plain")])

    await eventually(lambda: inbox.holds(2))
    assert {d.body: d.user for d in inbox.deliveries} == {b"signed": bus.user, b"plain": None}


async def test_an_unknown_exchange_is_an_error_and_the_next_publish_works(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    publisher = bus.publisher()

    [error] = await publisher.publish([Outgoing("no.such.exchange", OPENED, b"{}")])
    assert error is not None
    assert not error.final

    async def published() -> bool:
        return await publisher.publish([Outgoing(EVENTS, OPENED, b"{}")]) == [None]

    await eventually(published)


async def _has(bus: Bus, queue: str, count: int) -> bool:
    return await bus.depth(queue) == count
