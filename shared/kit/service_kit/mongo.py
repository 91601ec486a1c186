"""The one file that knows the driver: motor. PyMongo's own async client would go here."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import ASCENDING, DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)
from pymongo.write_concern import WriteConcern

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
Collection = AsyncIOMotorCollection[Document]

UNKNOWN_OUTCOME = (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    WriteConcernError,
)
"""After these nobody knows whether the write landed: write the same again until told."""

DUPLICATE = 11000
"""The code of a write that a unique index refused."""

NOT_THERE = (26, 27)
"""The codes where there is no such collection, or no such index in it."""


def refused_positions(error: BulkWriteError) -> list[int]:
    """Which documents of an unordered bulk a unique index refused; raises whatever else went
    wrong, and where the majority has not confirmed, that nobody knows the outcome."""
    if error.details.get("writeConcernErrors"):
        raise WriteConcernError(str(error.details["writeConcernErrors"][0].get("errmsg")))
    rows = error.details["writeErrors"]
    if any(row.get("code") != DUPLICATE for row in rows):
        raise error
    return [row["index"] for row in rows]


async def insert_new(collection: Collection, documents: Sequence[Document]) -> list[int]:
    """Insert all that can be, in one go; the positions of those that a unique index refused."""
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return refused_positions(error)
    return []


async def replace_older(collection: Collection, documents: Sequence[Document], *, by: str) -> None:
    """Replace each where what is stored under its ``_id`` has less in the field ``by``; where
    nothing is stored it is inserted."""
    writes = [
        ReplaceOne({"_id": new["_id"], by: {"$lt": new[by]}}, new, upsert=True) for new in documents
    ]
    if not writes:
        return
    try:
        await collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        refused_positions(error)  # by the unique _id: what is stored is as new, or newer


async def drop_index(collection: Collection, name: str) -> None:
    """Take an index away, if it is there."""
    try:
        await collection.drop_index(name)
    except OperationFailure as error:
        if error.code not in NOT_THERE:
            raise


__all__ = [
    "ASCENDING",
    "DUPLICATE",
    "UNKNOWN_OUTCOME",
    "BulkWriteError",
    "Client",
    "Collection",
    "Database",
    "DeleteOne",
    "Document",
    "DocumentTooLarge",
    "DuplicateKeyError",
    "InsertOne",
    "PyMongoError",
    "ReplaceOne",
    "UpdateOne",
    "connect",
    "database",
    "drop_index",
    "insert_new",
    "refused_positions",
    "replace_older",
]


def connect(url: str, *, timeout_seconds: float = 5.0) -> Client:
    """A client whose operations fail within the time-out instead of hanging.

    Retryable writes are off: they do not work on a standalone server, and every write of ours
    is repeatable by itself.
    """
    milliseconds = int(timeout_seconds * 1000)
    return AsyncIOMotorClient(
        url,
        serverSelectionTimeoutMS=milliseconds,
        connectTimeoutMS=milliseconds,
        socketTimeoutMS=milliseconds * 2,
        retryWrites=False,
        maxPoolSize=20,
    )


def database(client: Client, name: str) -> Database:
    """A database with journaled majority writes and times in UTC."""
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True, tzinfo=UTC),
        write_concern=WriteConcern(w="majority", j=True),
    )
