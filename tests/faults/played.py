"""Faults played inside this process, step by step, so that each strikes where it hurts.

A process that dies is a committer whose tasks end without finishing anything. Each function
returns the violations that are left when everybody has done what he can.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from case_bus.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from case_bus.port import Outgoing, PublishError
from case_bus.topology import base, events_queue, subscriber
from service_kit.events.held import Held
from service_kit.events.listener import Listener
from service_kit.events.recorder import Recorder
from service_kit.ids import derived
from service_kit.mongo import Database
from service_kit.store import takeover
from service_kit.store.codec import sealed
from service_kit.store.commits import Commits
from service_kit.verify import Verified, verify
from tests.faults.echo import SUBSCRIPTIONS, input_message
from tests.support import stored
from tests.support.counter import FOLLOW_UPS, Add, Clear, Counter
from tests.support.store_node import DISTRICT, SERVICE, FakePublisher, Node, die_at
from tests.support.twin import eventually

Patch = pytest.MonkeyPatch


async def redelivery(db: Database, _: Patch) -> list[str]:
    """An acknowledgement was lost: another replica gets the message once more."""
    first, second = await _started(db), await _started(db)
    await first.through(Add("a"), "cause-a")
    await second.through(Add("a"), "cause-a")
    return await _ended(db, first, second)


async def redelivery_of_fresh(db: Database, _: Patch) -> list[str]:
    """The same of work whose first commit is filed under its id alone."""
    first, second = await _started(db), await _started(db)
    for node in (first, second):
        await node.committer.through(node.work(Add("a"), "cause-a", fresh=True))
    return await _ended(db, first, second)


async def overtaking(db: Database, _: Patch) -> list[str]:
    """The broker is slow to confirm one event and quick with the next, which is noted; then the
    process dies."""
    first = await _started(db, _SlowPublisher())
    await first.submit(Add("slow"), "cause-slow", "1")
    quick = asyncio.ensure_future(first.through(Add("quick"), "cause-quick", "2"))
    await asyncio.wait([quick], timeout=0.5)
    await _within(0.5, lambda: first.committer.writer.sent > 0)
    await first.die()
    quick.cancel()
    heir = await _started(db)
    await _take_over(heir, lambda: "slow" in heir.publisher.inputs)
    return await _ended(db, first, heir)


async def late_effect(db: Database, _: Patch) -> list[str]:
    """A message found the counter full and changed nothing; it comes again when there is room."""
    node = await _started(db)
    await node.through(Add("a"), "cause-a")
    answered = await node.through(Add("b", limit=1), "cause-b")
    await node.through(Clear(), "cause-c")
    await node.through(Add("b", limit=1), "cause-b")
    known = await node.committer.commits.by_cause("registry.count", "cause-b")
    found = await _ended(db, node)
    if known is None:
        found.append("I1: cause-b was answered and has no commit")
    elif known.events != answered.events:
        found.append("I2: cause-b had an effect that it was told it had not")
    return found


async def death_while_handling(db: Database, patch: Patch) -> list[str]:
    """A message was delivered, and its process dies before anything has come of it."""
    broker = MemoryBroker(base() + subscriber(SERVICE, SUBSCRIPTIONS.types))
    first, first_consumer = await _listening(db, broker)
    with patch.context() as dying:
        die_at(dying, "before_commit")
        await MemoryPublisher(broker).publish([input_message("a")])
        await eventually(lambda: first.committer._tasks[0].done())
    await first_consumer.pause()  # its connection ends with it
    await first.die()
    heir, consumer = await _listening(db, broker)
    await _within(1.0, lambda: heir.publisher.inputs == ["a"])
    await consumer.pause()
    lost = [] if heir.publisher.inputs == ["a"] else ["I1: input a was lost"]
    return await _ended(db, first, heir) + lost


async def awakening(db: Database, patch: Patch) -> list[str]:
    """A process is frozen, taken over, and all sweeps after it are over; it wakes up, takes one
    more input, and dies before it has published it."""
    _few_sweeps(patch)
    sleeper, heir = await _started(db), await _started(db)
    await sleeper.through(Add("a"), "cause-a", "1")
    sleeper.committer._tasks[1].cancel()  # while it is frozen it renews nothing
    await _take_over(heir, lambda: _closed(db, sleeper))
    with patch.context() as dying:
        die_at(dying, "before_publish")
        asyncio.ensure_future(sleeper.submit(Add("b"), "cause-b", "2"))  # noqa: RUF006
        await eventually(lambda: sleeper.committer._tasks[0].done())
    await sleeper.die()
    await _take_over(heir, lambda: "b" in heir.publisher.inputs)
    return await _ended(db, sleeper, heir)


async def late_landing(db: Database, patch: Patch) -> list[str]:
    """A process dies with an insert under way, which lands after the take-over."""
    dying_one, heir = await _started(db), await _started(db)
    with patch.context() as dying:
        die_at(dying, "after_commit")
        asyncio.ensure_future(dying_one.submit(Add("a"), "cause-a", "1"))  # noqa: RUF006
        await eventually(lambda: dying_one.committer._tasks[0].done())
    await dying_one.die()
    await _take_over(heir, lambda: heir.publisher.inputs == ["a"])
    await _land(db, dying_one, "late")
    await _take_over(heir, lambda: "late" in heir.publisher.inputs)
    return await _ended(db, dying_one, heir)


async def half_done(db: Database, patch: Patch) -> list[str]:
    """The place of what follows an input was taken, and the process dies before it has decided it
    again."""
    heir, dying_one = await _started(db), await _started(db)
    await heir.through(Add("first"), "cause-1", "b")
    with patch.context() as dying_here:
        die_at(dying_here, "after_commit")
        asyncio.ensure_future(dying_one.submit(Add("/b"), "cause-a"))  # noqa: RUF006
        await eventually(lambda: dying_one.committer._tasks[0].done())
    await dying_one.die()
    await _take_over(heir, lambda: "end" in heir.publisher.inputs)
    return await _ended(db, dying_one, heir)


async def race(db: Database, patch: Patch) -> list[str]:
    """Two processes decide on the same state of the same thing."""
    first, second = await _started(db), await _started(db)
    load, decided = first.committer.views.load, asyncio.Event()

    async def load_and_wait(*arguments: Any) -> Any:
        found = await load(*arguments)
        if not decided.is_set():
            decided.set()
            await second.through(Add("b"), "cause-b")
        return found

    with patch.context() as slow:
        slow.setattr(first.committer.views, "load", load_and_wait)
        await first.through(Add("a"), "cause-a")
    return await _ended(db, first, second)


async def asked_twice(db: Database, _: Patch) -> list[str]:
    """What follows an input, and the same work as somebody else asks for it of another thing, come
    to one batch."""
    node = await _started(db)
    event = derived(SERVICE, "counter:1", "1", "cause-a", "0")
    same = replace(node.work(Add("x"), event, "c"), handler="registry.follow")
    await asyncio.gather(
        node.committer.through(node.work(Add("/b-"), "cause-a")), node.committer.through(same)
    )
    return await _ended(db, node)


async def place_taken(db: Database, _: Patch) -> list[str]:
    """An input was decided on a state that another process has changed, with what follows it."""
    first, second = await _started(db), await _started(db)
    await first.through(Add("a"), "cause-a")
    await second.committer.through(second.work(Add("/b"), "cause-b", fresh=True))
    return await _ended(db, first, second)


class _SlowPublisher(FakePublisher):
    """Never gets the confirm of the event ``slow``."""

    async def publish(self, messages: Sequence[Outgoing]) -> list[PublishError | None]:
        if any(b'"posting":"slow"' in message.body for message in messages):
            await asyncio.Event().wait()
        return await super().publish(messages)


async def _started(db: Database, publisher: FakePublisher | None = None) -> Node:
    node = Node(db, publisher)
    await node.committer.start()
    return node


async def _listening(db: Database, broker: MemoryBroker) -> tuple[Node, MemoryConsumer]:
    node, consumer = await _started(db), MemoryConsumer(broker)
    held = Held(db, SERVICE)
    listener = Listener(consumer, node.committer, Recorder(db), held, SUBSCRIPTIONS)
    await consumer.start(events_queue(SERVICE), listener.on_delivery)
    return node, consumer


async def _ended(db: Database, *nodes: Node) -> list[str]:
    """What verification finds, and every event that was committed and never published."""
    for node in nodes:
        await node.die()
    service = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS)
    report = await verify([service], district=DISTRICT, settle_seconds=0)
    found = [f"{v.invariant}: {v.what}" for v in report.violations]
    published = {envelope["id"] for node in nodes for envelope in node.publisher.published}
    commits = await stored.all_commits(db)
    silent = [c for c in commits if not {event["id"] for event in c["events"]} <= published]
    return found + [f"I1: {commit['_id']} was never published" for commit in silent]


async def _take_over(node: Node, done: Callable[[], Any]) -> None:
    """Let the caretaker look for two seconds: what it has not found by then it never finds."""

    async def look() -> bool:
        await node.caretaker.look()
        found = done()
        return bool(await found if asyncio.iscoroutine(found) else found)

    await _within(2.0, look)


async def _within(seconds: float, probe: Callable[[], Any]) -> None:
    try:
        await eventually(probe, seconds)
    except AssertionError:
        return  # that it never came true is for the caller to see in the violations


def _few_sweeps(patch: Patch) -> None:
    patch.setattr(takeover, "MINUTE_SWEEPS", 1)
    patch.setattr(takeover, "DAY_SWEEPS", 0)


async def _closed(db: Database, node: Node) -> bool:
    found = await db["writers"].find_one({"_id": node.committer.writer.id})
    return found is not None and found["phase"] == "closed"


async def _land(db: Database, dead: Node, text: str) -> None:
    commits = Commits(db)
    [first] = await commits.of_writer(dead.committer.writer.id, 1, 1)
    data = {**first.events[0].data, "posting": text}
    event = replace(first.events[0], id=f"event-{text}", data=data)
    late = replace(
        first, aggregate=f"counter:{text}", cause_id=f"cause-{text}", events=(event,), batch=2
    )
    assert await commits.insert([sealed(late).document])
