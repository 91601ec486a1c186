"""Rows of a service's own events: there when it answers, and whoever dies leaves none out."""

import asyncio

import pytest

from service_kit.mongo import Database
from service_kit.store.rebuild import rebuild
from service_kit.verify import Verified, verify
from tests.support.counter import FOLLOW_UPS, KEPT, Add, Clear, Counter
from tests.support.store_node import DISTRICT, SERVICE, Killed, Node, die_at, node
from tests.support.twin import eventually

POINTS = ["after_commit", "after_view", "before_publish", "after_confirm"]


async def _violations(db: Database) -> list[str]:
    service = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS, kept=KEPT)
    report = await verify([service], district=DISTRICT, settle_seconds=0)
    return [f"{v.invariant} {v.what}" for v in report.violations]


async def _rows(db: Database) -> list[str]:
    return sorted([row["input"] async for row in db["fact_input"].find({})])


async def test_a_row_is_there_when_the_answer_is(db: Database) -> None:
    async with node(db) as one:
        outcome = await one.submit(Add("/b"), "cause-1")
        assert await _rows(db) == ["/b", "end"]
        assert await db["fact_input"].find_one({"_id": outcome.events[0].id})
        await one.through(Clear(), "cause-2")
        await one.through(Add("/b"), "cause-1")
        assert await _rows(db) == ["/b", "end"]
    assert await _violations(db) == []


@pytest.mark.parametrize("point", POINTS)
async def test_what_a_dead_process_has_not_kept_its_take_over_keeps(
    db: Database, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    dead = Node(db)
    await dead.committer.start()
    with monkeypatch.context() as patched:
        die_at(patched, point)
        asyncio.ensure_future(dead.submit(Add("/b"), "cause"))  # noqa: RUF006  (never answered)
        await eventually(lambda: dead.committer._tasks[0].done())
    assert isinstance(dead.committer._tasks[0].exception(), Killed)
    await dead.die()
    await db["fact_input"].delete_many({})
    async with node(db) as heir:
        await heir.look_until(lambda: "end" in heir.publisher.inputs)
        assert await _rows(db) == ["/b", "end"]
    assert await _violations(db) == []


async def test_verification_sees_a_missing_row_and_rebuilding_stores_it(db: Database) -> None:
    async with node(db) as one:
        await one.through(Add("a"), "cause")
        await one.committer.marker.caught_up()
    await db["fact_input"].delete_many({})
    [violation] = await _violations(db)
    assert violation.startswith("I1 fact_input lacks 1 events")
    await rebuild(db, [Counter()], kept=KEPT)
    assert await _violations(db) == []
