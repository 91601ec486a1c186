"""Data keys that can be destroyed: one for each owner (a case, a visit), wrapped by a master key.

They are in ``vault_keys``, so that rotation finds them. Destroying one leaves a tombstone: no
other is ever made for that owner.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime

from service_kit.mongo import Database, Document, DuplicateKeyError
from service_kit.vault.keyring import KEY_BYTES, KeyRing, Wrapped

KEYS = "vault_keys"
AT_A_TIME = 100


class DataKeys:
    """All of a database."""

    def __init__(self, database: Database, keyring: KeyRing) -> None:
        self._keyring, self._keys = keyring, database[KEYS]

    async def make(self, owner: str) -> bytes | None:
        """The owner's key, made where there is none; None where it was destroyed."""
        made = os.urandom(KEY_BYTES)
        wrapped = self._keyring.wrap(made, owner)
        document = {
            "_id": owner, "kid": wrapped.kid, "wrapped": wrapped.sealed, "erased_at": None,
        }  # fmt: skip
        try:
            await self._keys.insert_one(document)
        except DuplicateKeyError:
            return (await self.of([owner])).get(owner)
        return made

    async def of(self, owners: Iterable[str]) -> dict[str, bytes]:
        """The keys of those that have one still."""
        found: dict[str, bytes] = {}
        for page in pages(owners):
            async for key in self._keys.find({"_id": {"$in": page}}):
                if key["erased_at"] is None:
                    found[key["_id"]] = self._unwrapped(key)
        return found

    async def destroy(self, owner: str, at: datetime) -> bool:
        """Nobody can read again what it sealed; False when there never was one."""
        gone = {"wrapped": None, "kid": None, "erased_at": at}
        await self._keys.update_one({"_id": owner, "erased_at": None}, {"$set": gone})
        return await self._keys.find_one({"_id": owner}) is not None

    async def forget(self, owners: Sequence[str]) -> None:
        """Leave nothing of them, not even that there was something."""
        for page in pages(owners):
            await self._keys.delete_many({"_id": {"$in": page}})

    def _unwrapped(self, key: Document) -> bytes:
        return self._keyring.unwrap(Wrapped(key["kid"], key["wrapped"]), key["_id"])


def pages(ids: Iterable[str]) -> list[list[str]]:
    """A hundred at a time: the store looks up no more by ``_id`` well."""
    every = sorted(set(ids))
    return [every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME)]
