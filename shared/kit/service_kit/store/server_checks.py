"""What the store needs of a server besides its commits: each need as a function that returns what
it saw, or raises CheckFailed."""

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

RACERS = 16
ROUNDS = 10


class CheckFailed(Exception):
    """The server does not give what we rely on; the text says what it did instead."""


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise CheckFailed(otherwise)


async def duplicates_in_a_bulk_are_told_by_position(database: Database) -> str:
    """An unordered insert (of views, of rows) stores all but the duplicates, and names exactly
    their positions."""
    rows = database["check_rows"]
    await rows.insert_many([{"_id": 1}, {"_id": 2}])
    bulk = [{"_id": i} for i in (3, 1, 4, 2, 5, 3)]
    refused: list[int] = []
    try:
        await rows.insert_many(bulk, ordered=False)
    except BulkWriteError as error:
        refused = sorted(refused_positions(error))
    expect(refused == [1, 3, 5], f"refused positions {refused} instead of 1, 3, 5")
    there = {d["_id"] async for d in rows.find({})}
    expect(there == {1, 2, 3, 4, 5}, f"stored: {sorted(there)}")
    return "3 of 6 refused"


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
