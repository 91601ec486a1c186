"""``vault_media``: one row for each piece of evidence that is kept, and what it is found by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.intake import Resemblance
from intake.domain.evidence.errors import EvidenceFull
from intake.domain.evidence.likeness import Sighting, bands, probes, resemblances
from service_kit.mongo import ASCENDING, Database, Document, DuplicateKeyError


class Stored(BaseModel):
    """A copy in the media store."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    format: str


class Row(BaseModel):
    """Evidence as kept. ``key`` is the case's key that ``sealed`` (the file's own key, when and
    where it was taken) is under; after erasing or removing, nothing but ids is left.

    ``slot`` is its place among those of one report or task: they are counted, and unique.
    """

    model_config = ConfigDict(frozen=True)

    evidence: str
    key: str
    slot: str
    case: str | None
    kind: str
    digest: str | None
    fingerprint: str | None
    copies: Mapping[str, Stored]
    sealed: bytes
    at: datetime


class Slots(BaseModel):
    """The places that one report, or one task before or after the work, has."""

    model_config = ConfigDict(frozen=True)

    prefix: str
    most: int

    def names(self) -> list[str]:
        return [f"{self.prefix}#{number}" for number in range(self.most)]


class Rows:
    def __init__(self, database: Database) -> None:
        self._rows = database["vault_media"]

    async def create_indexes(self) -> None:
        await self._rows.create_index([("slot", ASCENDING)], unique=True, name="slot")
        for field in ("key", "digest", "bands"):
            await self._rows.create_index([(field, ASCENDING)], name=field)

    async def find(self, evidence: str) -> Row | None:
        found = await self._rows.find_one({"_id": evidence})
        return None if found is None else _row(found)

    async def free_slot(self, slots: Slots) -> str:
        """Raises EvidenceFull."""
        names = slots.names()
        taken = {row["slot"] async for row in self._rows.find({"slot": {"$in": names}})}
        free = next((name for name in names if name not in taken), None)
        if free is None:
            raise EvidenceFull(f"there are {slots.most} already, and there may be no more")
        return free

    async def insert(self, row: Row, slots: Slots) -> Row:
        """The row as stored: one that an earlier attempt of the same request stored stays.

        Raises EvidenceFull; of several at once no more than there are slots get in.
        """
        while True:
            row = row.model_copy(update={"slot": await self.free_slot(slots)})
            try:
                await self._rows.insert_one(_document(row))
            except DuplicateKeyError:
                if (found := await self.find(row.evidence)) is not None:
                    return found
                continue
            return row

    async def alike(self, row: Row) -> tuple[Resemblance, ...]:
        """The same file or photo among what was kept, in whichever case. Of two that come at
        once at least one finds the other, because each is stored before it looks."""
        queries: list[Document] = [{"digest": row.digest}]
        if row.fingerprint is not None:
            queries.append({"bands": {"$in": probes(row.fingerprint)}})
        seen = [
            Sighting(found["_id"], found["case"], found["digest"], found["fingerprint"])
            for query in queries
            async for found in self._rows.find(query)
            if found["_id"] != row.evidence
        ]
        return resemblances(row.digest or "", row.fingerprint, seen)

    async def of_key(self, key: str) -> list[Row]:
        return [_row(found) async for found in self._rows.find({"key": key})]

    async def empty(self, row: Row) -> None:
        """Nothing is left but ids: the slot is free, and no photo is like it any longer."""
        gone: Document = {
            "slot": f"gone:{row.evidence}", "digest": None, "fingerprint": None, "bands": [],
            "copies": {}, "sealed": b"",
        }  # fmt: skip
        await self._rows.update_one({"_id": row.evidence}, {"$set": gone})

    async def drop(self, evidence: str) -> None:
        await self._rows.delete_one({"_id": evidence})


def names(row: Row) -> Sequence[str]:
    return [copy.name for copy in row.copies.values()]


def _document(row: Row) -> Document:
    content: dict[str, Any] = row.model_dump()
    found = bands(row.fingerprint) if row.fingerprint else []
    return {"_id": content.pop("evidence"), **content, "bands": found}


def _row(document: Document) -> Row:
    return Row.model_validate({**document, "evidence": document["_id"]})
