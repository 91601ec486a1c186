"""What is decided together is stored as one document, whole or not at all."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from service_kit.errors import KeyReused
from service_kit.mongo import UNKNOWN_OUTCOME, Database, Document
from service_kit.store import inserting
from service_kit.store.commits import Commits
from service_kit.store.filing import commits_of
from service_kit.store.model import Context, Decision, Outcome
from service_kit.verify import Verified, verify
from tests.support import stored
from tests.support.counter import FOLLOW_UPS, Add, Counter
from tests.support.store_node import DISTRICT, SERVICE, Node, node
from tests.support.twin import eventually


async def _violations(db: Database) -> list[str]:
    service = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS)
    report = await verify([service], district=DISTRICT, settle_seconds=0)
    return [f"{v.invariant} {v.what}" for v in report.violations]


async def _batches(db: Database) -> list[tuple[int, list[str]]]:
    """Number and commits of each document."""
    found = await db["commits"].find({}).to_list(None)
    assert all(d["_id"] == f"{c['writer']}:{c['batch']}" for d in found for c in commits_of(d))
    return [(commits_of(d)[0]["batch"], [key["id"] for key in d["keys"]]) for d in found]


async def _all(one: Node, *texts: str, **more: Any) -> list[Any]:
    """Each text to the counter that is called so, in one batch."""
    works = [one.submit(Add(text), f"cause-{text}", text[0], **more) for text in texts]
    return await asyncio.gather(*works, return_exceptions=True)


async def test_a_batch_is_one_document(db: Database) -> None:
    async with node(db) as one:
        await _all(one, "a", "b", "c")
        await _all(one, "d")
        assert await _batches(db) == [
            (1, ["counter:a:1", "counter:b:1", "counter:c:1"]),
            (2, ["counter:d:1"]),
        ]
        found = await one.committer.commits.of_writer(one.committer.writer.id, 1, 10)
        assert [commit.id for commit in found] == await stored.ids(db)
    assert await _violations(db) == []


async def test_what_is_decided_together_is_foreseen_together(db: Database) -> None:
    seen: list[Any] = []

    class Looking(Counter):
        def decide(self, state: Any, command: Any, context: Context) -> Decision:
            seen.append(context.world)
            return super().decide(state, command, context)

    def foresee(commands: Sequence[Any], world: Any) -> Any:
        return world, [command.input for command in commands]

    async with node(db, Looking(), foresee) as one:
        await _all(one, "a", "b", "c")
    assert seen == [(None, ["a", "b", "c"])] * 3


async def test_what_is_refused_does_not_take_others_along(db: Database) -> None:
    """One place is taken, one was handled before, one key came with another body."""
    async with node(db) as one, node(db) as other:
        await _all(other, "a", "b", "k", body_hash="1")
        works = [
            one.submit(Add("again"), "cause-new", "a", fresh=True),
            one.submit(Add("b"), "cause-b", "b", body_hash="1", fresh=True),
            one.submit(Add("k"), "cause-k", "k", body_hash="2", fresh=True),
            one.submit(Add("free"), "cause-free", "f"),
        ]
        new, before, reused, free = await asyncio.gather(*works, return_exceptions=True)
        assert isinstance(new, Outcome)
        assert isinstance(before, Outcome)
        assert isinstance(free, Outcome)
        assert (new.commit.version, new.commit.batch) == (2, 2)
        assert before.repeated
        assert isinstance(reused, KeyReused)
        assert (free.repeated, free.commit.batch) == (False, 1)
        assert await one.inputs("a") == ["a", "again"]
        await eventually(lambda: one.committer.writer.settled)
    assert await _violations(db) == []


async def test_the_number_of_a_batch_of_which_nothing_went_in_is_free_again(db: Database) -> None:
    async with node(db) as one, node(db) as other:
        await _all(other, "a", "b")
        again = await _all(one, "a", "b")
        assert all(outcome.repeated for outcome in again)
        assert (one.committer.writer.batch, one.committer.writer.settled) == (0, True)
        [fresh] = await _all(one, "c")
        assert fresh.commit.batch == 1
    assert await _violations(db) == []


async def test_while_an_answer_is_lost_a_place_may_be_taken(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest goes in under the same number, and the first attempt cannot land any more."""
    insert, attempts = Commits.insert, list[list[Document]]()
    async with node(db) as one, node(db) as other:

        async def lossy(self: Commits, documents: list[Document], *kept: Any) -> bool:
            if self is other.committer.commits:
                return await insert(self, documents, *kept)
            attempts.append(documents)
            if len(attempts) == 1:
                await _all(other, "b")
                raise UNKNOWN_OUTCOME[0]("no reply")
            return await insert(self, documents, *kept)

        monkeypatch.setattr(Commits, "insert", lossy)
        works = [one.through(Add(f"mine-{key}"), f"mine-{key}", key) for key in "abc"]
        outcomes = await asyncio.gather(*works)
        assert [(o.commit.batch, o.commit.version) for o in outcomes] == [(1, 1), (2, 2), (1, 1)]
        assert [len(documents) for documents in attempts] == [3, 3, 2, 1]
        assert not await insert(one.committer.commits, attempts[0])
    assert await _violations(db) == []


async def test_what_is_too_much_for_one_document_goes_into_the_next(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inserting, "MAX_BATCH_BYTES", 1_500)
    async with node(db) as one:
        causes = {"a": "1", "b": "2", "c": "3" * 3_000, "d": "4", "e": "5"}
        works = [one.submit(Add(key), cause, key) for key, cause in causes.items()]
        outcomes = await asyncio.gather(*works)
        assert not any(outcome.repeated for outcome in outcomes)
        assert await _batches(db) == [
            (1, ["counter:a:1", "counter:b:1"]),
            (2, ["counter:c:1"]),
            (3, ["counter:d:1", "counter:e:1"]),
        ]
    assert await _violations(db) == []


async def test_what_follows_and_has_no_room_is_completed_after(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inserting, "MAX_BATCH_BYTES", 1_000)
    async with node(db) as one:
        await one.through(Add("/b/c"), "cause")
        assert await _batches(db) == [
            (1, ["counter:1:1"]), (2, ["counter:b:1"]), (3, ["counter:c:1"]),
        ]  # fmt: skip
        await eventually(lambda: one.committer.writer.settled)
        assert one.committer.writer.sent == 3
    assert await _violations(db) == []


async def test_a_batch_of_the_version_before_is_read_on(db: Database) -> None:
    """It has its commits field by field, not as texts."""
    async with node(db) as one:
        await _all(one, "a", "b")
        [batch] = await db["commits"].find({}).to_list(None)
        as_before = {"$set": {"commits": commits_of(batch)}}
        await db["commits"].update_one({"_id": batch["_id"]}, as_before)

        [outcome] = await _all(one, "a-more")
        assert outcome.commit.version == 2
        await db["view_counter"].delete_many({})
        assert (await one.submit(Add("again"), "cause-again", "a")).commit.version == 3
    assert len(await stored.all_commits(db)) == 4
    again = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS)
    assert (await verify([again], district=DISTRICT, settle_seconds=0)).counts["commits"] == 4
