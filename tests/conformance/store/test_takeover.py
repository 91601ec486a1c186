"""Processes that die, and others that do what they left undone."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from service_kit.mongo import Database
from service_kit.store import takeover
from service_kit.store.codec import sealed
from service_kit.store.commits import Commits
from service_kit.verify import Verified, verify
from tests.support import stored
from tests.support.counter import Add, Counter
from tests.support.store_node import (
    DISTRICT,
    LAPSE,
    SERVICE,
    FakePublisher,
    Killed,
    Node,
    die_at,
    node,
)
from tests.support.twin import eventually


async def _dead_after(db: Database, monkeypatch: pytest.MonkeyPatch, point: str) -> Node:
    """A process that committed input ``a`` and died at the point."""
    dead = Node(db)
    await dead.committer.start()
    with monkeypatch.context() as patched:
        die_at(patched, point)
        asyncio.ensure_future(dead.submit(Add("a"), "cause-a"))  # noqa: RUF006  (never answered)
        await eventually(lambda: dead.committer._tasks[0].done())
    assert isinstance(dead.committer._tasks[0].exception(), Killed)
    await dead.die()
    return dead


async def _writer(db: Database, dead: Node) -> dict[str, Any]:
    found = await db["writers"].find_one({"_id": dead.committer.writer.id})
    assert found is not None
    return found


@pytest.mark.parametrize("point", ["after_commit", "after_view", "before_publish", "after_confirm"])
async def test_what_a_dead_process_committed_is_seen_and_published(
    db: Database, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    dead = await _dead_after(db, monkeypatch, point)

    async with node(db) as heir:
        await heir.look_until(lambda: "a" in heir.publisher.inputs)
        assert await heir.inputs() == ["a"]

    writer = await _writer(db, dead)
    assert (writer["phase"], writer["sent"]) == ("lapsed", 0)
    assert writer["noted"] == ["counter:1:1"]


async def test_what_was_never_committed_is_nobodys(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = await _dead_after(db, monkeypatch, "before_commit")

    async with node(db) as heir:
        await heir.caretaker.look()
        await asyncio.sleep(LAPSE)
        await heir.caretaker.look()

    assert heir.publisher.published == []
    assert (await _writer(db, dead))["phase"] == "lapsed"


async def _land_late(db: Database, dead: Node, text: str) -> None:
    """An insert that was under way when its process died."""
    [first] = await Commits(db).of_writer(dead.committer.writer.id, 1, 1)
    event = replace(first.events[0], id=f"event-{text}", data={**first.events[0].data})
    event.data["posting"] = text
    commit = replace(
        first, aggregate=f"counter:{text}", cause_id=f"cause-{text}", events=(event,), batch=2
    )
    document = sealed(commit).document
    assert await Commits(db).insert([document])


async def test_an_insert_that_lands_after_the_take_over_is_found_by_a_sweep(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = await _dead_after(db, monkeypatch, "after_commit")
    async with node(db) as heir:
        await heir.look_until(lambda: heir.publisher.inputs == ["a"])

        await _land_late(db, dead, "late")
        await heir.look_until(lambda: "late" in heir.publisher.inputs)

        assert heir.publisher.inputs == ["a", "late"]
        assert await heir.inputs("late") == ["late"]


async def test_after_the_last_sweep_the_writer_is_closed_with_nothing_above_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeover, "MINUTE_SWEEPS", 2)
    monkeypatch.setattr(takeover, "DAY_SWEEPS", 1)
    monkeypatch.setattr(takeover, "DAY", 0.1)
    dead = await _dead_after(db, monkeypatch, "after_commit")
    async with node(db) as heir:
        await heir.look_until(lambda: heir.publisher.inputs == ["a"])
        closed = asyncio.ensure_future(eventually(lambda: _is_closed(db, dead)))
        await heir.look_until(closed.done)

        assert (await _writer(db, dead))["sweeps"] == 3
        report = await verify([Verified(SERVICE, db, [Counter()])], district=DISTRICT)
        assert report.violations == []


async def _is_closed(db: Database, dead: Node) -> bool:
    return bool((await _writer(db, dead))["phase"] == "closed")


async def test_of_two_caretakers_one_takes_over(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _dead_after(db, monkeypatch, "after_commit")
    heirs = [Node(db), Node(db)]
    for heir in heirs:
        await heir.caretaker.look()
    await asyncio.sleep(LAPSE)

    await asyncio.gather(*(heir.caretaker.look() for heir in heirs))

    assert [*heirs[0].publisher.inputs, *heirs[1].publisher.inputs] == ["a"]


async def test_a_writer_whose_process_lives_is_left_alone(db: Database) -> None:
    async with node(db) as alive, node(db) as other:
        await alive.through(Add("a"), "cause-a")
        for _ in range(8):
            await other.caretaker.look()
            await asyncio.sleep(LAPSE / 4)
        await alive.through(Add("b"), "cause-b")

        assert other.publisher.published == []
        assert alive.committer.writer.batch == 2


@pytest.mark.parametrize("point", ["takeover_claimed", "takeover_published"])
async def test_a_take_over_that_dies_itself_is_taken_over(
    db: Database, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    dead = await _dead_after(db, monkeypatch, "after_commit")
    second = Node(db)
    with monkeypatch.context() as patched:
        die_at(patched, point)
        with pytest.raises(Killed):
            await second.look_until(lambda: False)

    async with node(db) as heir:
        await heir.look_until(lambda: heir.publisher.inputs == ["a"])

    assert (await _writer(db, dead))["noted"] == ["counter:1:1"]


async def test_a_process_that_was_only_frozen_does_no_harm(db: Database) -> None:
    """It is taken over, wakes up, publishes once more, and goes on under a new writer."""
    sleeper, heir = Node(db), Node(db, FakePublisher())
    await sleeper.committer.start()
    sleeper.publisher.open.clear()
    waiting = asyncio.ensure_future(sleeper.through(Add("a"), "cause-a"))
    await eventually(lambda: sleeper.committer.writer.batch == 1)
    sleeper.committer._tasks[1].cancel()  # it renews nothing while it is frozen
    await heir.look_until(lambda: heir.publisher.inputs == ["a"])

    sleeper.publisher.open.set()
    assert (await waiting).commit.version == 1
    await sleeper.through(Add("b"), "cause-b")

    assert await heir.inputs() == ["a", "b"]
    assert set(sleeper.publisher.inputs) == {"a", "b"}
    await sleeper.die()
    assert (await stored.one(db, "counter:1:2"))["prev_hash"]
