"""Views are folded anew in place, while the service runs."""

import asyncio
from collections.abc import Mapping
from typing import Any

from service_kit.mongo import Database
from service_kit.store.rebuild import rebuild
from service_kit.verify import Verified, verify
from tests.support.counter import Add, Counted, Counter
from tests.support.store_node import DISTRICT, SERVICE, node


class NewCounter(Counter):
    """The next version of the service: its views have another field."""

    schema = 2

    def fields(self, state: Counted) -> Mapping[str, Any]:
        return {"last": state.inputs[-1] if state.inputs else None}


async def test_under_a_higher_schema_every_view_is_folded_anew(db: Database) -> None:
    async with node(db) as one:
        for n in range(12):
            await one.submit(Add(f"i{n}"), f"cause-{n}", f"{n % 3}")
    await db["view_counter"].insert_one({"_id": "counter:orphan", "rank": 1, "schema": 1})

    counts = await rebuild(db, [NewCounter()])

    assert counts == {"counter": 3}
    views = await db["view_counter"].find({}).to_list(None)
    assert {v["_id"]: (v["schema"], v["version"], v["last"]) for v in views} == {
        "counter:0": (2, 4, "i9"),
        "counter:1": (2, 4, "i10"),
        "counter:2": (2, 4, "i11"),
    }


async def test_the_service_goes_on_writing_meanwhile(db: Database) -> None:
    async with node(db) as one:
        one.committer.aggregates = {"counter": NewCounter()}
        await asyncio.gather(*(one.submit(Add(f"i{n}"), f"c{n}", f"{n % 40}") for n in range(80)))
        writing = [one.submit(Add(f"j{n}"), f"d{n}", f"{n % 40}") for n in range(80)]

        await asyncio.gather(rebuild(db, [NewCounter()]), *writing)

    report = await verify([Verified(SERVICE, db, [NewCounter()])], district=DISTRICT)
    assert report.violations == []
    assert report.counts["states"] == 40


async def test_a_damaged_view_of_the_same_version_is_repaired_on_request(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Add("a"), "cause-a")
    await db["view_counter"].update_one({"_id": "counter:1"}, {"$set": {"state.inputs": ["x"]}})

    await rebuild(db, [Counter()])
    assert await one.inputs() == ["x"]
    await rebuild(db, [Counter()], repair=True)

    assert await one.inputs() == ["a"]
