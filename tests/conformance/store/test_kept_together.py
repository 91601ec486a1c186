"""Rows that are kept together: one document for those of a batch, and none is missed."""

import asyncio

import pytest

from case_contracts.events.registry import PostingEnded
from service_kit.mongo import Database, Document
from service_kit.store.kept import Kept
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
    return await db[TOGETHER].find({}).to_list(None)


async def _inputs(db: Database, first: str) -> set[str]:
    together = await db[TOGETHER].find({"first": first}).to_list(None)
    return {row["input"] for each in together for row in each["rows"] if row["first"] == first}


async def test_a_batch_keeps_one_document_and_each_row_is_found(db: Database) -> None:
    async with node(db) as one:
        asked = [one.submit(Add(f"{'ab'[n % 2]}{n}"), f"cause-{n}", f"{n}") for n in range(20)]
        await asyncio.gather(*asked, one.submit(Clear(), "cause-clear", "cleared"))

        documents = await _documents(db)
        assert sum(len(each["rows"]) for each in documents) == 20
        assert len(documents) < 5, "the batches of 21 requests that came at once"
        assert max(each["first"] for each in documents) == ["a", "b"]
        assert await _inputs(db, "a") == {f"a{n}" for n in range(0, 20, 2)}
        assert await _inputs(db, "b") == {f"b{n}" for n in range(1, 20, 2)}


async def test_what_keeps_nothing_makes_no_document(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Clear(), "cause")

    assert await _documents(db) == []


async def test_the_same_request_again_keeps_nothing_more(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Add("a"), "cause")
        again = await one.submit(Add("a"), "cause")

    assert again.repeated
    assert len(await _documents(db)) == 1


async def test_what_a_dead_process_has_not_kept_its_take_over_keeps(
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
    assert await _documents(db) == []

    async with node(db) as heir:
        await heir.look_until(lambda: len(heir.publisher.inputs) == 3)

    assert await _inputs(db, "a") == {"a0", "a1", "a2"}


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
        await db[TOGETHER].delete_one({})

        [lost] = (await verify([service], district=DISTRICT, settle_seconds=0.0)).violations
        assert "fact_together lacks 1 events" in lost.what

        await rebuild(db, [Counter()], kept=KEPT)
        assert (await verify([service], district=DISTRICT, settle_seconds=0.0)).violations == []
        assert await _inputs(db, "a") == {"a0", "a1", "a2"}
