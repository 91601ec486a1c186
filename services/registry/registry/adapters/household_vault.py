"""The household register's contents, encrypted: how to find a household, and what it needs.

``vault_keys`` holds a data key per household, wrapped by a master key; ``vault`` one sealed row
for the household and one for each need. Every key and row knows its end, so that it ends in time
even if nothing else were known of it. What was erased leaves a tombstone until the commit that
says so is written: a process may die between the two.
"""

import asyncio
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.domain.households import Reason
from service_kit.errors import Erased, KeyReused
from service_kit.mongo import ASCENDING, Collection, Database, Document, DuplicateKeyError
from service_kit.vault import (
    KEY_BYTES,
    KeyRing,
    Wrapped,
    keep_rotated,
    open_secret,
    seal,
    unseal,
)


@dataclass(frozen=True)
class Ended:
    """Something whose end has come: a household (``need`` is None) or one of its needs."""

    entry: str
    need: str | None
    reason: Reason
    by: str | None


class HouseholdVault:
    """Rows are found by id: an entry's or a need's."""

    def __init__(self, keyring: KeyRing) -> None:
        self.keyring = keyring

    async def open(self, database: Database) -> None:
        """Find or make the vault's secret; raises UnknownKey where its master key is missing."""
        self._database = database
        self._keys, self._rows = database["vault_keys"], database["vault"]
        self._secret = await open_secret(database, self.keyring)
        await self._rows.create_index([("entry", ASCENDING)], name="entry")
        for collection in (self._keys, self._rows):
            await collection.create_index([("until", ASCENDING)], name="until")
            await collection.create_index([("ended.told", ASCENDING)], name="ended")

    async def rotate(self) -> None:
        """Bring every data key under the newest master key, then rest for ever."""
        await keep_rotated(self._database, self.keyring)

    def new_id(self, noun: str, cause: str) -> str:
        """An id that follows from a request's cause, and that nobody else can guess from it."""
        return (
            f"{noun}:{hmac.digest(self._secret, f'{noun}|{cause}'.encode(), 'sha256').hex()[:32]}"
        )

    async def put_household(self, entry: str, content: bytes, until: datetime) -> None:
        """Keep how a household is found, under a key of its own. Raises as ``put_need``."""
        wrapped = self.keyring.wrap(os.urandom(KEY_BYTES), entry)
        await _insert(self._keys, {
            "_id": entry, "kid": wrapped.kid, "wrapped": wrapped.sealed, "erased_at": None,
            "until": until.timestamp(),
        })  # fmt: skip
        await self._put(entry, entry, content, until)

    async def put_need(self, entry: str, need: str, content: bytes, until: datetime) -> str:
        """Keep a need under its household's key; the keyed hash that proves it.

        Put again it stays as it is; KeyReused if other content was put under the same id, Erased
        where the household's key is gone.
        """
        await self._put(entry, need, content, until)
        data_key = await self._data_key(entry)
        proof = hmac.digest(data_key, b"digest", "sha256")
        return hmac.new(proof, f"{need}|".encode() + content, "sha256").hexdigest()

    async def same(self, entry: str, row: str, content: bytes) -> None:
        """Raises KeyReused if other content is kept there; what is gone is compared no more."""
        stored = await self._rows.find_one({"_id": row})
        if stored is None or stored["sealed"] is None:
            return
        kept = unseal(AESGCM(await self._data_key(entry)), stored["sealed"], row)
        if not hmac.compare_digest(kept, content):
            raise KeyReused("the same key came before with another body")

    async def household(self, entry: str) -> bytes:
        """How a household is found; raises Erased."""
        row = await self._rows.find_one({"_id": entry})
        if row is None or row["sealed"] is None:
            raise Erased("it was erased: the key is destroyed")
        return unseal(AESGCM(await self._data_key(entry)), row["sealed"], entry)

    async def needs(self, entry: str) -> dict[str, bytes]:
        """What the needs of a household are, by id."""
        rows = [row async for row in self._rows.find({"entry": entry}) if _is_need(row)]
        keys = await self._data_keys({"_id": entry})
        return _unsealed(keys, rows)

    async def all_needs(self) -> dict[str, bytes]:
        """What the needs of all households are, by id: for counting them."""
        keys = await self._data_keys({})
        rows = [row async for row in self._rows.find({}) if _is_need(row)]
        return await asyncio.to_thread(_unsealed, keys, rows)

    async def end_need(self, need: str, reason: Reason, by: str | None) -> None:
        """Destroy what is kept of a need."""
        ended = {"sealed": None, "until": None, "ended": _ended(reason, by)}
        await self._rows.update_one({"_id": need, "ended": None}, {"$set": ended})

    async def erase(self, entry: str, reason: Reason, by: str | None, at: datetime) -> None:
        """Destroy a household's key. Doing it again changes nothing."""
        gone = {"wrapped": None, "kid": None, "erased_at": at, "until": None}
        await self._keys.update_one(
            {"_id": entry, "erased_at": None}, {"$set": {**gone, "ended": _ended(reason, by)}}
        )

    async def told(self, ended: Ended) -> None:
        """The commit is written: the need's row can go, or all of the household's."""
        if ended.need is not None:
            await self._rows.delete_one({"_id": ended.need})
            return
        await self._rows.delete_many({"entry": ended.entry})
        await self._keys.update_one({"_id": ended.entry}, {"$set": {"ended.told": True}})

    async def forget(self, entry: str, need: str | None = None) -> None:
        """Take back what was put for a request that was refused afterwards."""
        if need is not None:
            await self._rows.delete_one({"_id": need})
            return
        await self._keys.delete_one({"_id": entry})
        await self._rows.delete_many({"entry": entry})

    async def due(self, now: datetime) -> list[Ended]:
        """What has to end now, and what has ended without a commit that says so."""
        over = {"until": {"$gte": 0, "$lte": now.timestamp()}}
        untold = {"ended.told": False}
        keys = await self._found(self._keys, over, untold)
        entries = {key["_id"] for key in keys}
        rows = [row for row in await self._found(self._rows, over, untold)
                if row["entry"] not in entries and row["_id"] != row["entry"]]  # fmt: skip
        return [_due(row["entry"], row["_id"], row) for row in rows] + [
            _due(key["_id"], None, key) for key in keys
        ]

    async def _found(self, collection: Collection, *queries: Document) -> list[Document]:
        found: dict[str, Document] = {}
        for query in queries:
            found |= {row["_id"]: row async for row in collection.find(query)}
        return list(found.values())

    async def _put(self, entry: str, row: str, content: bytes, until: datetime) -> None:
        cipher = AESGCM(await self._data_key(entry))
        document = {
            "_id": row, "entry": entry, "sealed": seal(cipher, content, row),
            "until": until.timestamp(), "ended": None,
        }  # fmt: skip
        if not await _insert(self._rows, document):
            await self.same(entry, row, content)

    async def _data_key(self, entry: str) -> bytes:
        found = await self._data_keys({"_id": entry})
        if entry not in found:
            raise Erased("it was erased: the key is destroyed")
        return found[entry]

    async def _data_keys(self, query: Document) -> dict[str, bytes]:
        return {
            key["_id"]: self.keyring.unwrap(Wrapped(key["kid"], key["wrapped"]), key["_id"])
            async for key in self._keys.find({**query, "erased_at": None})
        }


def _is_need(row: Document) -> bool:
    return row["_id"] != row["entry"] and row["sealed"] is not None


def _unsealed(keys: Mapping[str, bytes], rows: Sequence[Document]) -> dict[str, bytes]:
    """Rows whose key is gone are left out."""
    return {
        row["_id"]: unseal(AESGCM(keys[row["entry"]]), row["sealed"], row["_id"])
        for row in rows
        if row["entry"] in keys
    }


def _ended(reason: Reason, by: str | None) -> Document:
    return {"reason": reason, "by": by, "told": False}


def _due(entry: str, need: str | None, document: Document) -> Ended:
    ended = document.get("ended") or {"reason": "expired", "by": None}
    return Ended(entry, need, ended["reason"], ended["by"])


async def _insert(collection: Collection, document: Document) -> bool:
    """False when it is there already."""
    try:
        await collection.insert_one(document)
    except DuplicateKeyError:
        return False
    return True
