"""``media_pending``: files that are being stored or deleted, so that none is ever forgotten.

A name is noted before its file is written and crossed out when its evidence is committed, or the
file is gone. What a process left noted when it died is deleted a day later.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from service_kit import clock
from service_kit.mongo import Database

LEFT_BEHIND = timedelta(days=1)


class Pending:
    def __init__(self, database: Database) -> None:
        self._names = database["media_pending"]

    async def note(self, names: Sequence[str], evidence: str) -> None:
        at = clock.now()
        rows = [{"_id": name, "evidence": evidence, "at": at} for name in names]
        if rows:
            await self._names.insert_many(rows)

    async def cross_out(self, names: Sequence[str]) -> None:
        if names:
            await self._names.delete_many({"_id": {"$in": list(names)}})

    async def left_behind(self, now: datetime) -> dict[str, list[str]]:
        """Names by evidence."""
        found: dict[str, list[str]] = {}
        async for row in self._names.find({}):
            if row["at"] < now - LEFT_BEHIND:
                found.setdefault(row["evidence"], []).append(row["_id"])
        return found
