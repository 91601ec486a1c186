"""While a batch is being published the next one is committed; they end in their order."""

import asyncio
from typing import Any

import pytest

from service_kit.mongo import Database
from service_kit.store.views import Views
from service_kit.store.writers import LeaseLost
from service_kit.verify import Verified, verify
from tests.support import stored
from tests.support.counter import FOLLOW_UPS, Add, Counter
from tests.support.store_node import DISTRICT, SERVICE, Node, node
from tests.support.twin import eventually


async def _violations(db: Database) -> list[str]:
    service = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS)
    report = await verify([service], district=DISTRICT, settle_seconds=0)
    return [f"{v.invariant} {v.what}" for v in report.violations]


async def _begun(one: Node, text: str, key: str) -> "asyncio.Task[Any]":
    """Asked for, and committed."""
    task = asyncio.create_task(one.through(Add(text), f"cause-{text}", key))
    await eventually(lambda: stored.where(one.database, cause_id=f"cause-{text}"))
    return task


async def test_the_next_is_committed_while_one_waits_for_the_broker(db: Database) -> None:
    async with node(db) as one:
        one.publisher.open.clear()
        first = await _begun(one, "a", "1")
        second = await _begun(one, "b", "2")
        assert one.publisher.inputs == []
        assert not second.done()
        one.publisher.open.set()
        await asyncio.gather(first, second)
        assert one.publisher.inputs == ["a", "b"]
    assert await _violations(db) == []


async def test_what_changes_the_same_thing_waits_for_its_view(db: Database) -> None:
    """Otherwise it would be decided on a view that lags, refused, and decided again."""
    async with node(db) as one:
        one.publisher.open.clear()
        first = await _begun(one, "a", "1")
        again = asyncio.create_task(one.through(Add("b"), "cause-b", "1"))
        await asyncio.sleep(0.3)
        assert await db["commits"].count_documents({}) == 1
        one.publisher.open.set()
        await asyncio.gather(first, again)
        assert await one.inputs() == ["a", "b"]


async def test_when_one_cannot_be_finished_the_next_is_not_lost(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its writer is given up under it: what it has committed the take-over publishes."""
    store, lost = Views.store, asyncio.Event()

    async def saved(self: Views, *arguments: Any) -> None:
        if not lost.is_set():
            await lost.wait()
            raise LeaseLost("taken over")
        await store(self, *arguments)

    monkeypatch.setattr(Views, "store", saved)
    async with node(db) as one:
        before = one.committer.writer.id
        first = await _begun(one, "a", "1")
        second = await _begun(one, "b", "2")
        lost.set()
        outcomes = await asyncio.gather(first, second)
        assert one.committer.writer.id != before
        assert [outcome.commit.writer for outcome in outcomes] == [before, before]
        await one.look_until(lambda: set(one.publisher.inputs) == {"a", "b"})
        assert await one.inputs("2") == ["b"]
    assert await _violations(db) == []


async def test_an_ending_process_finishes_both(db: Database) -> None:
    async with node(db) as one:
        one.publisher.open.clear()
        await _begun(one, "a", "1")
        await _begun(one, "b", "2")
        ending = asyncio.create_task(one.committer.stop())
        await asyncio.sleep(0.1)
        one.publisher.open.set()
        await ending
        writer = await db["writers"].find_one({"_id": one.committer.writer.id})
        assert writer is not None
        assert (writer["phase"], writer["sent"]) == ("closed", 2)
