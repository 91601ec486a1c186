"""Import jobs as they stand, and their files until they are done.

``imports`` holds a row per job, ``import_chunks`` the lines, sealed under the job's own data key
(in ``vault_keys``, so that rotation finds it), ``import_problems`` what is wrong with lines, which
quotes none of them. When a job ends, key and chunks are destroyed.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from case_contracts.events.intake import ImportKind, ImportOutcome
from intake.domain.import_lines import Flaw, Line
from intake.domain.imports import Counts, Progress
from service_kit.auth import Principal
from service_kit.mongo import ASCENDING, Collection, Database, Document, DuplicateKeyError
from service_kit.vault import KEY_BYTES, KeyRing, Wrapped, seal, unseal


class Status(StrEnum):
    """Where a job is: its file is arriving, it waits for its turn, its lines are being taken, its
    end is being written down, it has ended."""

    UPLOADING = "uploading"
    WAITING = "waiting"
    RUNNING = "running"
    FINISHING = "finishing"
    DONE = "done"
    CANCELLED = "cancelled"


UNFINISHED = (Status.WAITING, Status.RUNNING, Status.FINISHING)


@dataclass(frozen=True)
class Job:
    """One import. ``next`` is its first chunk that is not done; ``attempt`` the upload that made
    it; ``body`` a keyed hash of the file and of how it was to be read."""

    id: str
    kind: ImportKind
    dry_run: bool
    timezone: str | None
    caller: Principal
    status: Status
    begun_at: datetime
    finished_at: datetime | None
    attempt: str
    body: str | None
    chunks: int
    next: int
    progress: Progress
    outcome: ImportOutcome | None
    cancelled_by: str | None
    bad_chunks: tuple[int, ...]

    @classmethod
    def of(cls, row: Document) -> "Job":
        """From its stored row."""
        by = row["by"]
        outcome = row.get("outcome")
        return cls(
            id=row["_id"],
            kind=ImportKind(row["kind"]),
            dry_run=row["dry_run"],
            timezone=row["timezone"],
            caller=Principal(by["id"], by["kind"], department=by["department"]),
            status=Status(row["status"]),
            begun_at=row["begun_at"],
            finished_at=row.get("finished_at"),
            attempt=row["attempt"],
            body=row.get("body"),
            chunks=row["chunks"],
            next=row["next"],
            progress=Progress(row["lines"], Counts(**row["counts"]), row["seconds"]),
            outcome=ImportOutcome(outcome) if outcome else None,
            cancelled_by=row.get("cancelled_by"),
            bad_chunks=tuple(row["bad_chunks"]),
        )


class Upload:
    """A file on its way in: seals chunk after chunk under the key of this attempt."""

    def __init__(self, job: str, attempt: str, key: bytes) -> None:
        self.job, self.attempt, self.chunks, self.lines = job, attempt, 0, 0
        self._cipher = AESGCM(key)

    def document(self, lines: Sequence[Line]) -> Document:
        """The next chunk, as it is stored."""
        plain = orjson.dumps([[each.number, each.content, each.flaw, each.field] for each in lines])
        chunk_id = _chunk_id(self.job, self.attempt, self.chunks)
        self.chunks += 1
        self.lines += len(lines)
        return {"_id": chunk_id, "job": self.job, "sealed": seal(self._cipher, plain, chunk_id)}


class ImportStore:
    """All reads and writes of import jobs."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring

    async def open(self, database: Database) -> None:
        """Use this database; makes the one index that is needed."""
        self._jobs: Collection = database["imports"]
        self._chunks: Collection = database["import_chunks"]
        self._problems: Collection = database["import_problems"]
        self._keys: Collection = database["vault_keys"]
        await self._chunks.create_index([("job", ASCENDING)], name="job")

    async def begin(self, job: str, caller: Principal, row: Mapping[str, Any]) -> Upload | None:
        """An upload of this job, also in place of one that broke off; None where one has
        succeeded already."""
        attempt, key = os.urandom(8).hex(), os.urandom(KEY_BYTES)
        by = {"id": caller.id, "kind": caller.kind, "department": caller.department}
        fresh = {**row, "by": by, "attempt": attempt, **_UNTOUCHED}
        if not await self._claimed(job, fresh):
            return None
        wrapped = self._keyring.wrap(key, job)
        stored = {"kid": wrapped.kid, "wrapped": wrapped.sealed, "erased_at": None}
        await self._keys.update_one({"_id": job}, {"$set": stored}, upsert=True)
        await self._chunks.delete_many({"job": job})
        return Upload(job, attempt, key)

    async def _claimed(self, job: str, fresh: Document) -> bool:
        try:
            await self._jobs.insert_one({"_id": job, **fresh})
        except DuplicateKeyError:
            broken = {"_id": job, "status": Status.UPLOADING}
            return bool((await self._jobs.update_one(broken, {"$set": fresh})).matched_count)
        return True

    async def add(self, upload: Upload, lines: Sequence[Line]) -> None:
        """Store a chunk; how far the upload is shows that it is alive."""
        await self._chunks.insert_one(upload.document(lines))
        mine = {"_id": upload.job, "attempt": upload.attempt}
        await self._jobs.update_one(mine, {"$set": {"chunks": upload.chunks}})

    async def arrived(self, upload: Upload, body: str) -> bool:
        """The file is there; False where another upload of the same job has taken its place."""
        mine = {"_id": upload.job, "attempt": upload.attempt, "status": Status.UPLOADING}
        found: Document = {"status": Status.WAITING, "body": body}
        found |= {"chunks": upload.chunks, "lines": upload.lines}
        return bool((await self._jobs.update_one(mine, {"$set": found})).matched_count)

    async def forget(self, job: str, attempt: str) -> None:
        """An upload that came to nothing: as if it had never been."""
        mine = {"_id": job, "attempt": attempt, "status": Status.UPLOADING}
        if (await self._jobs.delete_one(mine)).deleted_count:
            await self._keys.delete_one({"_id": job})
            await self._chunks.delete_many({"job": job})

    async def job(self, job: str) -> Job | None:
        row = await self._jobs.find_one({"_id": job})
        return None if row is None else Job.of(row)

    async def all(self) -> list[Job]:
        """Every job, the newest first."""
        found = [Job.of(row) async for row in self._jobs.find({})]
        return sorted(found, key=lambda job: (job.begun_at, job.id), reverse=True)

    async def in_turn(self) -> Job | None:
        """The oldest that is not finished."""
        found = [Job.of(r) async for r in self._jobs.find({"status": {"$in": list(UNFINISHED)}})]
        return min(found, key=lambda job: (job.begun_at, job.id), default=None)

    async def uploading(self) -> list[Job]:
        return [Job.of(r) async for r in self._jobs.find({"status": Status.UPLOADING})]

    async def lines(self, job: Job) -> list[Line]:
        """The lines of the first chunk that is not done."""
        chunk_id = _chunk_id(job.id, job.attempt, job.next)
        key = await self._keys.find_one({"_id": job.id})
        chunk = await self._chunks.find_one({"_id": chunk_id})
        if key is None or key["wrapped"] is None or chunk is None:
            raise LookupError(f"{job.id}: chunk {job.next} of its file is gone")
        cipher = AESGCM(self._keyring.unwrap(Wrapped(key["kid"], key["wrapped"]), job.id))
        rows = orjson.loads(unseal(cipher, chunk["sealed"], chunk_id))
        return [Line(n, said, Flaw(flaw) if flaw else None, name) for n, said, flaw, name in rows]

    async def moved(self, job: Job, change: Document, *, status: Status = Status.RUNNING) -> bool:
        """Change a job that still is as it was read; False where somebody else was faster."""
        as_read = {"_id": job.id, "status": job.status, "next": job.next}
        change = {**change, "$set": {"status": status, **change.get("$set", {})}}
        return bool((await self._jobs.update_one(as_read, change)).matched_count)

    async def cancel(self, job: str, by: str) -> bool:
        """Ask for it to be ended after the chunk at hand; False where there is nothing to end."""
        going_on = {"_id": job, "status": {"$in": [Status.WAITING.value, Status.RUNNING.value]}}
        asked = {"outcome": ImportOutcome.CANCELLED.value, "cancelled_by": by}
        return bool((await self._jobs.update_one(going_on, {"$set": asked})).matched_count)

    async def note(self, job: Job, problems: Sequence[Sequence[Any]]) -> None:
        """What is wrong in the chunk at hand; the same again changes nothing."""
        if problems:
            number: Document = {"_id": _problem_id(job.id, job.next)}
            await self._problems.replace_one(
                number, {**number, "rows": list(problems)}, upsert=True
            )

    async def problems(self, job: str, chunks: Sequence[int]) -> dict[int, list[list[Any]]]:
        """What is wrong, by chunk."""
        wanted = {_problem_id(job, number): number for number in chunks}
        found = self._problems.find({"_id": {"$in": list(wanted)}})
        return {wanted[row["_id"]]: row["rows"] async for row in found}

    async def destroy(self, job: str, at: datetime) -> None:
        """Destroy the key and what was sealed under it."""
        gone = {"wrapped": None, "kid": None, "erased_at": at}
        await self._keys.update_one({"_id": job}, {"$set": gone})
        await self._chunks.delete_many({"job": job})


_UNTOUCHED: Document = {
    "status": Status.UPLOADING.value,
    "chunks": 0,
    "next": 0,
    "lines": 0,
    "counts": vars(Counts()).copy(),
    "seconds": 0.0,
    "bad_chunks": [],
}


def _chunk_id(job: str, attempt: str, number: int) -> str:
    return f"{job}|{attempt}|{number}"


def _problem_id(job: str, chunk: int) -> str:
    return f"{job}|{chunk}"
