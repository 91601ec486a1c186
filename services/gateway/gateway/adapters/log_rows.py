"""The rows of the inbox logs, found by what they are about."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.domain.rows import INBOX
from service_kit.events.numbered import NumberedLogs
from service_kit.mongo import ASCENDING, Database

StoredRow = Mapping[str, Any]


async def create_indexes(database: Database) -> None:
    await NumberedLogs(database, INBOX).create_indexes()
    await database[INBOX].create_index([("about", ASCENDING)], name="about")


async def rows_about(database: Database, subjects: Sequence[str]) -> dict[str, list[StoredRow]]:
    """All rows about these tasks, operations or forwarded commands."""
    found: dict[str, list[StoredRow]] = {subject: [] for subject in subjects}
    if found:
        async for row in database[INBOX].find({"about": {"$in": list(found)}}):
            found[row["about"]].append(row)
    return found
