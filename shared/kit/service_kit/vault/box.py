"""Small things sealed under data keys that can be destroyed: visits' notes, check-ins'
coordinates, statements.

Each belongs to an ``owner`` whose key it is sealed under: itself, or what it is a part of (a case
has many statements). Destroying that key erases all that belongs to the owner.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service_kit.errors import Erased, NotFound
from service_kit.mongo import ASCENDING, Database, Document, DuplicateKeyError
from service_kit.vault.data_keys import DataKeys, pages
from service_kit.vault.keyring import KeyRing, seal, unseal


class Box:
    """One collection of sealed things by their ids."""

    def __init__(self, database: Database, keyring: KeyRing, collection: str) -> None:
        self.keys, self._things = DataKeys(database, keyring), database[collection]

    async def create_indexes(self) -> None:
        """For what erasing an owner looks up."""
        await self._things.create_index([("owner", ASCENDING)], name="owner", sparse=True)

    async def put(self, thing: str, content: bytes, owner: str | None = None, **plain: Any) -> bool:
        """Return when it is stored: the first one stays. False where it was erased: it stays so."""
        owner = owner or thing
        key = await self.keys.make(owner)
        if key is None:
            return False
        document = {"_id": thing, "owner": owner, "sealed": seal(AESGCM(key), content, thing)}
        try:
            await self._things.insert_one(document | plain)
        except DuplicateKeyError:
            return True
        return True

    async def get(self, thing: str) -> bytes:
        """Raises NotFound, or Erased where its key is gone."""
        found = await self._things.find_one({"_id": thing})
        if found is None:
            raise NotFound("there is nothing of it, or no longer")
        opened = await self._open([found])
        if thing not in opened:
            raise Erased("it was erased: the key is destroyed")
        return opened[thing]

    async def get_many(self, things: Sequence[str]) -> dict[str, bytes]:
        """Those that there are and that were not erased."""
        opened: dict[str, bytes] = {}
        for page in pages(things):
            opened |= await self._open([row async for row in self._things.find(_any_of(page))])
        return opened

    async def erase(self, owner: str, at: datetime) -> bool:
        """Destroy the key and what it sealed; False when there never was one."""
        known = await self.keys.destroy(owner, at)
        await self._things.delete_one({"_id": owner})
        await self._things.delete_many({"owner": owner})
        return known

    async def forget(self, query: Document) -> int:
        """Delete what the query finds, its keys first; how many there were. Only for things that
        are their own owners."""
        found = [each["_id"] async for each in self._things.find(query, {"_id": 1})]
        await self.keys.forget(found)
        for page in pages(found):
            await self._things.delete_many(_any_of(page))
        return len(found)

    async def _open(self, things: Sequence[Document]) -> dict[str, bytes]:
        owners: dict[str, str] = {t["_id"]: t.get("owner") or t["_id"] for t in things}
        keys = await self.keys.of(owners.values())
        return {
            each["_id"]: unseal(AESGCM(key), each["sealed"], each["_id"])
            for each in things
            if (key := keys.get(owners[each["_id"]])) is not None
        }


def _any_of(ids: list[str]) -> Document:
    return {"_id": {"$in": ids}}
