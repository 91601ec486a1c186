"""The watermark follows what is published, and is never far behind it."""

import asyncio

import pytest

from service_kit.mongo import Database
from service_kit.store import marking
from service_kit.store.marking import MOST_BEHIND
from service_kit.store.writers import Writer
from tests.support.counter import Add
from tests.support.store_node import Node, node
from tests.support.twin import eventually


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """No watermark moves until the event is set."""
    go, move = asyncio.Event(), Writer.move_watermark

    async def moved(self: Writer, batch: int) -> None:
        await go.wait()
        await move(self, batch)

    monkeypatch.setattr(Writer, "move_watermark", moved)
    return go


async def _sent(db: Database, one: Node) -> int:
    found = await db["writers"].find_one({"_id": one.committer.writer.id})
    assert found is not None
    return int(found["sent"])


async def _add(one: Node, count: int) -> None:
    for n in range(count):
        await one.through(Add(f"i{n}"), f"cause-{n}")


async def test_batches_go_on_while_the_watermark_moves(db: Database, stuck: asyncio.Event) -> None:
    async with node(db) as one:
        await _add(one, MOST_BEHIND)
        assert one.publisher.inputs == [f"i{n}" for n in range(MOST_BEHIND)]
        assert await _sent(db, one) == 0
        stuck.set()
        await eventually(lambda: one.committer.writer.sent == MOST_BEHIND)
        assert await _sent(db, one) == MOST_BEHIND


async def test_what_a_moment_publishes_is_noted_together(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "REST_SECONDS", 60)
    moves, move = list[int](), Writer.move_watermark

    async def counted(self: Writer, batch: int) -> None:
        moves.append(batch)
        await move(self, batch)

    monkeypatch.setattr(Writer, "move_watermark", counted)
    async with node(db) as one:
        await _add(one, MOST_BEHIND + 4)
        await eventually(lambda: one.committer.writer.sent >= 1)
        await one.committer.stop()  # who waits for it need not wait for the end of the moment

    assert moves[-1] == MOST_BEHIND + 4
    assert len(moves) <= 4


async def test_only_so_much_is_published_and_not_noted(db: Database, stuck: asyncio.Event) -> None:
    async with node(db) as one:
        await _add(one, MOST_BEHIND)
        late = asyncio.create_task(one.through(Add("late"), "cause-late"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(late), 0.3)
        assert "late" not in one.publisher.inputs
        stuck.set()
        await late


async def test_what_was_not_noted_is_published_again_by_the_heir(
    db: Database, stuck: asyncio.Event
) -> None:
    async with node(db) as dead:
        await _add(dead, 3)
        await dead.die()
    stuck.set()
    async with node(db) as heir:
        await heir.look_until(lambda: len(heir.publisher.inputs) == 3)
        assert sorted(heir.publisher.inputs) == ["i0", "i1", "i2"]
        assert await heir.inputs() == ["i0", "i1", "i2"]


async def test_a_graceful_end_notes_everything(db: Database, stuck: asyncio.Event) -> None:
    async with node(db) as one:
        await _add(one, 5)
        ending = asyncio.create_task(one.committer.stop())
        stuck.set()
        await ending
        found = await db["writers"].find_one({"_id": one.committer.writer.id})
        assert found is not None
        assert (found["phase"], found["sent"]) == ("closed", 5)
