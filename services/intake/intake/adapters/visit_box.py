"""Small things sealed each under a key of its own: visits' notes, and check-ins' coordinates.

The keys are among the vault's (``vault_keys``), so that they rotate with it; destroying one
erases one thing.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.domain.errors import Erased
from service_kit.errors import NotFound
from service_kit.mongo import Database, Document, DuplicateKeyError
from service_kit.vault import KEY_BYTES, KeyRing, Wrapped, seal, unseal

KEYS = "vault_keys"
AT_A_TIME = 100


class Box:
    """One collection of sealed things by the id of what they belong to."""

    def __init__(self, database: Database, keyring: KeyRing, collection: str) -> None:
        self._keyring = keyring
        self._keys, self._things = database[KEYS], database[collection]

    async def put(self, owner: str, content: bytes, **plain: Any) -> None:
        """Return when it is stored; the first one stays, and what was erased stays so."""
        key = await self._key(owner)
        if key is None:
            return
        document = {"_id": owner, "sealed": seal(AESGCM(key), content, owner), **plain}
        try:
            await self._things.insert_one(document)
        except DuplicateKeyError:
            return

    async def get(self, owner: str) -> bytes:
        """Raises NotFound, or Erased where its key is gone."""
        found = await self._things.find_one({"_id": owner})
        if found is None:
            raise NotFound("there is nothing of it, or no longer")
        opened = await self._open([found])
        if owner not in opened:
            raise Erased("it was erased: the key is destroyed")
        return opened[owner]

    async def get_many(self, owners: Sequence[str]) -> dict[str, bytes]:
        """Those that there are and that were not erased."""
        opened: dict[str, bytes] = {}
        for page in pages(owners):
            query = {"_id": {"$in": list(page)}}
            opened |= await self._open([each async for each in self._things.find(query)])
        return opened

    async def erase(self, owner: str, at: datetime) -> bool:
        """Destroy the key and what it sealed; False when there never was one."""
        gone = {"wrapped": None, "kid": None, "erased_at": at}
        await self._keys.update_one({"_id": owner, "erased_at": None}, {"$set": gone})
        await self._things.delete_one({"_id": owner})
        return await self._keys.find_one({"_id": owner}) is not None

    async def forget(self, query: Document) -> int:
        """Delete what the query finds, its keys first; how many there were."""
        owners = [each["_id"] async for each in self._things.find(query, {"_id": 1})]
        for page in pages(owners):
            found = {"_id": {"$in": list(page)}}
            await self._keys.delete_many(found)
            await self._things.delete_many(found)
        return len(owners)

    async def _key(self, owner: str) -> bytes | None:
        """The owner's data key, made where there is none; None where it was destroyed."""
        made = os.urandom(KEY_BYTES)
        wrapped = self._keyring.wrap(made, owner)
        document = {
            "_id": owner, "kid": wrapped.kid, "wrapped": wrapped.sealed, "erased_at": None,
        }  # fmt: skip
        try:
            await self._keys.insert_one(document)
        except DuplicateKeyError:
            return self._unwrapped(await self._keys.find_one({"_id": owner}))
        return made

    def _unwrapped(self, document: Document | None) -> bytes | None:
        if document is None or document["erased_at"] is not None:
            return None
        wrapped = Wrapped(document["kid"], document["wrapped"])
        return self._keyring.unwrap(wrapped, document["_id"])

    async def _open(self, things: Sequence[Document]) -> dict[str, bytes]:
        query = {"_id": {"$in": [each["_id"] for each in things]}}
        keys = {each["_id"]: each async for each in self._keys.find(query)}
        opened = {each["_id"]: self._unwrapped(keys.get(each["_id"])) for each in things}
        return {
            each["_id"]: unseal(AESGCM(key), each["sealed"], each["_id"])
            for each in things
            if (key := opened[each["_id"]]) is not None
        }


def pages(owners: Iterable[str]) -> list[list[str]]:
    """A hundred at a time: the store looks up no more by ``_id`` well."""
    every = list(owners)
    return [every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME)]
