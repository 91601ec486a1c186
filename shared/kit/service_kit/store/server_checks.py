"""Each need of the commit store as a function: returns what it saw, or raises CheckFailed."""

import asyncio
import uuid
from datetime import UTC, datetime

from service_kit.mongo import (
    BulkWriteError,
    Collection,
    Database,
    Document,
    DuplicateKeyError,
    ReplaceOne,
    UpdateOne,
    refused_positions,
)
from service_kit.store.commits import Commits

RACERS = 16
ROUNDS = 10


class CheckFailed(Exception):
    """The server does not give what we rely on; the text says what it did instead."""


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise CheckFailed(otherwise)


async def once_per_cause_under_races(database: Database) -> str:
    """Of many that insert the same (handler, cause) at once, exactly one succeeds."""
    commits = await _commits(database)
    for cause in range(ROUNDS):
        rows = [_row(f"race:{cause}-{i}", 1, cause=f"race-{cause}") for i in range(RACERS)]
        won = await asyncio.gather(*(commits.insert([row]) for row in rows))
        count = sum(1 for refused in won if not refused)
        expect(count == 1, f"{count} inserts of one cause succeeded")
    return f"{ROUNDS} races of {RACERS}"


async def one_version_under_races(database: Database) -> str:
    """Of many that insert the same ``_id`` at once, exactly one succeeds."""
    commits = await _commits(database)
    for version in range(1, ROUNDS + 1):
        rows = [_row("lock:1", version, cause=f"lock-{version}-{i}") for i in range(RACERS)]
        won = await asyncio.gather(*(commits.insert([row]) for row in rows))
        count = sum(1 for refused in won if not refused)
        expect(count == 1, f"{count} inserts of one version succeeded")
    return f"{ROUNDS} races of {RACERS}"


async def bulks_race_without_loss(database: Database) -> str:
    """Overlapping bulks: every cause is stored once, and each bulk is told which were its own."""
    commits = await _commits(database)
    bulks = [
        [_row(f"bulk{b}:{i}", 1, cause=f"bulk-{(i + b) % 64}") for i in range(48)] for b in range(4)
    ]
    refused = await asyncio.gather(*(commits.insert(bulk) for bulk in bulks))
    claimed = [
        row["cause_id"]
        for bulk, positions in zip(bulks, refused, strict=True)
        for i, row in enumerate(bulk)
        if i not in positions
    ]
    query = {"handler": "check", "cause_id": {"$in": [f"bulk-{i}" for i in range(64)]}}
    stored = await commits.collection.find(query).to_list(None)
    expect(len(claimed) == len(set(claimed)), "two bulks were told that they stored one cause")
    expect({d["cause_id"] for d in stored} == set(claimed), "what is stored is not what was told")
    return f"{len(stored)} of 192 stored"


async def duplicates_in_a_bulk_are_told_by_position(database: Database) -> str:
    """An unordered insert stores all but the duplicates, and names exactly their positions."""
    commits = await _commits(database)
    await commits.insert([_row("dup:1", 1, cause="dup-1"), _row("dup:2", 1, cause="dup-2")])
    bulk = [_row(f"dup:{i}", 1, cause=f"dup-{i}") for i in (3, 1, 4, 2, 5)]
    bulk += [_row("dup:6", 1, cause="dup-1"), _row("dup:1", 1, cause="dup-7")]
    refused = await commits.insert(bulk)
    expect(sorted(refused) == [1, 3, 5, 6], f"refused positions {refused} instead of 1, 3, 5, 6")
    ids = [row["_id"] for row in bulk]
    there = await commits.by_ids(ids)
    expect(all(f"dup:{i}:1" in there for i in range(1, 6)), "a good document was not stored")
    expect("dup:6:1" not in there, "a refused document was stored")
    return "4 of 7 refused"


async def an_ordered_bulk_stops_at_the_first_refusal(database: Database) -> str:
    """What is inserted in order is never there without what stands before it."""
    commits = await _commits(database)
    await commits.insert([_row("order:3", 1, cause="order-3")])
    bulk = [_row(f"order:{i}", 1, cause=f"order-{i}") for i in (1, 2, 3, 4, 5)]
    there = await commits.insert_in_order(bulk)
    expect(there == 2, f"{there} of 2 were said to be there")
    stored = await commits.by_ids([row["_id"] for row in bulk])
    expect(sorted(stored) == ["order:1:1", "order:2:1", "order:3:1"], f"stored: {sorted(stored)}")
    return "2 of 5 stored"


async def a_repeated_bulk_changes_nothing(database: Database) -> str:
    """After an unknown outcome the same documents are inserted again: all are refused."""
    commits = await _commits(database)
    bulk = [_row(f"again:{i}", 1, cause=f"again-{i}") for i in range(64)]
    expect(await commits.insert(bulk) == [], "fresh documents were refused")
    refused = await commits.insert(bulk)
    expect(refused == list(range(64)), f"only {len(refused)} of 64 were refused")
    return "64 refused"


async def a_lease_is_taken_by_one(database: Database) -> str:
    """Compare-and-set: of many that claim the same lease at once, one succeeds."""
    writers = database["check_writers"]
    for lease in range(1, ROUNDS + 1):
        await writers.replace_one({"_id": "w"}, {"lease": lease, "owner": "nobody"}, upsert=True)
        claims = [_claim(writers, lease, f"p{i}") for i in range(RACERS)]
        won = sum(await asyncio.gather(*claims))
        expect(won == 1, f"{won} claims of one lease succeeded")
    return f"{ROUNDS} races of {RACERS}"


async def views_never_go_back(database: Database) -> str:
    """Replacing where the rank is lower, with upsert: an older view is refused by its ``_id``."""
    views = database["check_views"]
    order = [3, 1, 2, 5, 4, 5, 1]
    refused = 0
    for rank in order:
        lower = {"_id": "v", "rank": {"$lt": rank}}
        try:
            await views.bulk_write(
                [ReplaceOne(lower, {"_id": "v", "rank": rank}, upsert=True)], ordered=False
            )
        except BulkWriteError as error:
            refused += len(refused_positions(error))
    found = await views.find_one({"_id": "v"})
    expect(found is not None and found["rank"] == max(order), f"the view ended at {found}")
    expect(refused == 5, f"{refused} older views were refused instead of 5")
    return f"{refused} of {len(order)} refused"


async def ranges_are_exact(database: Database) -> str:
    """A bounded range over (writer, batch), both ends included, and no other writer's."""
    commits = await _commits(database)
    rows = [
        _row(f"range{w}:{b}", 1, cause=f"range-{w}-{b}", writer=f"range-{w}", batch=b)
        for w in range(2)
        for b in range(1, 41)
    ]
    await commits.insert(rows)
    found = await commits.of_writer("range-1", 5, 20)
    batches = sorted(commit.batch for commit in found)
    expect(batches == list(range(5, 21)), f"batches {batches}")
    expect({commit.writer for commit in found} == {"range-1"}, "another writer's commits")
    return "16 of 80"


async def documents_come_back_as_they_were(database: Database) -> str:
    """Times to the millisecond in UTC, nulls, nesting, large numbers, Chinese, 8 MiB."""
    collection = database["check_values"]
    stored: Document = {
        "_id": uuid.uuid4().hex,
        "at": datetime(2026, 1, 5, 9, 12, 30, 123000, tzinfo=UTC),
        "none": None,
        "deep": {"list": [{"a": 1}, [2.5, -0.5], []], "text": "兰河区 ☔"},
        "large": 2**53 + 1,
        "long": "x" * (8 * 1024 * 1024),
    }
    await collection.insert_one(stored)
    found = await collection.find_one({"_id": stored["_id"]})
    expect(found == stored, "a document came back changed")
    return "8 MiB"


async def a_single_duplicate_is_told(database: Database) -> str:
    """``insert_one`` of a known ``_id`` raises DuplicateKeyError."""
    collection = database["check_values"]
    await collection.insert_one({"_id": "one"})
    try:
        await collection.insert_one({"_id": "one"})
    except DuplicateKeyError:
        return "DuplicateKeyError"
    raise CheckFailed("the second insert succeeded")


async def upserts_of_one_id_meet_in_one_document(database: Database) -> str:
    """Stamps: many upserts of one ``_id`` at once leave one document with one of their values."""
    stamps = database["check_stamps"]

    async def stamp(value: int) -> None:
        change = UpdateOne({"_id": "s"}, {"$set": {"stamp": value}}, upsert=True)
        try:
            await stamps.bulk_write([change])
        except BulkWriteError as error:
            refused_positions(error)

    await asyncio.gather(*(stamp(i) for i in range(RACERS)))
    found = await stamps.find({"_id": "s"}).to_list(None)
    expect(len(found) == 1, f"{len(found)} documents")
    return f"{RACERS} at once"


async def _claim(writers: Collection, lease: int, owner: str) -> int:
    change = {"$set": {"owner": owner, "lease": lease + 1}}
    return (await writers.update_one({"_id": "w", "lease": lease}, change)).modified_count


async def _commits(database: Database) -> Commits:
    commits = Commits(database)
    await commits.create_indexes()
    return commits


def _row(
    aggregate: str, version: int, *, cause: str, writer: str = "w-check", batch: int = 1
) -> Document:
    return {
        "_id": f"{aggregate}:{version}", "aggregate": aggregate, "version": version,
        "events": [], "handler": "check", "cause_id": cause, "correlation": cause,
        "actor": {"id": "service:check"}, "at": "2026-01-05T00:00:00+00:00", "schema": 1,
        "writer": writer, "batch": batch, "prev_hash": "", "hash": "",
    }  # fmt: skip
