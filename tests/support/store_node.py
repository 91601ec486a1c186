"""A committer with its caretaker in this process, and ways to make it die."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from case_bus.port import Outgoing, PublishError
from service_kit.mongo import Database
from service_kit.store import batch, marking, takeover
from service_kit.store.committer import Committer
from service_kit.store.model import Actor, Foresee, Outcome, Work
from service_kit.store.outbox import Outbox
from service_kit.store.takeover import Caretaker
from tests.support.counter import FOLLOW_UPS, KEPT, Counter

DISTRICT, SERVICE = "lanhe", "registry"
LAPSE = 0.6


class Killed(BaseException):
    """What a task raises that is to die where it stands."""


class FakePublisher:
    """Remembers what was published; ``verdict`` says what becomes of a message."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.verdict: Callable[[Outgoing], PublishError | None] = lambda _: None
        self.open = asyncio.Event()
        self.open.set()

    async def publish(self, messages: Sequence[Outgoing]) -> list[PublishError | None]:
        await self.open.wait()
        outcomes = [self.verdict(message) for message in messages]
        pairs = zip(messages, outcomes, strict=True)
        self.published += [orjson.loads(m.body) for m, outcome in pairs if outcome is None]
        return outcomes

    async def close(self) -> None:
        return None

    @property
    def inputs(self) -> list[str]:
        return [envelope["data"]["posting"] for envelope in self.published]


class Node:
    """One process's worth of the store."""

    def __init__(
        self,
        database: Database,
        publisher: FakePublisher | None = None,
        counter: Counter | None = None,
        foresee: Foresee | None = None,
    ) -> None:
        self.database, self.publisher = database, publisher or FakePublisher()
        outbox = Outbox(self.publisher, database, district=DISTRICT, service=SERVICE)
        self.committer = Committer(
            database, outbox, [counter or Counter()], _no_world, service=SERVICE,
            lapse_seconds=LAPSE, follow_ups=FOLLOW_UPS, kept=KEPT, foresee=foresee,
        )  # fmt: skip
        self.caretaker = Caretaker(
            database, outbox, self.committer.aggregates, self.committer.complete,
            lapse_seconds=LAPSE, sweep_seconds=0.1,
        )  # fmt: skip

    async def submit(self, command: Any, cause: str, key: str = "1", **more: Any) -> Outcome:
        return await self.committer.submit(self.work(command, cause, key, **more))

    async def through(self, command: Any, cause: str, key: str = "1", **more: Any) -> Outcome:
        return await self.committer.through(self.work(command, cause, key, **more))

    @staticmethod
    def work(command: Any, cause: str, key: str = "1", **more: Any) -> Work:
        return Work(f"counter:{key}", "registry.count", cause, command, Actor("test"), **more)

    async def die(self) -> None:
        """As a kill does: nothing is finished, nothing closed."""
        for task in self.committer._tasks:
            task.cancel()
        await asyncio.gather(*self.committer._tasks, return_exceptions=True)

    async def look_until(self, done: Callable[[], bool]) -> None:
        """Let the caretaker look until it has done its work."""
        until = asyncio.get_running_loop().time() + 15
        while not done():
            await self.caretaker.look()
            await asyncio.sleep(0.05)
            assert asyncio.get_running_loop().time() < until, "the caretaker did not act"

    async def view(self, key: str = "1") -> dict[str, Any]:
        found = await self.database["view_counter"].find_one({"_id": f"counter:{key}"})
        assert found is not None
        return found

    async def inputs(self, key: str = "1") -> list[str]:
        return list((await self.view(key))["state"]["inputs"])


async def _no_world() -> None:
    return None


@asynccontextmanager
async def node(
    database: Database, counter: Counter | None = None, foresee: Foresee | None = None
) -> AsyncIterator[Node]:
    started = Node(database, counter=counter, foresee=foresee)
    await started.committer.start()
    try:
        yield started
    finally:
        await started.die()


def die_at(monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """Whichever task reaches the named point ends there."""

    def reach(name: str) -> None:
        if name == point:
            raise Killed(point)

    monkeypatch.setattr(batch, "reach", reach)
    monkeypatch.setattr(marking, "reach", reach)
    monkeypatch.setattr(takeover, "reach", reach)
