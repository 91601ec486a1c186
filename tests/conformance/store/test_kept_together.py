"""Rows that are kept together: in the document of their batch, and none is missed."""

import asyncio

import pytest

from case_contracts.events.registry import PostingEnded
from service_kit.mongo import Database, Document
from service_kit.store.kept import Kept, create_index, kept_rows
from service_kit.store.rebuild import rebuild
from service_kit.verify import Verified, verify
from tests.support import store_node
from tests.support.counter import CLEAR, FOLLOW_UPS, Add, Clear, Counter
from tests.support.store_node import DISTRICT, SERVICE, Node, die_at, node
from tests.support.twin import eventually

TOGETHER = "fact_together"


def _row(data: PostingEnded) -> dict[str, str] | None:
    return None if data.posting == CLEAR else {"first": data.posting[0], "input": data.posting}


KEPT = [Kept(PostingEnded, TOGETHER, _row, together="first")]


@pytest.fixture(autouse=True)
def kept_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_node, "KEPT", KEPT)


async def _documents(db: Database) -> list[Document]:
    return await db["commits"].find({f"kept.{TOGETHER}": {"$exists": True}}).to_list(None)


async def _inputs(db: Database, first: str) -> list[str]:
    return sorted([row["input"] async for row in kept_rows(db, TOGETHER, "first", [first])])


async def test_a_batch_has_its_rows_and_each_is_found(db: Database) -> None:
    async with node(db) as one:
        await create_index(db, KEPT[0])
        asked = [one.submit(Add(f"{'ab'[n % 2]}{n}"), f"cause-{n}", f"{n}") for n in range(20)]
        await asyncio.gather(*asked, one.submit(Clear(), "cause-clear", "cleared"))

        documents = await _documents(db)
        assert len(documents) < 5, "the batches of 21 requests that came at once"
        assert max(each["kept"][TOGETHER]["first"] for each in documents) == ["a", "b"]
        assert await _inputs(db, "a") == sorted(f"a{n}" for n in range(0, 20, 2))
        assert await _inputs(db, "b") == sorted(f"b{n}" for n in range(1, 20, 2))
        plan = await db["commits"].find({f"kept.{TOGETHER}.first": "a"}).explain()
        assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
        assert TOGETHER not in await db.list_collection_names()


async def test_what_keeps_nothing_has_no_rows(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Clear(), "cause")

    assert await _documents(db) == []


async def test_the_same_request_again_keeps_nothing_more(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Add("a"), "cause")
        again = await one.submit(Add("a"), "cause")

    assert again.repeated
    assert len(await _documents(db)) == 1


async def test_they_are_there_when_a_process_dies_right_after_the_commit(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = Node(db)
    await dead.committer.start()
    with monkeypatch.context() as patched:
        die_at(patched, "after_commit")
        for n in range(3):
            asyncio.ensure_future(dead.submit(Add(f"a{n}"), f"cause-{n}", f"{n}"))  # noqa: RUF006
        await eventually(lambda: dead.committer._tasks[0].done())
    await dead.die()
    assert await _inputs(db, "a") == ["a0", "a1", "a2"]

    async with node(db) as heir:
        await heir.look_until(lambda: len(heir.publisher.inputs) == 3)

    assert await _inputs(db, "a") == ["a0", "a1", "a2"]


async def test_what_is_refused_leaves_no_row(db: Database) -> None:
    async with node(db) as one, node(db) as other:
        await other.submit(Add("b"), "cause-b", "1")
        await asyncio.gather(
            one.submit(Add("a"), "cause-a", "2"), one.submit(Add("b"), "cause-b", "1")
        )

    assert (await _inputs(db, "a"), await _inputs(db, "b")) == (["a"], ["b"])


async def test_a_rebuild_leaves_them_as_they_are(db: Database) -> None:
    async with node(db) as one:
        await one.through(Add("a"), "cause-1", "1")
        await one.through(Add("b"), "cause-2", "2")
        before = await _documents(db)
        await rebuild(db, [Counter()], kept=KEPT)

    assert await _documents(db) == before


async def test_what_is_lost_is_seen_and_a_rebuild_stores_it_again(db: Database) -> None:
    service = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS, kept=KEPT)
    async with node(db) as one:
        for n in range(3):
            await one.through(Add(f"a{n}"), f"cause-{n}", f"{n}")
        assert (await verify([service], district=DISTRICT, settle_seconds=0.0)).violations == []
        batch = (await _documents(db))[0]["_id"]
        await db["commits"].update_one({"_id": batch}, {"$unset": {"kept": 1}})

        [lost] = (await verify([service], district=DISTRICT, settle_seconds=0.0)).violations
        assert "fact_together lacks 1 events" in lost.what

        await rebuild(db, [Counter()], kept=KEPT)
        assert (await verify([service], district=DISTRICT, settle_seconds=0.0)).violations == []
        assert await _inputs(db, "a") == ["a0", "a1", "a2"]
