"""The vault: reporters' words, contacts, exact places and receipts, encrypted.

``vault_keys`` holds a data key per case, wrapped by a master key; ``vault`` what each report
said, encrypted under its case's key. Erasing destroys the data key and leaves a tombstone, so
that what is gone can be told from what never was.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.adapters.entry import Entry
from intake.adapters.grouped import Grouped
from intake.adapters.references import References
from intake.domain.errors import Erased
from service_kit.errors import NotFound
from service_kit.mongo import BulkWriteError, Collection, Database, Document
from service_kit.vault import KEY_BYTES, KeyRing, Wrapped, keep_rotated, open_secret, seal, unseal

DUPLICATE = 11000


class _Put:
    """One report's entry on its way into the vault."""

    def __init__(self, report: str, case: str, plain: bytes) -> None:
        self.report, self.case, self.plain = report, case, plain
        self.key = os.urandom(KEY_BYTES)


class Vault:
    """Writes are grouped: what comes while the store is busy goes in one insert a collection."""

    def __init__(self, keyring: KeyRing) -> None:
        self.keyring = keyring
        self._writer: Grouped[_Put] = Grouped(self._write)

    async def open(self, database: Database) -> None:
        """Find or make the vault's secret; raises UnknownKey where its master key is missing."""
        self._database = database
        self._keys, self._entries = database["vault_keys"], database["vault"]
        self.references = References(await open_secret(database, self.keyring))

    async def run(self) -> None:
        """Write what is put, for ever."""
        await self._writer.run()

    async def rotate(self) -> None:
        """Bring every data key under the newest master key, then rest for ever."""
        await keep_rotated(self._database, self.keyring)

    async def put(self, report: str, case: str, entry: Entry) -> None:
        """Return when the entry is stored; the first one of a report stays."""
        await self._writer.add(_Put(report, case, entry.plain()))

    async def report(self, report: str) -> Entry:
        """What a report said; raises NotFound, or Erased where the case's key is gone."""
        found = await self._entries.find_one({"_id": report})
        if found is None:
            raise NotFound("the vault has nothing on this report")
        return (await self._opened(found["case"], [found]))[0]

    async def reports(self, case: str, reports: Sequence[str]) -> list[Entry]:
        """What the reports of a case said, in their order; raises as ``report`` does."""
        rows = {d["_id"]: d async for d in self._entries.find({"_id": {"$in": list(reports)}})}
        found = [rows[report] for report in reports if report in rows]
        if not found:
            raise NotFound("the vault has nothing on this case")
        return await self._opened(case, found)

    async def of_cases(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Entry]]:
        """What the reports (in their order) of many cases said; a case that was erased, or of
        which there is nothing, is left out."""
        ids = [report for reports in wanted.values() for report in reports]
        rows = {d["_id"]: d async for d in self._entries.find({"_id": {"$in": ids}})}
        keys = {d["_id"]: d async for d in self._keys.find({"_id": {"$in": list(wanted)}})}
        found: dict[str, list[Entry]] = {}
        for case, reports in wanted.items():
            key, mine = keys.get(case), [rows[r] for r in reports if r in rows]
            if mine and key is not None and key["erased_at"] is None:
                found[case] = self._unsealed(key, mine)
        return found

    async def cipher(self, case: str) -> AESGCM:
        """What else is kept under a case's key (media) is sealed by; raises NotFound or Erased."""
        key = await self._keys.find_one({"_id": case})
        if key is None:
            raise NotFound("the vault has nothing on this case")
        if key["erased_at"] is not None:
            raise Erased("it was erased: the key is destroyed")
        return AESGCM(self._data_key(key))

    async def erase(self, case: str, at: datetime) -> bool:
        """Destroy the case's key; False when there is none. Doing it again changes nothing."""
        gone = {"wrapped": None, "kid": None, "erased_at": at}
        result = await self._keys.update_one({"_id": case, "erased_at": None}, {"$set": gone})
        if result.matched_count:
            return True
        return await self._keys.find_one({"_id": case}) is not None

    async def _opened(self, case: str, rows: Sequence[Document]) -> list[Entry]:
        key = await self._keys.find_one({"_id": case})
        if key is None or key["erased_at"] is not None:
            raise Erased("it was erased: the key is destroyed")
        return self._unsealed(key, rows)

    def _unsealed(self, key: Document, rows: Sequence[Document]) -> list[Entry]:
        cipher = AESGCM(self._data_key(key))
        return [Entry.of(unseal(cipher, row["sealed"], row["_id"])) for row in rows]

    def _data_key(self, document: Document) -> bytes:
        wrapped = Wrapped(document["kid"], document["wrapped"])
        return self.keyring.unwrap(wrapped, document["_id"])

    async def _write(self, puts: Sequence[_Put]) -> None:
        """Keys first: no entry is ever stored under a key that is not."""
        refused = await _insert(self._keys, [self._key_document(put) for put in puts])
        known = [puts[position] for position in refused]
        await self._use_stored_keys(known)
        entries = [_entry_document(put) for put in puts if put.key]
        if entries:
            await _insert(self._entries, entries)

    async def _use_stored_keys(self, puts: Sequence[_Put]) -> None:
        """A repeated request, or a further report of a case, uses the key that is there."""
        if not puts:
            return
        cursor = self._keys.find({"_id": {"$in": [put.case for put in puts]}})
        stored = {d["_id"]: d async for d in cursor}
        for put in puts:
            document = stored[put.case]
            erased = document["erased_at"] is not None
            put.key = b"" if erased else self._data_key(document)

    def _key_document(self, put: _Put) -> Document:
        wrapped = self.keyring.wrap(put.key, put.case)
        return {
            "_id": put.case, "kid": wrapped.kid, "wrapped": wrapped.sealed, "erased_at": None,
        }  # fmt: skip


def _entry_document(put: _Put) -> Document:
    return {
        "_id": put.report,
        "case": put.case,
        "sealed": seal(AESGCM(put.key), put.plain, put.report),
    }


async def _insert(collection: Collection, documents: Sequence[Document]) -> list[int]:
    """Insert what is not there; the positions of what was."""
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        rows = error.details["writeErrors"]
        if any(row.get("code") != DUPLICATE for row in rows):
            raise
        return [row["index"] for row in rows]
    return []
