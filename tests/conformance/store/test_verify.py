"""Verification finds what is wrong: each way of damaging a store shows."""

from collections.abc import Awaitable, Callable

import pytest

from case_contracts.envelope import Envelope, source_of
from case_contracts.events.registry import PostingEnded
from service_kit.events.recorder import Recorder
from service_kit.events.subscriptions import Command, Fact, Mirror, Subscriptions
from service_kit.mongo import Database, connect
from service_kit.mongo import database as open_database
from service_kit.store.codec import envelope_dict, from_document
from service_kit.verify import Report, Verified, verify
from tests.support import stored
from tests.support.counter import Add, Counter
from tests.support.store_node import DISTRICT, SERVICE, node

Damage = Callable[[Database], Awaitable[object]]


async def _fill(db: Database) -> None:
    async with node(db) as one:
        for n in range(4):
            await one.through(Add(f"i{n}"), f"cause-{n}", "1")
        await one.through(Add("other"), "cause-other", "2")
        await one.committer.stop()


async def _verified(db: Database, **more: int) -> Report:
    service = Verified(SERVICE, db, [Counter()])
    return await verify([service], district=DISTRICT, settle_seconds=0.0, **more)


async def _edited(db: Database) -> None:
    await stored.change(
        db, "counter:1:2", lambda d: d["events"][0]["data"].update(posting="forged")
    )


async def _deleted(db: Database) -> None:
    await stored.remove(db, "counter:1:2")


async def _cut(db: Database) -> None:
    await stored.remove(db, "counter:1:4")


async def _reordered(db: Database) -> None:
    two, three = [await stored.remove(db, f"counter:1:{n}") for n in (2, 3)]
    two |= {"_id": "counter:1:3", "version": 3}
    three |= {"_id": "counter:1:2", "version": 2}
    await stored.put(db, [two, three])


async def _all_of_it_gone(db: Database) -> None:
    await stored.remove(db, "counter:2:1")


async def _second_effect(db: Database) -> None:
    await db["commits"].drop_index("cause")
    commit = await stored.one(db, "counter:2:1")
    await stored.put(db, [{**commit, "_id": "counter:3:1", "aggregate": "counter:3"}])


async def _second_version(db: Database) -> None:
    await db["commits"].drop_index("lock")
    commit = await stored.one(db, "counter:1:4")
    await stored.put(db, [{**commit, "cause_id": "another"}])


async def _misfiled(db: Database) -> None:
    """What it is known by is taken away, so that it could be done again."""
    forged = {"$set": {"keys.0.once": "nothing"}}
    await db["commits"].update_one({"keys.id": "counter:2:1"}, forged)


async def _unreadable(db: Database) -> None:
    await db["commits"].update_one({"keys.id": "counter:2:1"}, {"$set": {"commits.0": "{nothing"}})


async def _view_damaged(db: Database) -> None:
    await db["view_counter"].update_one({"_id": "counter:1"}, {"$set": {"state.inputs": []}})


async def _view_behind(db: Database) -> None:
    third = await stored.one(db, "counter:1:3")
    behind = {"version": 3, "head": third["hash"]}
    await db["view_counter"].update_one({"_id": "counter:1"}, {"$set": behind})


async def _view_lost(db: Database) -> None:
    await db["view_counter"].delete_one({"_id": "counter:2"})


async def _watermark_back(db: Database) -> None:
    await db["writers"].update_one({}, {"$set": {"sent": 2}})


async def _writer_lost(db: Database) -> None:
    await db["writers"].delete_many({})


async def _held(db: Database) -> None:
    await db["held"].insert_one({"_id": "h", "status": "parked", "event": "e"})


@pytest.mark.parametrize(
    ("damage", "invariant", "says"),
    [
        (_edited, "I3", "version 2 was changed"),
        (_deleted, "I3", "version 2 is missing"),
        (_reordered, "I3", "version 2 does not follow"),
        (_cut, "I3", "version 4 was known"),
        (_second_effect, "I2", "two effects for cause-other"),
        (_second_version, "I3", "counter:1: 5 commits for 4 versions"),
        (_misfiled, "I2", "not filed under what its commits say"),
        (_unreadable, "I2", "not filed under what its commits say"),
        (_view_damaged, "I2", "not the fold"),
        (_view_behind, "I2", "at version 3"),
        (_view_lost, "I2", "has no view"),
        (_watermark_back, "I1", "3 commits above closed"),
        (_writer_lost, "I1", "which is no writer"),
        (_held, "I5", "1 messages are held"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_damage_shows(db: Database, damage: Damage, invariant: str, says: str) -> None:
    await _fill(db)
    assert (await _verified(db)).violations == []

    await damage(db)

    found = (await _verified(db)).violations
    assert any(v.invariant == invariant and says in v.what for v in found), found


async def test_it_counts_what_it_has_looked_at(db: Database) -> None:
    await _fill(db)

    counts = (await _verified(db)).counts

    assert counts["commits"] == counts["events"] == 5
    assert counts["aggregates"] == counts["states"] == 2
    assert counts["writers"] == 1


async def test_what_was_meant_to_be_held_is_no_violation(db: Database) -> None:
    await _fill(db)
    await _held(db)

    assert (await _verified(db, allowed_held=1)).violations == []


LISTENING = Subscriptions(
    "intake",
    [
        Mirror(PostingEnded, "mirror_posting"),
        Fact(PostingEnded, "fact_posting", lambda data, _: {"posting": data.posting}),
        Command(PostingEnded, "intake.on-posting-ended", lambda _, __: None),
    ],
)


@pytest.fixture
async def listener(mongo_url: str, database: str) -> Database:
    return open_database(connect(mongo_url), f"{database}_l")


async def _deliver_all(owner: Database, subscriber: Database, leave_out: str = "") -> None:
    recorder = Recorder(subscriber)
    recorder.start()
    for document in await stored.all_commits(owner):
        commit = from_document(document)
        for event in commit.events:
            raw = envelope_dict(event, commit, DISTRICT, source_of(DISTRICT, SERVICE))
            envelope = Envelope.model_validate(raw)
            if commit.cause_id != leave_out:
                for entry in LISTENING.entries[:2]:
                    assert isinstance(entry, Mirror | Fact)
                    await recorder.record(entry, envelope, envelope.payload())
    await recorder.stop()


async def _both(db: Database, listener: Database, queued: int = 0) -> list[str]:
    services = [Verified(SERVICE, db), Verified("intake", listener, (), LISTENING, queued)]
    report = await verify(services, district=DISTRICT, settle_seconds=0.0)
    assert report.counts["deliveries"] == 5
    return [f"{v.invariant} {v.service} {v.what}" for v in report.violations]


async def test_a_lost_event_shows_at_the_subscriber(db: Database, listener: Database) -> None:
    await _fill(db)
    await _deliver_all(db, listener)
    assert await _both(db, listener) == []
    await listener.client.drop_database(listener.name)

    await _deliver_all(db, listener, leave_out="cause-other")

    [violation] = await _both(db, listener)
    assert violation.startswith("I1 intake 1 events were published and not handled")
    assert await _both(db, listener, queued=1) == []
    await listener.client.drop_database(listener.name)


async def test_a_cut_tail_shows_where_others_have_handled_it(
    db: Database, listener: Database
) -> None:
    """The owner's own view is cut as well: only the others still know."""
    await _fill(db)
    await _deliver_all(db, listener)
    await _all_of_it_gone(db)
    await _view_lost(db)

    services = [Verified(SERVICE, db), Verified("intake", listener, (), LISTENING)]
    report = await verify(services, district=DISTRICT, settle_seconds=0.0)

    assert {(v.invariant, v.service) for v in report.violations} == {("I3", "intake")}
    await listener.client.drop_database(listener.name)
