"""Which of the replicas has a duty that one alone may have: sending emails, working imports off.

The lease is a counter that its holder keeps counting up. Another takes it when it has not
changed for ``lapse_seconds`` by its own monotonic clock.
"""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable
from typing import Any

from service_kit.mongo import UNKNOWN_OUTCOME, Database, DuplicateKeyError

RENEWALS_PER_LAPSE = 4


class Lease:
    """One process's claim on a named duty."""

    def __init__(
        self,
        database: Database,
        name: str,
        lapse_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._collection, self._name, self._lapse = database["leases"], name, lapse_seconds
        self._owner, self._monotonic = uuid.uuid4().hex, monotonic
        self._seen: tuple[str, int] | None = None
        self._since = monotonic()
        self._renewed = float("-inf")

    @property
    def ours(self) -> bool:
        """Whether the duty is this process's; ends by itself before anybody may take it."""
        return self._monotonic() - self._renewed < self._lapse / 2

    async def keep(self) -> None:
        """Renew or seek the lease, for ever; given up at a graceful stop."""
        try:
            while True:
                with contextlib.suppress(*UNKNOWN_OUTCOME):
                    await self.ask()
                await asyncio.sleep(self._lapse / RENEWALS_PER_LAPSE)
        finally:
            with contextlib.suppress(*UNKNOWN_OUTCOME):
                await self._collection.delete_one({"_id": self._name, "owner": self._owner})

    async def ask(self) -> None:
        """Renew the lease, or take it if nobody holds it any longer."""
        asked = self._monotonic()
        found = await self._collection.find_one({"_id": self._name})
        if await (self._begin() if found is None else self._renew(found)):
            self._renewed = asked

    async def _renew(self, found: dict[str, Any]) -> bool:
        if found["owner"] == self._owner:
            return await self._move(found)
        seen = (found["owner"], found["count"])
        if seen != self._seen:
            self._seen, self._since = seen, self._monotonic()
        lapsed = self._monotonic() - self._since > self._lapse
        return lapsed and await self._move(found)

    async def _begin(self) -> bool:
        try:
            await self._collection.insert_one({"_id": self._name, "owner": self._owner, "count": 1})
        except DuplicateKeyError:
            return False
        return True

    async def _move(self, found: dict[str, Any]) -> bool:
        now = {"_id": self._name, "owner": found["owner"], "count": found["count"]}
        change = {"owner": self._owner, "count": found["count"] + 1}
        result = await self._collection.update_one(now, {"$set": change})
        return bool(result.matched_count)
