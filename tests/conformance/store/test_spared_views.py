"""First views that nothing is looked up by are not stored, and nobody misses them."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from service_kit.mongo import Database, Document
from service_kit.store.model import SparesFirstView
from service_kit.store.rebuild import rebuild
from service_kit.store.views import Views
from service_kit.verify import Verified, verify
from tests.support import stored
from tests.support.counter import Add, Counted, Counter
from tests.support.store_node import DISTRICT, SERVICE, Node, die_at, node
from tests.support.twin import eventually

LOUD = "loud"


class Spared(Counter, SparesFirstView):
    """Looked up only where its last input was loud."""

    def fields(self, state: Counted) -> Mapping[str, Any]:
        return {"loud": True} if state.inputs[-1:] == (LOUD,) else {}


SPARED = Spared()


async def _stored(db: Database) -> dict[str, int]:
    return {d["_id"]: d["version"] async for d in db["view_counter"].find({})}


async def _inputs(db: Database, *keys: str) -> dict[str, tuple[str, ...]]:
    found = await Views(db).states(SPARED, [f"counter:{key}" for key in keys])
    return {name.removeprefix("counter:"): state.inputs for name, state in found.items()}


async def _violations(db: Database) -> list[str]:
    report = await verify([Verified(SERVICE, db, [SPARED])], district=DISTRICT, settle_seconds=0.0)
    return [violation.what for violation in report.violations]


async def test_only_what_is_looked_up_or_has_changed_is_stored(db: Database) -> None:
    async with node(db, SPARED) as one:
        await one.through(Add("a"), "cause-1", "first")
        await one.through(Add(LOUD), "cause-2", "asked-for")
        await one.through(Add("a"), "cause-3", "changed")
        await one.through(Add("b"), "cause-4", "changed")

        assert await _stored(db) == {"counter:asked-for": 1, "counter:changed": 2}
        assert await _inputs(db, "first", "asked-for", "changed", "nobody") == {
            "first": ("a",), "asked-for": (LOUD,), "changed": ("a", "b"),
        }  # fmt: skip
        assert await _violations(db) == []


async def test_a_kind_that_does_not_ask_for_it_keeps_every_view(db: Database) -> None:
    async with node(db) as one:
        await one.through(Add("a"), "cause-1", "first")

    assert await _stored(db) == {"counter:first": 1}


async def test_an_id_of_another_kind_is_no_such_thing(db: Database) -> None:
    async with node(db, SPARED) as one:
        await one.through(Add("a"), "cause-1", "first")
    commit = await stored.one(db, "counter:first:1")
    forged = {**commit, "_id": "other:first:1", "aggregate": "other:first", "cause_id": "another"}
    await stored.put(db, [forged])

    assert await Views(db).states(SPARED, ["other:first"]) == {}


async def test_what_has_no_view_is_decided_on_as_it_is_at_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with node(db, SPARED) as one:
        await one.submit(Add("a"), "cause-1")
        inserts: list[list[Document]] = []
        insert = one.committer.commits.insert

        async def counted(documents: list[Document], *kept: Any) -> bool:
            inserts.append(documents)
            return await insert(documents, *kept)

        monkeypatch.setattr(one.committer.commits, "insert", counted)
        full = await one.submit(Add("b", limit=1), "cause-2")
        await one.submit(Add("b"), "cause-3")

    assert full.events == ()
    assert [[d["_id"] for d in each] for each in inserts] == [["counter:1:2"], ["counter:1:3"]]
    assert await _inputs(db, "1") == {"1": ("a", "b")}


async def test_a_repeated_first_request_gets_its_first_answer(db: Database) -> None:
    async with node(db, SPARED) as one:
        first = await one.submit(Add("a"), "cause-1", fresh=True)
        again = await one.submit(Add("a"), "cause-1", fresh=True)

    assert (first.repeated, again.repeated) == (False, True)
    assert again.events == first.events
    assert await _stored(db) == {}


async def test_a_repeated_first_request_asks_for_no_view(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Devices send again hundreds at once, and each would be read on by itself."""
    asked: list[object] = []
    versions = Views.versions

    async def counted(views: Views, *of: Any) -> dict[str, int]:
        asked.append(of)
        return await versions(views, *of)

    monkeypatch.setattr(Views, "versions", counted)
    async with node(db, SPARED) as one:
        for key, text in (("spared", "a"), ("stored", LOUD)):
            await one.submit(Add(text), f"cause-{key}", key, fresh=True)
            await one.submit(Add(text), f"cause-{key}", key, fresh=True)

    assert asked == [(SPARED, ["counter:stored"])]


async def test_a_view_that_is_not_spared_is_missed(db: Database) -> None:
    async with node(db, SPARED) as one:
        await one.through(Add(LOUD), "cause-1", "asked-for")
        await one.through(Add("a"), "cause-2", "changed")
        await one.through(Add("b"), "cause-3", "changed")
    await db["view_counter"].delete_many({})

    found = await _violations(db)

    assert found == ["counter:asked-for has no view", "counter:changed has no view"]


async def test_a_rebuild_stores_what_was_spared_and_the_service_goes_on(db: Database) -> None:
    async with node(db, SPARED) as one:
        await asyncio.gather(*(one.submit(Add("a"), f"a-{n}", f"{n}") for n in range(5)))

        assert await rebuild(db, [SPARED]) == {"counter": 5}
        await one.submit(Add("b"), "b-0", "0")

        assert await _inputs(db, "0", "1") == {"0": ("a", "b"), "1": ("a",)}
        assert (await _stored(db))["counter:0"] == 2
        assert await _violations(db) == []


@pytest.mark.parametrize("point", ["after_commit", "after_view"])
async def test_a_take_over_leaves_it_spared(
    db: Database, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    dead = Node(db, counter=SPARED)
    await dead.committer.start()
    with monkeypatch.context() as patched:
        die_at(patched, point)
        asyncio.ensure_future(dead.submit(Add("a"), "cause-a"))  # noqa: RUF006  (never answered)
        await eventually(lambda: dead.committer._tasks[0].done())
    await dead.die()

    async with node(db, SPARED) as heir:
        await heir.look_until(lambda: "a" in heir.publisher.inputs)
        assert await _stored(db) == {}
        assert await _inputs(db, "1") == {"1": ("a",)}
        await heir.submit(Add("b"), "cause-b")
        assert await _inputs(db, "1") == {"1": ("a", "b")}
