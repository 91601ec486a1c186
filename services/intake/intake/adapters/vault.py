"""The vault: reporters' words, contacts, exact places and receipts, encrypted.

``vault`` holds one document a report, under the id of the case that it opens if it opens one:
what it said, encrypted under a data key, and that key, wrapped by a master key. Erasing destroys
both and leaves a tombstone, so that what is gone can be told from what never was.
"""

import asyncio
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.adapters.entry import Entry
from intake.adapters.grouped import Grouped
from intake.adapters.references import References
from service_kit.errors import Erased, NotFound
from service_kit.mongo import Collection, Database, Document, insert_new
from service_kit.vault import KEY_BYTES, KeyRing, Wrapped, keep_rotated, open_secret, seal, unseal

VAULT, KEYS = "vault", "vault_keys"
"""Where data keys are: those of reports with what they seal, others (visits, imports) apart."""
AT_ONCE = 100


class Vault:
    """Writes are grouped: what comes while the store is busy goes in one insert."""

    def __init__(self, keyring: KeyRing) -> None:
        self.keyring = keyring
        self._writer: Grouped[Document] = Grouped(self._write)

    async def open(self, database: Database) -> None:
        """Find or make the vault's secret; raises UnknownKey where its master key is missing."""
        self._database = database
        self._entries = database[VAULT]
        self.references = References(await open_secret(database, self.keyring))

    async def run(self) -> None:
        """Write what is put, for ever."""
        await self._writer.run()

    async def rotate(self) -> None:
        """Bring every data key under the newest master key, then rest for ever."""
        await keep_rotated(self._database, self.keyring, (VAULT, KEYS))

    def put(self, report: str, entry: Entry) -> "asyncio.Future[None]":
        """Done when the entry is stored; the first one of a report stays, also when erased."""
        case, key = self.references.case(report), os.urandom(KEY_BYTES)
        wrapped = self.keyring.wrap(key, case)
        document = {
            "_id": case,
            "report": report,
            "kid": wrapped.kid,
            "wrapped": wrapped.sealed,
            "sealed": seal(AESGCM(key), entry.plain(), report),
            "erased_at": None,
        }
        return self._writer.put(document)

    async def report(self, report: str) -> Entry:
        """What a report said; raises NotFound, or Erased where its key is gone."""
        return (await self.reports([report]))[0]

    async def reports(self, reports: Sequence[str]) -> list[Entry]:
        """What these reports said, in their order, as far as it was not erased; raises NotFound
        where there is nothing of any, Erased where there is no longer."""
        rows = await self._rows(reports)
        if not rows:
            raise NotFound("the vault has nothing on this")
        entries = self._unsealed(rows)
        found = [entries[report] for report in reports if report in entries]
        if not found:
            raise Erased("it was erased: the key is destroyed")
        return found

    async def of_reports(self, reports: Sequence[str]) -> dict[str, Entry]:
        """What each of these reports said; one that was erased, or of which there is nothing,
        is left out."""
        return self._unsealed(await self._rows(reports))

    async def of_cases(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, list[Entry]]:
        """What the reports (in their order) of many cases said; a case of which there is
        nothing, or no longer, is left out."""
        entries = await self.of_reports([r for reports in wanted.values() for r in reports])
        found = {c: [entries[r] for r in reports if r in entries] for c, reports in wanted.items()}
        return {case: said for case, said in found.items() if said}

    async def cipher(self, case: str) -> AESGCM:
        """What else is kept under a case's key (media) is sealed by; raises NotFound or Erased."""
        row = await self._entries.find_one({"_id": case})
        if row is None:
            raise NotFound("the vault has nothing on this case")
        if row["erased_at"] is not None:
            raise Erased("it was erased: the key is destroyed")
        return self._cipher(row)

    async def erase(self, case: str, at: datetime) -> bool:
        """Destroy the case's key; False when there is none. Doing it again changes nothing."""
        gone = {"wrapped": None, "kid": None, "sealed": None, "erased_at": at}
        result = await self._entries.update_one({"_id": case, "erased_at": None}, {"$set": gone})
        if result.matched_count:
            return True
        return await self._entries.find_one({"_id": case}) is not None

    async def _rows(self, reports: Sequence[str]) -> list[Document]:
        return await _by_ids(self._entries, {self.references.case(each) for each in reports})

    def _unsealed(self, rows: Sequence[Document]) -> dict[str, Entry]:
        """By report; each is under a key of its own, wherever it was linked."""
        return {
            row["report"]: Entry.of(unseal(self._cipher(row), row["sealed"], row["report"]))
            for row in rows
            if row["erased_at"] is None
        }

    def _cipher(self, row: Document) -> AESGCM:
        return AESGCM(self.keyring.unwrap(Wrapped(row["kid"], row["wrapped"]), row["_id"]))

    async def _write(self, entries: Sequence[Document]) -> None:
        """Of a repeated request what it said then stays."""
        await insert_new(self._entries, entries)


async def _by_ids(collection: Collection, ids: Iterable[str]) -> list[Document]:
    wanted, found = sorted(ids), list[Document]()
    for first in range(0, len(wanted), AT_ONCE):
        page = {"_id": {"$in": wanted[first : first + AT_ONCE]}}
        found += await collection.find(page).to_list(AT_ONCE)
    return found
