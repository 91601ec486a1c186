"""What can be seen from outside, and when: dispatch's charters, inboxes by AMQP and by HTTP."""

import asyncio
import contextlib
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from case_bus.port import Delivery
from case_bus.rabbit_consumer import RabbitConsumer
from service_kit.events.mirrors import STAMPS
from tests.flow.rights.house import House
from tests.integration.gateway.vhosts import DEPARTMENTS

LOOK_SECONDS = 0.015
PATIENCE_SECONDS = 20.0
TaskKey = tuple[str, str, int]
"""Kind of the item, task, assignment."""


class Applied:
    """When dispatch had stored a grant or revocation, seen some milliseconds later."""

    def __init__(self, house: House) -> None:
        self._stamps = house.dispatch[STAMPS]
        self.at: dict[str, float] = {}
        self._known: set[str] = set()
        self._news = asyncio.Condition()

    async def watch(self) -> None:
        while True:
            found = await self._stamps.find_one({"_id": "mirror_charter"})
            now = time.time()
            fresh = [w for w in (found or {}).get("recent", ()) if w["stamp"] not in self._known]
            if fresh:
                self._known |= {write["stamp"] for write in fresh}
                async with self._news:
                    for write in fresh:
                        self.at |= {each: now for each in write["ids"] or () if each not in self.at}
                    self._news.notify_all()
            await asyncio.sleep(LOOK_SECONDS)

    async def wait(self, event: str, charter: str, version: int) -> float:
        """The time at which ``charter.<event>`` of this version was seen to be applied."""
        key = f"charter.{event}.v1|{charter}|{version}"
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: key in self.at)
        return self.at[key]


@dataclass
class Ear:
    """What one way of hearing has brought: items by task, with the time of each."""

    items: dict[TaskKey, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    assigned: dict[str, dict[str, Any]] = field(default_factory=dict)
    _news: dict[TaskKey | str, asyncio.Event] = field(
        default_factory=lambda: defaultdict(asyncio.Event)
    )

    def hear(self, item: dict[str, Any]) -> None:
        if item["kind"] == "command.answered":
            self.answers.setdefault(item["command"], item)
            return
        key = (item["kind"], item["taskid"], item["assignment"])
        self.items.setdefault(key, (time.time(), item))
        self._news[key].set()
        if item["kind"] == "task.assigned":
            self.assigned.setdefault(item["case"], item)
            self._news[item["case"]].set()

    async def when(self, kind: str, item: dict[str, Any]) -> float:
        """The time at which this was heard of the item's task."""
        key = (kind, item["taskid"], item["assignment"])
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._news[key].wait()
        return self.items[key][0]

    async def task_of(self, case: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._news[case].wait()
        return self.assigned[case]


class Seen:
    """Everything together, while the ``async with`` block lasts."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.applied = Applied(house)
        self.inbox = {each: Ear() for each in DEPARTMENTS}
        self.feed = {each: Ear() for each in DEPARTMENTS}
        self._consumers = [
            RabbitConsumer(house.departments.as_department(each), name="test")
            for each in DEPARTMENTS
        ]
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Seen":
        for department, consumer in zip(DEPARTMENTS, self._consumers, strict=True):
            await consumer.start("inbox", _into(self.inbox[department]), 64)
        loops = [self.applied.watch(), *map(self._poll, DEPARTMENTS)]
        self._tasks = [asyncio.create_task(loop) for loop in loops]
        return self

    async def __aexit__(self, *_: object) -> None:
        failed = [t.exception() for t in self._tasks if t.done() and not t.cancelled()]
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(BaseException):
                await task
        for consumer in self._consumers:
            await consumer.close()
        assert failed == []

    async def hidden(self, department: str, item: dict[str, Any]) -> float:
        """When the item, asked for by its cursor, shows nothing of the task any longer."""
        while True:
            [found] = await self._house.inbox(department, item["cursor"] - 1, limit=1) or [item]
            if found["kind"] != "task.assigned":
                assert "matter" not in found, "a withdrawn task still says what it was"
                return time.time()
            await asyncio.sleep(0.02)

    async def shut(self, department: str, item: dict[str, Any]) -> float:
        """When the link to the task's photo opens nothing any longer."""
        while True:
            status = await self._house.evidence(department, link(item))
            if status != 200:
                assert status == 404, f"a closed link answers {status}"
                return time.time()
            await asyncio.sleep(0.02)

    async def _poll(self, department: str) -> None:
        """The department's log as a feed: from a cursor, waiting for what comes."""
        after = 0
        while True:
            items = await self._house.inbox(department, after, wait=10)
            for item in items:
                self.feed[department].hear(item)
            after = items[-1]["cursor"] if items else after


def link(item: dict[str, Any]) -> str:
    """Where the photo of an item's task opens."""
    [photo] = item["attachments"]
    return str(photo["url"])


def _into(ear: Ear) -> Any:
    async def on_delivery(delivery: Delivery) -> None:
        ear.hear(json.loads(delivery.body))
        await delivery.ack()

    return on_delivery
