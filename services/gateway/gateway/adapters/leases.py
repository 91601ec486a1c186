"""Which replica pumps which department, and how far it has got.

One document per department: ``owner``, ``lease`` (a counter), ``sent`` (the cursor up to which
everything is in the department's inbox). A lease that has stood still for ``lapse_seconds`` by
our own monotonic clock is taken over by compare-and-set.
"""

import time
import uuid
from collections.abc import Iterable

from service_kit.mongo import Database, Document, DuplicateKeyError

NOBODY = ""
SAFE_SHARE = 0.7
"""An owner stops by itself before anybody may take over."""


class Leases:
    def __init__(self, database: Database, lapse_seconds: float) -> None:
        self._pumps = database["pumps"]
        self._lapse = lapse_seconds
        self._owner = uuid.uuid4().hex
        self._renewed: dict[str, float] = {}
        self._seen: dict[str, tuple[int, float]] = {}

    def mine(self, department: str) -> bool:
        """Whether this replica may pump now, for certain."""
        renewed = self._renewed.get(department, float("-inf"))
        return time.monotonic() - renewed < self._lapse * SAFE_SHARE

    async def look(self, departments: Iterable[str]) -> None:
        """Renew what is ours; take what is nobody's or has stood still."""
        wanted = set(departments)
        found = self._pumps.find({"_id": {"$in": sorted(wanted)}})
        known = {d["_id"]: d async for d in found}
        for department in sorted(wanted - known.keys()):
            await self._begin(department)
        for document in known.values():
            if document["owner"] == self._owner or self._is_free(document):
                await self._claim(document)

    async def position(self, department: str) -> int:
        """The cursor up to which all is sent."""
        document = await self._pumps.find_one({"_id": department})
        return int(document["sent"]) if document else 0

    async def advance(self, department: str, sent: int) -> bool:
        """Note how far the inbox is filled; False when another replica pumps by now."""
        result = await self._pumps.update_one(
            {"_id": department, "owner": self._owner}, {"$set": {"sent": sent}}
        )
        if result.matched_count == 0:
            self._renewed.pop(department, None)
        return result.matched_count == 1

    async def release(self, department: str) -> None:
        """Let others go on at once: this replica fills that inbox no longer."""
        if self._renewed.pop(department, None) is not None:
            await self._pumps.update_one(
                {"_id": department, "owner": self._owner}, {"$set": {"owner": NOBODY}}
            )

    async def _begin(self, department: str) -> None:
        first = {"_id": department, "owner": NOBODY, "lease": 0, "sent": 0}
        try:
            await self._pumps.insert_one(first)
        except DuplicateKeyError:
            return  # another replica was first; the next look finds it
        await self._claim(first)

    def _is_free(self, document: Document) -> bool:
        if document["owner"] == NOBODY:
            return True
        lease, since = self._seen.get(document["_id"], (None, 0.0))
        if lease != document["lease"]:
            self._seen[document["_id"]] = (document["lease"], time.monotonic())
            return False
        return time.monotonic() - since >= self._lapse

    async def _claim(self, document: Document) -> None:
        department, asked = document["_id"], time.monotonic()
        result = await self._pumps.update_one(
            {"_id": department, "owner": document["owner"], "lease": document["lease"]},
            {"$set": {"owner": self._owner, "lease": document["lease"] + 1}},
        )
        if result.matched_count == 1:
            self._renewed[department] = asked
        else:
            self._renewed.pop(department, None)
