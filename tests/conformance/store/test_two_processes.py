"""Decide, commit, publish: two processes on one database, and answers that get lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from service_kit.errors import Refused
from service_kit.mongo import Database, Document
from service_kit.store.commits import Commits
from service_kit.verify import Verified, verify
from tests.support.counter import Add, Clear, Counter
from tests.support.store_node import DISTRICT, SERVICE, Node, node
from tests.support.twin import eventually


@pytest.fixture
async def pair(db: Database) -> AsyncIterator[tuple[Node, Node]]:
    async with node(db) as a, node(db) as b:
        yield a, b


async def _whole(db: Database) -> None:
    report = await verify([Verified(SERVICE, db, [Counter()])], district=DISTRICT)
    assert report.violations == []
    assert report.counts["states"] > 0


async def test_both_may_change_one_aggregate(pair: tuple[Node, Node], db: Database) -> None:
    works = [pair[n % 2].through(Add(f"i{n}"), f"cause-{n}") for n in range(60)]
    outcomes = await asyncio.gather(*works)

    assert not any(outcome.repeated for outcome in outcomes)
    assert sorted(outcome.commit.version for outcome in outcomes) == list(range(1, 61))
    assert sorted(await pair[0].inputs()) == sorted(f"i{n}" for n in range(60))
    assert sorted(pair[0].publisher.inputs + pair[1].publisher.inputs) == sorted(
        f"i{n}" for n in range(60)
    )
    await _whole(db)


async def test_the_same_causes_at_both_have_one_effect(
    pair: tuple[Node, Node], db: Database
) -> None:
    works = [
        each.through(Add(f"i{n}"), f"cause-{n}", f"{n % 5}") for n in range(40) for each in pair
    ]
    outcomes = await asyncio.gather(*works)

    assert sum(outcome.repeated for outcome in outcomes) == 40
    for key in range(5):
        inputs = await pair[0].inputs(f"{key}")
        assert sorted(inputs) == sorted(f"i{n}" for n in range(40) if n % 5 == key)
    await _whole(db)


async def test_a_view_left_behind_by_a_lost_race_is_brought_forward(
    pair: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sees no view, B writes version 1 and its view, A then writes version 2."""
    a, b = pair
    load, seen = a.committer.views.load, asyncio.Event()

    async def load_and_wait(*arguments: object) -> object:
        found = await load(*arguments)  # type: ignore[arg-type]  # handed on as it came
        if not seen.is_set():
            seen.set()
            await b.submit(Add("b"), "cause-b")
        return found

    monkeypatch.setattr(a.committer.views, "load", load_and_wait)
    await a.submit(Add("a"), "cause-a")

    assert await a.inputs() == ["b", "a"]
    assert (await a.view())["version"] == 2


@pytest.fixture
def no_views_of_b(pair: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch) -> tuple[Node, Node]:
    """B commits and does not come to write its views: A's view lags."""

    async def lost(*_: object) -> None:
        return None

    monkeypatch.setattr(pair[1].committer.views, "store", lost)
    return pair


async def test_a_decision_on_a_lagging_view_is_made_again(no_views_of_b: tuple[Node, Node]) -> None:
    a, b = no_views_of_b
    await b.submit(Add("b"), "cause-b")

    with pytest.raises(Refused):
        await a.submit(Add("a", limit=1, strict=True), "cause-a")


async def test_a_refusal_on_a_lagging_view_is_looked_at_again(
    no_views_of_b: tuple[Node, Node],
) -> None:
    a, b = no_views_of_b
    await a.submit(Add("a"), "cause-1")
    await b.submit(Clear(), "cause-2")

    await a.submit(Add("c", limit=1, strict=True), "cause-3")

    assert await a.inputs() == ["c"]


async def test_changing_nothing_rests_on_the_newest_state_too(
    no_views_of_b: tuple[Node, Node],
) -> None:
    a, b = no_views_of_b
    await a.submit(Add("a"), "cause-1")
    await b.submit(Clear(), "cause-2")

    outcome = await a.submit(Add("c", limit=1), "cause-3")

    assert len(outcome.events) == 1
    assert await a.inputs() == ["c"]


async def test_a_repeated_request_repairs_the_view(no_views_of_b: tuple[Node, Node]) -> None:
    """Whoever asks again after a crash reads the view as soon as he has his answer."""
    a, b = no_views_of_b
    await b.submit(Add("b"), "cause-b")

    assert (await a.submit(Add("b"), "cause-b")).repeated

    assert await a.inputs() == ["b"]


@pytest.mark.parametrize("lands", [True, False], ids=["it landed", "it did not"])
async def test_after_an_unknown_outcome_the_same_is_inserted_again(
    db: Database, monkeypatch: pytest.MonkeyPatch, lands: bool
) -> None:
    insert, tries = Commits.insert, 0

    async def unknown_at_first(self: Commits, documents: Sequence[Document], *kept: Any) -> bool:
        nonlocal tries
        tries += 1
        if tries == 1:
            if lands:
                await insert(self, documents, *kept)
            raise AutoReconnect("the answer was lost")
        return await insert(self, documents, *kept)

    monkeypatch.setattr(Commits, "insert", unknown_at_first)
    async with node(db) as one:
        works = [one.through(Add(f"i{n}"), f"cause-{n}", f"{n}") for n in range(10)]
        outcomes = await asyncio.gather(*works)

    assert tries == 2
    assert not any(outcome.repeated for outcome in outcomes)
    assert sorted(one.publisher.inputs) == sorted(f"i{n}" for n in range(10))
    await _whole(db)


async def test_a_process_whose_writer_was_taken_goes_on_under_a_new_one(db: Database) -> None:
    async with node(db) as one:
        await one.through(Add("a"), "cause-1")
        first = one.committer.writer.id
        await db["writers"].update_one({"_id": first}, {"$set": {"owner": "thief"}})

        await one.through(Add("b"), "cause-2")
        await eventually(lambda: one.committer.writer.lost or one.committer.writer.id != first)
        await one.through(Add("c"), "cause-3")

        assert one.committer.writer.id != first
        assert await one.inputs() == ["a", "b", "c"]
        assert set(one.publisher.inputs) == {"a", "b", "c"}
