"""A mirror is read once, however many ask for it at the same time."""

import asyncio
from typing import Any

from case_contracts.events.registry import DistrictPublished
from service_kit.events.mirrors import MirrorCache


class CountedReads:
    """A database whose one collection counts how often it is read."""

    def __init__(self) -> None:
        self.reads = 0

    def __getitem__(self, _: str) -> "CountedReads":
        return self

    async def find(self, _: dict[str, Any]) -> Any:
        self.reads += 1
        await asyncio.sleep(0)
        yield {
            "sequence": 1,
            "type": DistrictPublished.SPEC.type,
            "data": DistrictPublished.EXAMPLE,
        }


def cache_of(database: CountedReads) -> MirrorCache[int]:
    return MirrorCache(database, "mirror_district", len)  # type: ignore[arg-type]  # a fake


async def test_many_who_ask_at_once_cause_one_read() -> None:
    database = CountedReads()
    cache = cache_of(database)
    values = await asyncio.gather(*(cache.get({"mirror_district": "1"}) for _ in range(100)))
    assert values == [1] * 100
    assert database.reads == 1


async def test_a_changed_stamp_is_read_anew_and_an_unchanged_one_is_not() -> None:
    database = CountedReads()
    cache = cache_of(database)
    for stamp in ("1", "1", "2", "2"):
        await cache.get({"mirror_district": stamp})
    assert database.reads == 2
