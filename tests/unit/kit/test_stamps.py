"""Stamps are read once in a moment; a write of one's own is seen at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from service_kit.events.mirrors import Stamps


class FakeStamps:
    """The stamps' collection; counts how often it is read."""

    def __init__(self) -> None:
        self.stamp, self.reads, self.asked = "1", 0, asyncio.Event()
        self.pause: asyncio.Event | None = None

    def __getitem__(self, name: str) -> "FakeStamps":
        return self

    async def find(self, *_: Any) -> AsyncIterator[dict[str, str]]:
        self.reads += 1
        self.asked.set()
        found = self.stamp
        if self.pause is not None:
            await self.pause.wait()
        yield {"_id": "mirror_grid", "stamp": found}


def stamps_of(database: FakeStamps, seconds: float = 60) -> Stamps:
    return Stamps(database, seconds)  # type: ignore[arg-type]  # a fake


async def test_one_read_is_good_for_a_moment() -> None:
    database = FakeStamps()
    stamps = stamps_of(database)
    assert await stamps.recent() == await stamps.recent() == {"mirror_grid": "1"}
    assert database.reads == 1


async def test_older_than_that_it_is_read_again() -> None:
    database = FakeStamps()
    stamps = stamps_of(database, seconds=-1)
    await stamps.recent()
    database.stamp = "2"
    assert await stamps.recent() == {"mirror_grid": "2"}


async def test_a_write_of_ones_own_is_seen_at_once() -> None:
    database = FakeStamps()
    stamps = stamps_of(database)
    await stamps.recent()
    database.stamp = "2"
    stamps.forget()
    assert await stamps.recent() == {"mirror_grid": "2"}


async def test_now_is_what_stands_and_counts_as_recent() -> None:
    database = FakeStamps()
    stamps = stamps_of(database)
    await stamps.recent()
    database.stamp = "2"
    assert await stamps.now() == await stamps.recent() == {"mirror_grid": "2"}


async def test_a_write_while_they_are_read_is_not_missed() -> None:
    database = FakeStamps()
    database.pause = asyncio.Event()
    stamps = stamps_of(database)
    reading = asyncio.create_task(stamps.recent())
    await database.asked.wait()
    database.stamp = "2"
    stamps.forget()
    database.pause.set()
    await reading
    assert await stamps.recent() == {"mirror_grid": "2"}
