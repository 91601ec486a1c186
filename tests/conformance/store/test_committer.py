"""Decide, commit, publish: one process."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from case_bus.port import Outgoing, PublishError
from service_kit.errors import KeyReused, NotYet, Refused, TooLarge, Unavailable
from service_kit.mongo import Database
from service_kit.store import codec
from service_kit.store.commits import Commits
from service_kit.store.model import Work
from service_kit.store.views import Views
from tests.support.counter import Add, After, Break, Clear
from tests.support.store_node import Node, node
from tests.support.twin import eventually


@pytest.fixture
async def one(db: Database) -> AsyncIterator[Node]:
    async with node(db) as started:
        yield started


async def test_what_is_answered_is_stored_seen_and_published(one: Node) -> None:
    outcome = await one.through(Add("a"), "cause-1")

    assert await one.inputs() == ["a"]
    assert (await one.view())["total"] == 1
    [envelope] = one.publisher.published
    assert envelope["subject"] == "counter:1"
    assert envelope["causationid"] == "cause-1"
    assert envelope["source"] == "/civicgrid/lanhe/registry"
    assert envelope["dataschema"] == "urn:civicgrid:schema:posting.ended.v1"
    assert (envelope["sequence"], envelope["batch"]) == ("0" * 15 + "1", 1)
    noted = {"_id": outcome.commit.writer, "sent": 1}
    await eventually(lambda: one.database["writers"].find_one(noted))


async def test_the_same_cause_again_has_no_second_effect(one: Node) -> None:
    first = await one.through(Add("a"), "cause-1")
    again = await one.through(Add("a"), "cause-1")

    assert (first.repeated, again.repeated) == (False, True)
    assert again.commit == first.commit
    assert await one.inputs() == ["a"]
    assert one.publisher.inputs == ["a"]


async def test_the_same_cause_twice_in_one_batch_has_one_effect(one: Node) -> None:
    outcomes = await asyncio.gather(*(one.submit(Add("a"), "cause-1") for _ in range(3)))

    assert sorted(outcome.repeated for outcome in outcomes) == [False, True, True]
    assert await one.inputs() == ["a"]


async def test_the_same_key_with_another_body_is_refused(one: Node) -> None:
    await one.submit(Add("a"), "key", body_hash="1")

    with pytest.raises(KeyReused):
        await one.submit(Add("b"), "key", body_hash="2")
    assert await one.inputs() == ["a"]


async def test_many_commands_for_one_aggregate_take_a_version_each(one: Node) -> None:
    await asyncio.gather(*(one.submit(Add(f"i{n}"), f"cause-{n}") for n in range(20)))

    assert (await one.view())["version"] == 20
    assert await one.inputs() == [f"i{n}" for n in range(20)]


async def test_what_changes_nothing_is_remembered_all_the_same(one: Node) -> None:
    """Else a late repetition would have an effect that its first delivery had not."""
    await one.submit(Add("a"), "cause-1")
    nothing = await one.submit(Add("b", limit=1), "cause-2")
    await one.submit(Clear(), "cause-3")

    again = await one.submit(Add("b", limit=1), "cause-2")

    assert nothing.events == again.events == ()
    assert again.repeated
    assert await one.inputs() == []


async def test_a_refused_command_leaves_no_trace_and_may_come_again(one: Node) -> None:
    await one.submit(Add("a"), "cause-1")
    with pytest.raises(Refused) as refusal:
        await one.submit(Add("b", limit=1, strict=True), "cause-2")
    assert refusal.value.code == "full"

    await one.submit(Clear(), "cause-3")
    await one.submit(Add("b", limit=1, strict=True), "cause-2")

    assert await one.inputs() == ["b"]


async def test_a_repeated_request_is_answered_as_at_first_though_it_would_be_refused(
    one: Node,
) -> None:
    await one.submit(Add("a", limit=1, strict=True), "cause-1")

    assert (await one.submit(Add("a", limit=1, strict=True), "cause-1")).repeated


async def test_not_yet_is_the_senders_to_repeat(one: Node) -> None:
    with pytest.raises(NotYet):
        await one.submit(After("b", other="a"), "cause-2")
    await one.submit(Add("a"), "cause-1")

    await one.submit(After("b", other="a"), "cause-2")

    assert await one.inputs() == ["a", "b"]


async def test_a_bug_in_one_decision_concerns_its_sender_only(one: Node) -> None:
    results = await asyncio.gather(
        one.submit(Add("a"), "cause-1", "1"),
        one.submit(Break(), "cause-2", "2"),
        one.submit(Add("c"), "cause-3", "3"),
        return_exceptions=True,
    )

    assert isinstance(results[1], ZeroDivisionError)
    assert await one.inputs("1") == ["a"]
    assert await one.inputs("3") == ["c"]


async def test_what_is_too_large_is_refused_before_the_commit(
    one: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "MAX_EVENT_BYTES", 1_000)
    monkeypatch.setattr(codec, "MAX_COMMIT_BYTES", 2_000)
    work = one.work(Add("a"), "cause-1")
    large = Work(work.aggregate, work.handler, "x" * 3_000, work.command, work.actor)

    with pytest.raises(TooLarge):
        await one.committer.submit(large)

    await one.submit(Add("a"), "cause-1")
    assert (await one.view())["version"] == 1


async def test_what_breaks_the_store_again_and_again_is_given_up_alone(
    one: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = Commits.insert

    async def choke(self: Commits, documents: list[dict[str, object]], *kept: Any) -> bool:
        if any(document["aggregate"] == "counter:bad" for document in documents):
            raise OverflowError("no document")
        return await insert(self, documents, *kept)

    monkeypatch.setattr(Commits, "insert", choke)
    results = await asyncio.gather(
        one.submit(Add("a"), "cause-1", "1"),
        one.submit(Add("b"), "cause-2", "bad"),
        one.submit(Add("c"), "cause-3", "3"),
        return_exceptions=True,
    )

    assert isinstance(results[1], OverflowError)
    assert await one.inputs("1") == ["a"]
    assert await one.inputs("3") == ["c"]


async def test_a_damaged_view_is_folded_anew(one: Node) -> None:
    await one.submit(Add("a"), "cause-1")
    broken = {"$set": {"state": {"inputs": 7}}}
    await one.database["view_counter"].update_one({"_id": "counter:1"}, broken)

    await one.submit(Add("b"), "cause-2")

    assert await one.inputs() == ["a", "b"]


async def test_an_event_that_is_finally_refused_is_parked_and_the_watermark_goes_on(
    one: Node,
) -> None:
    def verdict(message: Outgoing) -> PublishError | None:
        bad = b'"posting":"bad"' in message.body
        return PublishError(message, "unroutable", final=True) if bad else None

    one.publisher.verdict = verdict
    await asyncio.gather(
        one.through(Add("bad"), "cause-1", "1"), one.through(Add("good"), "cause-2", "2")
    )

    assert one.publisher.inputs == ["good"]
    [parked] = await one.database["outbound_parked"].find({}).to_list(None)
    assert parked["reason"] == "unroutable"
    await eventually(lambda: one.committer.writer.settled)


async def test_stopping_finishes_and_closes(one: Node) -> None:
    waiting = [asyncio.create_task(one.through(Add(f"{n}"), f"c{n}", f"{n}")) for n in range(5)]
    await asyncio.sleep(0)
    await one.committer.stop()

    assert all(not outcome.repeated for outcome in await asyncio.gather(*waiting))
    writer = await one.database["writers"].find_one({"_id": one.committer.writer.id})
    assert writer is not None
    assert writer["phase"] == "closed"
    with pytest.raises(Unavailable):
        await one.submit(Add("late"), "late")


async def test_stopping_with_something_unpublished_leaves_the_writer_open(
    one: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.store.committer.STOP_SECONDS", 0.2)
    one.publisher.open.clear()
    await one.submit(Add("a"), "cause-1")

    await one.committer.stop()

    writer = await one.database["writers"].find_one({"_id": one.committer.writer.id})
    assert writer is not None
    assert (writer["phase"], writer["sent"]) == ("open", 0)


async def test_a_view_that_cannot_be_written_for_a_moment_is_written_afterwards(
    one: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, failures = Views.store, iter([True, True])

    async def moody(self: Views, *arguments: object) -> None:
        if next(failures, False):
            raise AutoReconnect("away")
        await store(self, *arguments)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Views, "store", moody)
    await one.submit(Add("a"), "cause-1")

    assert await one.inputs() == ["a"]


async def test_who_no_longer_waits_takes_nothing_back(one: Node) -> None:
    work, writer = one.work(Add("a"), "cause-1"), one.committer.writer
    waiting = asyncio.create_task(one.committer.submit(work))
    await asyncio.sleep(0)
    assert one.committer.backlog == 1
    waiting.cancel()

    await eventually(lambda: one.publisher.inputs == ["a"])
    again = await one.committer.through(work)
    assert waiting.cancelled()
    assert again.repeated
    assert one.committer.writer is writer


async def test_an_answered_commit_is_published_though_nobody_waits_for_it(one: Node) -> None:
    await one.submit(Add("a"), "cause-1")

    await eventually(lambda: one.publisher.inputs == ["a"])
