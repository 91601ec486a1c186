"""A mirror is read once, however many ask for it at the same time, and read on, not anew."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from case_contracts.events.registry import DepartmentRegistered
from service_kit.events.mirrors import MOST_IDS, REMEMBERED, STAMPS, MirrorCache, ids_after

MIRROR = "mirror_department"


class FakeMirror:
    """A mirror and the stamps; counts the rows that are read."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.recent: list[dict[str, Any]] = []
        self.stamp = ""
        self.read: list[str] = []

    def __getitem__(self, name: str) -> "FakeMirror":
        return self

    async def find_one(self, query: Mapping[str, Any]) -> dict[str, Any]:
        assert query == {"_id": MIRROR}, STAMPS
        return {"_id": MIRROR, "stamp": self.stamp, "recent": self.recent}

    async def find(self, query: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        await asyncio.sleep(0)
        for key in query.get("_id", {}).get("$in", list(self.rows)):
            self.read.append(key)
            yield self.rows[key]

    def write(self, stamp: str, *keys: str, remembered: bool = True) -> None:
        for key in keys:
            data = {"department": key, "name": {"zh": stamp, "en": stamp}}
            self.rows[key] = {
                "_id": key, "sequence": 1, "type": DepartmentRegistered.SPEC.type, "data": data
            }  # fmt: skip
        self.stamp = stamp
        if remembered:
            ids = sorted(keys) if len(keys) <= MOST_IDS else None
            self.recent = [*self.recent, {"stamp": stamp, "ids": ids}][-REMEMBERED:]


def names(events: list[Any]) -> dict[str, str]:
    return {event.department: event.name.en for event in events}


@pytest.fixture
def mirror() -> FakeMirror:
    found = FakeMirror()
    found.write("1", "a", "b")
    return found


@pytest.fixture
def cache(mirror: FakeMirror) -> MirrorCache[dict[str, str]]:
    return MirrorCache(mirror, MIRROR, names)  # type: ignore[arg-type]  # a fake


Cache = MirrorCache[dict[str, str]]


async def test_many_who_ask_at_once_cause_one_read(mirror: FakeMirror, cache: Cache) -> None:
    values = await asyncio.gather(*(cache.get({MIRROR: "1"}) for _ in range(100)))
    assert values == [{"a": "1", "b": "1"}] * 100
    assert sorted(mirror.read) == ["a", "b"]


async def test_only_what_was_written_since_is_read(mirror: FakeMirror, cache: Cache) -> None:
    first = await cache.get({MIRROR: "1"})
    assert await cache.get({MIRROR: "1"}) is first
    mirror.write("2", "b")
    mirror.write("3", "c")
    mirror.read.clear()
    assert await cache.get({MIRROR: "3"}) == {"a": "1", "b": "2", "c": "3"}
    assert sorted(mirror.read) == ["b", "c"]


@pytest.mark.parametrize("why", ["many rows at once", "too long ago", "not by us"])
async def test_everything_is_read_where_that_is_not_known(
    mirror: FakeMirror, cache: Cache, why: str
) -> None:
    await cache.get({MIRROR: "1"})
    if why == "many rows at once":
        mirror.write("2", *(f"x{n}" for n in range(MOST_IDS + 1)))
    elif why == "too long ago":
        for n in range(2, REMEMBERED + 3):
            mirror.write(str(n), "b")
    else:
        mirror.write("2", "b", remembered=False)
    assert (await cache.get({MIRROR: mirror.stamp})) == names_of(mirror)


def names_of(mirror: FakeMirror) -> dict[str, str]:
    return {key: row["data"]["name"]["en"] for key, row in mirror.rows.items()}


async def test_two_replicas_writes_that_cross_are_both_read(
    mirror: FakeMirror, cache: Cache
) -> None:
    """The cache saw the later of two stamps first, and asks again for the earlier one."""
    await cache.get({MIRROR: "1"})
    mirror.write("2", "a")
    mirror.write("3", "b")
    assert await cache.get({MIRROR: "2"}) == {"a": "2", "b": "3"}
    assert await cache.get({MIRROR: "3"}) == {"a": "2", "b": "3"}


def test_what_is_after_a_stamp() -> None:
    recent = [{"stamp": "1", "ids": ["a"]}, {"stamp": "2", "ids": ["b", "a"]}]
    assert ids_after(recent, "1") == ["a", "b"]
    assert ids_after(recent, "2") == []
    assert ids_after(recent, "0") is None
    assert ids_after([*recent, {"stamp": "3", "ids": None}], "1") is None
