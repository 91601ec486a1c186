"""A publish of many messages: each has its own outcome, however they are written."""

from case_bus.port import Outgoing
from case_bus.topology import EVENTS, PARKED, base, events_queue, subscriber
from tests.conformance.bus.harness import Bus, Inbox
from tests.support.twin import eventually

OPENED = "intake.case.opened.v1"
QUEUE = events_queue("dispatch")
TOPOLOGY = base() + subscriber("dispatch", ["case.opened.v1"])
LARGER_THAN_A_FRAME = b"x" * 300_000


async def test_each_of_many_is_told_and_those_that_arrive_are_whole_and_in_order(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    inbox = Inbox()
    await bus.consumer().start(QUEUE, inbox, 500)
    messages = [
        Outgoing(PARKED, "nowhere", b"%d" % n) if n % 3 == 0
        else Outgoing(EVENTS, OPENED, b"%d " % n + (LARGER_THAN_A_FRAME if n % 50 == 1 else b""))
        for n in range(201)
    ]  # fmt: skip

    outcomes = await bus.publisher().publish(messages)

    refused = [n for n, outcome in enumerate(outcomes) if outcome is not None]
    assert refused == list(range(0, 201, 3))
    assert all(e.final and e.message is messages[n] for n, e in enumerate(outcomes) if e)
    await eventually(lambda: inbox.holds(134))
    assert [each.body for each in inbox.deliveries] == [
        m.body for n, m in enumerate(messages) if n % 3
    ]


async def test_an_empty_body_and_no_message_at_all(bus: Bus) -> None:
    await bus.declare(TOPOLOGY)
    publisher = bus.publisher()

    assert await publisher.publish([]) == []
    assert await publisher.publish([Outgoing(EVENTS, OPENED, b"")]) == [None]

    await eventually(lambda: _depth(bus, 1))


async def _depth(bus: Bus, depth: int) -> bool:
    return await bus.depth(QUEUE) == depth
