"""The vault: reporters' words, contacts, exact places and receipts, encrypted.

``vault_keys`` holds a data key per case, wrapped by a master key; ``vault`` what each report
said, encrypted under its case's key. Erasing destroys the data key and leaves a tombstone, so
that what is gone can be told from what never was.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
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
AT_ONCE = 100


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
        """What a report said; raises NotFound, or Erased where its key is gone."""
        return (await self.reports([report]))[0]

    async def reports(self, reports: Sequence[str]) -> list[Entry]:
        """What these reports said, in their order, as far as it was not erased; raises NotFound
        where there is nothing of any, Erased where there is no longer."""
        rows = await self._rows(reports)
        if not rows:
            raise NotFound("the vault has nothing on this")
        entries = await self._unsealed(rows)
        found = [entries[report] for report in reports if report in entries]
        if not found:
            raise Erased("it was erased: the key is destroyed")
        return found

    async def of_reports(self, reports: Sequence[str]) -> dict[str, Entry]:
        """What each of these reports said; one that was erased, or of which there is nothing,
        is left out."""
        return await self._unsealed(await self._rows(reports))

    async def of_cases(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Entry]]:
        """What the reports (in their order) of many cases said; a case of which there is
        nothing, or no longer, is left out."""
        entries = await self.of_reports([r for reports in wanted.values() for r in reports])
        found = {c: [entries[r] for r in reports if r in entries] for c, reports in wanted.items()}
        return {case: said for case, said in found.items() if said}

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

    async def _rows(self, reports: Sequence[str]) -> list[Document]:
        return await _by_ids(self._entries, reports)

    async def _unsealed(self, rows: Sequence[Document]) -> dict[str, Entry]:
        """Each under the key of the case that it would open by itself, wherever it was linked."""
        keys = {d["_id"]: d for d in await _by_ids(self._keys, {row["case"] for row in rows})}
        there = [row for row in rows if row["case"] in keys and not keys[row["case"]]["erased_at"]]
        ciphers = {
            case: AESGCM(self._data_key(keys[case])) for case in {row["case"] for row in there}
        }
        return {
            row["_id"]: Entry.of(unseal(ciphers[row["case"]], row["sealed"], row["_id"]))
            for row in there
        }

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


async def _by_ids(collection: Collection, ids: Iterable[str]) -> list[Document]:
    wanted, found = sorted(ids), list[Document]()
    for first in range(0, len(wanted), AT_ONCE):
        page = {"_id": {"$in": wanted[first : first + AT_ONCE]}}
        found += await collection.find(page).to_list(AT_ONCE)
    return found


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
