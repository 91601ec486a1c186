"""Views in memory are as they are in the store, whoever changed them, and cost few reads."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from service_kit.mongo import Database, Document
from service_kit.store.committed_since import CommittedSince
from service_kit.store.in_memory import InMemory
from tests.support.counter import Add, Clear
from tests.support.store_node import Node, die_at, node
from tests.support.twin import eventually

Held = InMemory[tuple[str, tuple[str, ...]]]


def entry(row: Document) -> tuple[str, tuple[str, ...]] | None:
    """Counters that have something."""
    inputs = row["state"]["inputs"]
    return (row["_id"], tuple(inputs)) if inputs else None


def held() -> Held:
    return InMemory("counter", lambda: {"state.inputs": {"$ne": []}}, entry)


@pytest.fixture
async def pair(db: Database) -> AsyncIterator[tuple[Node, Node]]:
    async with node(db) as a, node(db) as b:
        yield a, b


async def stored(db: Database) -> set[tuple[str, tuple[str, ...]]]:
    rows = await db["view_counter"].find({}).to_list(None)
    return {found for row in rows if (found := entry(row)) is not None}


async def test_what_was_there_and_what_two_processes_change_is_seen_at_once(
    pair: tuple[Node, Node], db: Database
) -> None:
    draw, memory = random.Random(3), held()
    await pair[0].through(Add("before"), "before", "0")
    assert await memory.now(db) == [("counter:0", ("before",))]
    for round_ in range(30):
        works = [
            pair[draw.randrange(2)].through(
                draw.choice([Add(f"i{round_}"), Add(f"i{round_}"), Clear()]),
                f"{round_}-{n}", f"{draw.randrange(5)}",
            )
            for n in range(4)
        ]  # fmt: skip
        await asyncio.gather(*works)
        assert set(await memory.now(db)) == await stored(db)


async def test_a_process_that_is_started_later_and_ends_is_seen_to_its_end(db: Database) -> None:
    memory = held()
    async with node(db):
        assert await memory.now(db) == []
        async with node(db) as later:
            await later.through(Add("first"), "1")
            assert await memory.now(db) == [("counter:1", ("first",))]
            for n in range(40):  # more than one look takes at a time
                await later.through(Add(f"i{n}"), f"cause-{n}", f"{n}")
            await later.committer.stop()
        assert set(await memory.now(db)) == await stored(db)


async def test_a_view_that_is_stored_late_is_waited_for(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit is there, and its process dies before the view: the take-over stores it."""
    memory = held()
    async with node(db) as dying, node(db) as other:
        await dying.through(Add("a"), "a")
        assert await memory.now(db) == [("counter:1", ("a",))]
        die_at(monkeypatch, "after_commit")
        work = asyncio.ensure_future(dying.submit(Add("b"), "b"))
        await eventually(lambda: db["commits"].find_one({"keys.id": "counter:1:2"}))
        await dying.die()
        work.cancel()
        assert await memory.now(db) == [("counter:1", ("a",))]
        monkeypatch.undo()
        await eventually(lambda: _has(other, db, "b"))
        assert await memory.now(db) == [("counter:1", ("a", "b"))]


async def _has(node: Node, db: Database, name: str) -> bool:
    await node.caretaker.look()
    return any(name in inputs for _, inputs in await stored(db))


async def test_while_nothing_changes_nothing_is_read_again(
    pair: tuple[Node, Node], db: Database
) -> None:
    taken: list[str] = []

    def counted(row: Document) -> tuple[str, tuple[str, ...]] | None:
        taken.append(row["_id"])
        return entry(row)

    memory = InMemory("counter", dict, counted)
    for n in range(6):
        await pair[0].through(Add("x"), f"c{n}", f"{n}")
    await memory.now(db)
    await memory.now(db)
    taken.clear()
    await memory.now(db)
    assert taken == []
    await pair[1].through(Add("y"), "again", "3")
    await memory.now(db)
    assert taken == ["counter:3"]


async def test_whoever_asks_while_somebody_looks_shares_the_next_look(
    pair: tuple[Node, Node], db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, looks, look = held(), 0, CommittedSince.look
    await memory.now(db)

    async def counted(self: CommittedSince) -> dict[str, int]:
        nonlocal looks
        looks += 1
        return await look(self)

    monkeypatch.setattr(CommittedSince, "look", counted)
    await asyncio.gather(*(memory.now(db) for _ in range(20)))
    assert looks <= 2


@pytest.mark.parametrize("how", [ConnectionError, asyncio.CancelledError])
async def test_a_look_that_is_broken_off_loses_nothing(
    pair: tuple[Node, Node], db: Database, how: type[BaseException]
) -> None:
    breaks = False

    def breaking(row: Document) -> tuple[str, tuple[str, ...]] | None:
        if breaks:
            raise how
        return entry(row)

    memory = InMemory("counter", dict, breaking)
    await memory.now(db)
    await pair[0].through(Add("a"), "a")
    breaks = True
    with pytest.raises(how):
        await memory.now(db)
    breaks = False
    assert await memory.now(db) == [("counter:1", ("a",))]
