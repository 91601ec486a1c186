"""The vault's media: photos, recordings and documents, sealed under the keys of their cases."""

import asyncio
import base64
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from cryptography.exceptions import InvalidTag

from intake.adapters.evidence.cleaning.made import Cleaned
from intake.adapters.evidence.links import Copy
from intake.adapters.evidence.pending import Pending
from intake.adapters.evidence.rows import Row, Rows, Slots, Stored, names
from intake.adapters.evidence.sealing import opened, sealed
from intake.adapters.evidence.stores.port import MediaStore, Missing
from intake.adapters.vault import Vault
from intake.domain.evidence.errors import Damaged, Gone
from service_kit import clock
from service_kit.errors import NotFound
from service_kit.mongo import Database
from service_kit.vault import KEY_BYTES, seal, unseal

log = structlog.get_logger()
SWEEP_SECONDS = 600.0


@dataclass(frozen=True)
class Taken:
    """What the file said of itself: exact, and nowhere but here."""

    at: str | None
    place: tuple[float, float] | None


@dataclass(frozen=True)
class Shown:
    """A copy, opened."""

    format: str
    size: int
    chunks: AsyncIterator[bytes]


class Media:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def open(self, database: Database, store: MediaStore) -> None:
        self._database, self._store = database, store
        self.rows, self._pending = Rows(database), Pending(database)
        await self.rows.create_indexes()

    async def keep(
        self, evidence: str, digest: str, cleaned: Cleaned, *, key: str, case: str | None,
        slots: Slots,
    ) -> Row:  # fmt: skip
        """Seal and store; ``key`` is the case's key. Until ``settle`` it counts as unfinished.

        Raises Erased or NotFound where there is no key, EvidenceFull where there is no slot.
        """
        cipher, file_key = await self._vault.cipher(key), os.urandom(KEY_BYTES)
        contents = _contents(cleaned)
        copies: dict[str, Stored] = {
            copy: Stored(name=secrets.token_hex(16), size=len(content), format=format_)
            for copy, (content, format_) in contents.items()
        }
        details = {
            "key": base64.b64encode(file_key).decode(), "at": cleaned.taken, "place": cleaned.place,
        }  # fmt: skip
        row = Row(
            evidence=evidence, key=key, slot="", case=case, kind=cleaned.kind, digest=digest,
            fingerprint=cleaned.fingerprint, copies=copies,
            sealed=seal(cipher, orjson.dumps(details), evidence), at=clock.now(),
        )  # fmt: skip
        await self._pending.note(names(row), evidence)
        try:
            for copy, (content, _) in contents.items():
                chunks = sealed(file_key, f"{evidence}|{copy}", content)
                await self._store.put(copies[copy].name, chunks)
            kept = await self.rows.insert(row, slots)
        except Exception:
            await self._delete(names(row))
            raise
        if names(kept) != names(row):
            await self._delete(names(row))  # another attempt of the same request was faster
        return kept

    async def settle(self, row: Row) -> None:
        """Its evidence is committed."""
        await self._pending.cross_out(names(row))

    async def taken(self, row: Row) -> Taken:
        """When and where; raises Erased."""
        details = await self._details(row)
        place = details["place"]
        return Taken(details["at"], tuple(place) if place else None)

    async def check(self, evidence: str, copy: Copy) -> None:
        """Raises what ``show`` would."""
        await self._found(evidence, copy)

    async def show(self, evidence: str, copy: Copy) -> Shown:
        """Raises Erased, Gone, or NotFound where there is no such copy."""
        stored, key = await self._found(evidence, copy)
        chunks = opened(key, f"{evidence}|{copy}", stored.size, self._store.open(stored.name))
        return Shown(stored.format, stored.size, _watched(evidence, chunks))

    async def doom(self, row: Row) -> None:
        """Its files are to be deleted: if this process dies, the sweep does it."""
        await self._pending.cross_out(names(row))
        await self._pending.note(names(row), row.evidence)

    async def remove(self, row: Row) -> None:
        """Delete its files; again after a failure."""
        await self.doom(row)
        await self.rows.empty(row)
        await self._delete(names(row))

    async def forget(self, key: str) -> None:
        """A case's key was destroyed: what nobody can read any longer is deleted as well."""
        for row in await self.rows.of_key(key):
            await self.remove(row)

    async def run(self) -> None:
        """Delete for ever what dying processes left behind."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self.sweep()

    async def sweep(self) -> None:
        """Files that were being stored or deleted a day ago: those of committed evidence stay."""
        for evidence, left in (await self._pending.left_behind(clock.now())).items():
            view = await self._database["view_evidence"].find_one({"_id": evidence})
            row = await self.rows.find(evidence)
            shown = view is not None and view["state"].get("removed_at") is None
            kept = set(names(row)) if row is not None and shown else set()
            if row is not None and view is None:
                await self.rows.drop(evidence)
            elif row is not None and not shown:
                await self.rows.empty(row)
            await self._pending.cross_out([name for name in left if name in kept])
            await self._delete([name for name in left if name not in kept])
            log.info("evidence_swept", count=len(left))

    async def _found(self, evidence: str, copy: Copy) -> tuple[Stored, bytes]:
        """The copy and the key that it is sealed with."""
        row = await self.rows.find(evidence)
        if row is None:
            raise NotFound("no such evidence")
        details = await self._details(row)
        if copy not in row.copies:
            raise NotFound(f"it has no {copy} copy")
        return row.copies[copy], base64.b64decode(details["key"])

    async def _details(self, row: Row) -> dict[str, Any]:
        cipher = await self._vault.cipher(row.key)
        if not row.copies:
            raise Gone("it was removed")
        try:
            found: dict[str, Any] = orjson.loads(unseal(cipher, row.sealed, row.evidence))
        except InvalidTag:
            raise Damaged("what was said of it is not what was sealed") from None
        return found

    async def _delete(self, doomed: Sequence[str]) -> None:
        for name in doomed:
            await self._store.delete(name)
        await self._pending.cross_out(doomed)


async def _watched(evidence: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        async for chunk in chunks:
            yield chunk
    except (Damaged, Missing) as error:
        log.error("evidence_damaged", evidence=evidence, error=type(error).__name__)
        raise Damaged("the stored file is lost or was meddled with; it is noted") from error


def _contents(cleaned: Cleaned) -> dict[Copy, tuple[bytes, str]]:
    found: dict[Copy, tuple[bytes, str]] = {"protected": (cleaned.protected, cleaned.format)}
    if cleaned.public is not None and cleaned.public_format is not None:
        found["public"] = (cleaned.public, cleaned.public_format)
    return found
