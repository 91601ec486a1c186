"""What follows an event is committed with it, once, whatever else happens."""

import asyncio
from typing import Any

import pytest

from service_kit.mongo import UNKNOWN_OUTCOME, Database, Document
from service_kit.store.commits import Commits
from service_kit.store.model import Outcome
from service_kit.verify import Verified, verify
from tests.support import stored
from tests.support.counter import FOLLOW_UPS, Add, Counter
from tests.support.store_node import DISTRICT, SERVICE, Killed, Node, die_at, node
from tests.support.twin import eventually

Patch = pytest.MonkeyPatch
AWAY = UNKNOWN_OUTCOME[0]
POINTS = ["before_commit", "after_commit", "after_view", "before_publish", "after_confirm"]


async def _violations(db: Database) -> list[str]:
    service = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS)
    report = await verify([service], district=DISTRICT, settle_seconds=0)
    return [f"{v.invariant} {v.what}" for v in report.violations]


async def _dead(db: Database, text: str) -> Node:
    """A process that was asked for an input, and died of what was patched."""
    dead = Node(db)
    await dead.committer.start()
    asyncio.ensure_future(dead.submit(Add(text), "cause"))  # noqa: RUF006  (never answered)
    await eventually(lambda: dead.committer._tasks[0].done())
    assert isinstance(dead.committer._tasks[0].exception(), Killed)
    await dead.die()
    return dead


async def _follower(db: Database, outcome: Outcome) -> Document:
    cause = outcome.events[0].id
    [found] = await stored.where(db, handler="registry.follow", cause_id=cause)
    return found


async def test_it_is_what_the_message_would_have_made_in_the_same_batch(db: Database) -> None:
    async with node(db) as one:
        outcome = await one.submit(Add("/b"), "cause", correlation="c-1", traceparent="t-1")
        await eventually(lambda: one.publisher.inputs == ["/b", "end"])
        assert await one.inputs("b") == ["end"]
    found, lead = await _follower(db, outcome), outcome.commit
    assert (found["writer"], found["batch"]) == (lead.writer, lead.batch)
    assert (found["correlation"], found["traceparent"]) == ("c-1", "t-1")
    assert (found["actor"]["id"], found["_id"]) == (f"service:{SERVICE}", "counter:b:1")
    assert await _violations(db) == []


async def test_what_follows_is_followed_too(db: Database) -> None:
    async with node(db) as one:
        await one.through(Add("/b/c/d"), "cause")
        assert one.publisher.inputs == ["/b/c/d", "/c/d", "/d", "end"]
        assert await one.inputs("d") == ["end"]
    assert await _violations(db) == []


async def test_the_same_cause_again_is_not_followed_again(db: Database) -> None:
    async with node(db) as one, node(db) as other:
        await one.through(Add("/b"), "cause")
        assert (await other.through(Add("/b"), "cause")).repeated
        assert await one.inputs("b") == ["end"]
    assert await _violations(db) == []


async def test_where_the_place_is_taken_it_is_decided_again(db: Database) -> None:
    async with node(db) as one, node(db) as other:
        await other.through(Add("first"), "cause-1", "b")
        outcome = await one.through(Add("/b"), "cause-2")
        assert await one.inputs("b") == ["first", "end"]
        assert (await _follower(db, outcome))["batch"] == outcome.commit.batch + 1
        await eventually(lambda: one.committer.writer.settled)
        assert one.committer.writer.sent == outcome.commit.batch + 1
    assert await _violations(db) == []


async def test_several_for_one_aggregate_each_have_their_turn(db: Database) -> None:
    async with node(db) as one:
        works = [one.submit(Add("/b"), f"cause-{n}", f"{n}") for n in range(5)]
        works.append(one.submit(Add("other"), "cause-b", "b"))
        await asyncio.gather(*works)
        assert sorted(await one.inputs("b")) == ["end"] * 5 + ["other"]
    assert await _violations(db) == []


async def test_nothing_is_committed_of_what_cannot_be_followed(db: Database) -> None:
    async with node(db) as one:
        well = asyncio.ensure_future(one.submit(Add("well"), "cause-1", "2"))
        with pytest.raises(ZeroDivisionError):
            await one.submit(Add("/b@"), "cause-2")
        await well
    assert await stored.ids(db) == ["counter:2:1"]


async def test_a_leader_whose_place_was_taken_has_one_follower(db: Database) -> None:
    """Its first attempt is refused: what would have followed that one must never be there."""
    async with node(db) as one, node(db) as other:
        await other.through(Add("first"), "cause-1")
        outcome = await one.submit(Add("/b"), "cause-2", fresh=True)
        assert outcome.commit.version == 2
        assert await one.inputs("b") == ["end"]
    assert await _violations(db) == []


@pytest.mark.parametrize("point", POINTS)
async def test_whoever_dies_leaves_nothing_unfollowed(
    db: Database, monkeypatch: Patch, point: str
) -> None:
    with monkeypatch.context() as patched:
        die_at(patched, point)
        await _dead(db, "/b/c")
    async with node(db) as heir:
        if point == "before_commit":
            await heir.through(Add("/b/c"), "cause")
        await heir.look_until(lambda: set(heir.publisher.inputs) == {"/b/c", "/c", "end"})
        assert await heir.inputs("c") == ["end"]
    assert await _violations(db) == []


@pytest.mark.parametrize("lands", [False, True])
async def test_a_batch_that_lands_after_its_process_is_whole(
    db: Database, monkeypatch: Patch, lands: bool
) -> None:
    """The process dies with its insert under way, which then is refused or lands: late."""
    sent: list[Document] = []

    async def dying(_: Commits, documents: list[Document], *kept: Any) -> bool:
        sent.extend(documents)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Commits, "insert", dying)
        dead = await _dead(db, "/b")
    async with node(db) as heir:
        await heir.look_until(lambda: _lapsed(heir, dead))
        if lands:
            assert await Commits(db).insert(sent)
            await heir.look_until(lambda: set(heir.publisher.inputs) == {"/b", "end"})
            assert await heir.inputs("b") == ["end"]
        again = await heir.through(Add("/b"), "cause")
        assert again.repeated == lands
        assert await Commits(db).insert(sent) is False
    assert await _violations(db) == []


async def test_what_was_not_completed_its_take_over_completes(
    db: Database, monkeypatch: Patch
) -> None:
    """The place of what follows was taken, and the process dies before it is decided again."""
    async with node(db) as heir:
        await heir.through(Add("first"), "cause-1", "b")
        with monkeypatch.context() as patched:
            die_at(patched, "after_commit")
            await _dead(db, "/b")
        assert await stored.ids(db) == ["counter:b:1", "counter:1:1"]
        await heir.look_until(lambda: heir.publisher.inputs == ["first", "end", "/b"])
        assert await heir.inputs("b") == ["first", "end"]
    assert await _violations(db) == []


def _lapsed(heir: Node, dead: Node) -> bool:
    lease, _ = heir.caretaker._seen.get(dead.committer.writer.id, (1, 0.0))
    return lease > 1


async def test_what_a_take_over_cannot_complete_it_tries_again(
    db: Database, monkeypatch: Patch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("tests.support.store_node.FOLLOW_UPS", [])
        die_at(patched, "before_publish")
        dead = await _dead(db, "/b")
    async with node(db) as heir:
        with monkeypatch.context() as patched:
            patched.setattr(Counter, "decide", _failing)
            await heir.look_until(lambda: heir.publisher.inputs == ["/b"])
        writer = await db["writers"].find_one({"_id": dead.committer.writer.id})
        assert writer is not None
        assert writer["noted"] == []
        await heir.look_until(lambda: "end" in heir.publisher.inputs)
    assert await _violations(db) == []


def _failing(*_: Any) -> Any:
    raise ZeroDivisionError("a bug")


@pytest.mark.parametrize("lands", [False, True])
async def test_a_lost_reply_is_asked_for_again(
    db: Database, monkeypatch: Patch, lands: bool
) -> None:
    insert, calls = Commits.insert, []

    async def lossy(self: Commits, documents: list[Document], *kept: Any) -> bool:
        calls.append(len(documents))
        if len(calls) > 1:
            return await insert(self, documents, *kept)
        if lands:
            await insert(self, documents, *kept)
        raise AWAY("no reply")

    monkeypatch.setattr(Commits, "insert", lossy)
    async with node(db) as one:
        outcome = await one.through(Add("/b"), "cause")
        assert not outcome.repeated
        assert one.publisher.inputs == ["/b", "end"]
        assert calls == [2, 2]
    assert await _violations(db) == []


async def test_verification_sees_what_is_not_followed_and_what_follows_nothing(
    db: Database,
) -> None:
    async with node(db) as one:
        await one.through(Add("/b"), "cause")
        await one.committer.marker.caught_up()
    lead = await stored.remove(db, "counter:1:1")
    assert any("follows" in what for what in await _violations(db))
    await stored.remove(db, "counter:b:1")
    await stored.put(db, [lead])
    assert "I1 counter:1:1 was not followed by registry.follow" in await _violations(db)
