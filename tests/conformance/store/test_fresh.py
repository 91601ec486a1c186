"""Work for a thing that should be new with it: its first commit is filed under its id alone."""

import asyncio
from typing import Any

import pytest

from service_kit.errors import KeyReused
from service_kit.mongo import Database
from service_kit.store.codec import sealed
from service_kit.store.commits import Commits
from service_kit.store.model import Commit
from service_kit.verify import Verified, verify
from tests.support import stored
from tests.support.counter import FOLLOW_UPS, Add, After, Counter
from tests.support.store_node import DISTRICT, SERVICE, node

Patch = pytest.MonkeyPatch


async def test_it_has_no_key_by_its_cause(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Add("a"), "cause", fresh=True)

        assert await _keys(db) == [{"id": "counter:1:1"}]
        assert await one.committer.commits.by_cause("registry.count", "cause") is None


@pytest.mark.parametrize("other", [False, True])
async def test_the_same_again_is_answered_as_before(db: Database, other: bool) -> None:
    """By the same process and by another one."""
    async with node(db) as one, node(db) as two:
        first = await one.through(Add("a"), "cause", fresh=True)
        again = await (two if other else one).through(Add("a"), "cause", fresh=True)

        assert (first.repeated, again.repeated) == (False, True)
        assert again.commit == first.commit
        assert one.publisher.inputs + two.publisher.inputs == ["a"]
    assert await stored.ids(db) == ["counter:1:1"]
    assert await _violations(db) == []


async def test_the_same_again_with_another_body_is_refused(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Add("a"), "cause", fresh=True, body_hash="one")

        with pytest.raises(KeyReused):
            await one.submit(Add("a"), "cause", fresh=True, body_hash="two")
    assert await stored.ids(db) == ["counter:1:1"]


async def test_what_can_no_longer_be_decided_is_answered_as_before(
    db: Database, monkeypatch: Patch
) -> None:
    """The world has changed so that its decision fails: it was done all the same."""
    async with node(db) as one:
        first = await one.submit(Add("a"), "cause", fresh=True)
        monkeypatch.setattr(Counter, "decide", _failing)

        again = await one.submit(Add("a"), "cause", fresh=True)
        with pytest.raises(ZeroDivisionError):
            await one.submit(Add("b"), "another", fresh=True)

        assert again.repeated
        assert again.commit == first.commit
    assert await stored.ids(db) == ["counter:1:1"]
    assert await _violations(db) == []


async def test_what_another_process_does_meanwhile_is_not_done_again(
    db: Database, monkeypatch: Patch
) -> None:
    """It could not be decided on nothing; while it is looked up whether it was done before, another
    process does it, and on that it could."""
    async with node(db) as one, node(db) as two:
        commits = two.committer.commits
        by_cause = commits.by_cause

        async def then_done(handler: str, cause_id: str) -> Commit | None:
            found = await by_cause(handler, cause_id)
            await one.submit(Add("a"), "cause", fresh=True)
            return found

        monkeypatch.setattr(commits, "by_cause", then_done)
        outcome = await two.submit(After("b", "a"), "cause", fresh=True)

        assert outcome.repeated
    assert await stored.ids(db) == ["counter:1:1"]
    assert await _violations(db) == []


async def test_where_another_cause_was_first_it_is_decided_on_that(db: Database) -> None:
    """And is found by its cause when it comes again."""
    async with node(db) as one, node(db) as two:
        await one.through(Add("a"), "cause-1")
        second = await two.submit(Add("b"), "cause-2", fresh=True)
        again = await one.submit(Add("b"), "cause-2", fresh=True)

        assert second.commit.version == 2
        assert again.repeated
        assert again.commit == second.commit
        once = "registry.count|cause-"
        assert await _keys(db) == [
            {"id": "counter:1:1", "once": f"{once}1"}, {"id": "counter:1:2", "once": f"{once}2"}
        ]  # fmt: skip
    assert await _violations(db) == []


async def test_of_two_processes_with_the_same_at_once_one_does_it(db: Database) -> None:
    async with node(db) as one, node(db) as two:
        for number in range(10):
            asked = [
                each.submit(Add("a"), f"cause-{number}", str(number), fresh=True)
                for each in (one, two)
            ]
            outcomes = await asyncio.gather(*asked)
            assert sorted(outcome.repeated for outcome in outcomes) == [False, True]
            assert outcomes[0].commit == outcomes[1].commit
    assert len(await stored.ids(db)) == 10
    assert await _violations(db) == []


async def test_what_a_former_version_filed_by_its_cause_is_found(db: Database) -> None:
    """Its index knew no commit without a cause; it is replaced by one that does."""
    former = Commits(db)
    await former.collection.create_index([("keys.once", 1)], unique=True, name="once")
    async with node(db) as one:
        first = await one.submit(Add("a"), "cause-1")  # as that version filed what was fresh too
        again = await one.submit(Add("a"), "cause-1", fresh=True)
        more = [one.submit(Add("b"), f"cause-{n}", str(n), fresh=True) for n in (2, 3)]
        for outcome in await asyncio.gather(*more):
            assert not outcome.repeated
        await one.submit(Add("b"), "cause-4", "4", fresh=True)

        assert again.repeated
        assert again.commit == first.commit
        assert set(await former.collection.index_information()) == {"_id_", "lock", "cause"}
    assert await _violations(db) == []


async def test_only_a_first_commit_may_lack_its_cause(db: Database) -> None:
    async with node(db) as one:
        await one.submit(Add("a"), "cause-1")
        await one.submit(Add("b"), "cause-2")
        await one.committer.marker.caught_up()
    second = await stored.remove(db, "counter:1:2")
    await db["commits"].insert_one(
        {"_id": f"{second['writer']}:2", "keys": [{"id": "counter:1:2"}], "commits": [second]}
    )

    [violation] = await _violations(db)

    assert f"{second['writer']}:2" in violation


async def test_a_batch_that_lands_late_is_refused_for_its_id(db: Database) -> None:
    """Inserted by a process that died, after another one has done the same."""
    async with node(db) as one:
        done = await one.submit(Add("a"), "cause", fresh=True)
        late = sealed(done.commit).document | {"writer": "dead", "batch": 1}

        assert not await Commits(db).insert([late], None, {"counter:1:1"})


def _failing(*_: Any) -> Any:
    raise ZeroDivisionError("a bug")


async def _keys(db: Database) -> list[dict[str, str]]:
    return [key async for batch in db["commits"].find({}) for key in batch["keys"]]


async def _violations(db: Database) -> list[str]:
    service = Verified(SERVICE, db, [Counter()], follow_ups=FOLLOW_UPS)
    report = await verify([service], district=DISTRICT, settle_seconds=0)
    return [f"{v.invariant}: {v.what}" for v in report.violations]
