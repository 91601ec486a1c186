"""What comes is decided while the batch before is inserted, and goes in together after it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from service_kit.mongo import Database, Document
from service_kit.store.batch import Batch
from service_kit.store.commits import Commits
from service_kit.store.model import Context, Decision, Outcome, Pending
from tests.support.counter import Add, Counted, Counter
from tests.support.store_node import Node, node
from tests.support.twin import eventually


@pytest.fixture
async def one(db: Database) -> AsyncIterator[Node]:
    async with node(db) as started:
        yield started


class Gate:
    """Holds the next insert until it is opened, and counts what is decided meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.open = asyncio.Event(), asyncio.Event()
        self.decided: list[str] = []
        insert, decide = Commits.insert, Batch.decide

        async def held(commits: Commits, documents: Sequence[Document], *kept: Any) -> bool:
            self.reached.set()
            await self.open.wait()
            return await insert(commits, documents, *kept)

        async def noted(batch: Batch, taken: Sequence[Pending]) -> None:
            await decide(batch, taken)
            self.decided += [pending.work.cause for pending in taken]

        monkeypatch.setattr(Commits, "insert", held)
        monkeypatch.setattr(Batch, "decide", noted)


async def test_what_comes_meanwhile_is_decided_and_goes_in_together(
    one: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    first = _submitted(one, "cause-0", "0")
    await gate.reached.wait()
    others = []
    for n in range(1, 6):
        others.append(_submitted(one, f"cause-{n}", str(n)))
        await eventually(lambda: len(gate.decided) > len(others))

    gate.open.set()

    assert (await first).commit.batch == 1
    assert {(await other).commit.batch for other in others} == {2}


async def test_what_was_decided_for_a_number_that_stays_free_is_decided_anew(
    one: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    await one.through(Add("x"), "cause-1")
    gate = Gate(monkeypatch)
    repeated = _submitted(one, "cause-1", "1")
    await gate.reached.wait()
    following = _submitted(one, "cause-2", "2")
    await eventually(lambda: "cause-2" in gate.decided)

    gate.open.set()

    assert (await repeated).repeated
    assert (await following).commit.batch == 2
    writer = (await following).commit.writer
    await eventually(lambda: one.database["writers"].find_one({"_id": writer, "sent": 2}))
    assert gate.decided.count("cause-2") == 2


async def test_work_on_what_is_being_inserted_waits_until_it_is_there(
    one: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    first = _submitted(one, "cause-1", "1")
    await gate.reached.wait()
    same, other = _submitted(one, "cause-2", "1"), _submitted(one, "cause-3", "3")
    await eventually(lambda: "cause-3" in gate.decided)
    assert "cause-2" not in gate.decided

    gate.open.set()
    await asyncio.gather(first, same, other)

    assert gate.decided.count("cause-2") == 1
    assert (await same).commit.version == 2


async def test_a_stream_of_new_and_repeated_work_ends(one: Node) -> None:
    """Where repetitions leave numbers free, batch after batch."""
    await asyncio.gather(*(_submitted(one, f"cause-{n}", str(n)) for n in range(20)))
    again: list[asyncio.Task[Outcome]] = []
    for n in range(60):
        again += [_submitted(one, f"cause-{n % 40}", str(n % 40))]
        await asyncio.sleep(0)

    outcomes = await asyncio.wait_for(asyncio.gather(*again), 20)

    assert sum(not outcome.repeated for outcome in outcomes) == 20
    assert [await one.inputs(str(n)) for n in range(40)] == [["x"]] * 40


class Seeing(Counter):
    """Notes on which world each input is decided."""

    def __init__(self) -> None:
        self.worlds: dict[str, list[str]] = defaultdict(list)

    def decide(self, state: Counted, command: Any, context: Context) -> Decision:
        self.worlds[command.input].append(context.world)
        return super().decide(state, command, context)


async def test_what_is_decided_later_is_decided_on_the_world_of_then(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it goes in with is decided anew, where it was decided on the one before."""
    now, counter = ["old"], Seeing()

    async def world() -> str:
        return now[0]

    async def unchanged(world: str) -> bool:
        return world == now[0]

    async with node(db, counter=counter) as one:
        monkeypatch.setattr(one.committer, "load_world", world)
        monkeypatch.setattr(one.committer, "_unchanged", unchanged)
        gate = Gate(monkeypatch)
        asked = [_submitted(one, "cause-1", "1", "a")]
        await gate.reached.wait()
        asked.append(_submitted(one, "cause-2", "2", "b"))
        await eventually(lambda: "cause-2" in gate.decided)
        now[0] = "new"
        asked.append(_submitted(one, "cause-3", "3", "c"))
        await eventually(lambda: "cause-3" in gate.decided)

        gate.open.set()
        await asyncio.gather(*asked)

    assert counter.worlds == {"a": ["old"], "b": ["old", "new"], "c": ["new", "new"]}


def _submitted(one: Node, cause: str, key: str, text: str = "x") -> "asyncio.Task[Outcome]":
    return asyncio.create_task(one.submit(Add(text), cause, key))
