"""The worker that takes the lines of imports, one chunk after the other.

Of all replicas the one with the lease works; when it dies, another goes on at the first chunk
that is not done. Lines of that chunk which had been taken already are taken once all the same,
since their causes are their refs.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from case_contracts.events.intake import ImportOutcome
from intake.adapters.import_store import ImportStore, Job, Status
from intake.api.import_lines import Fate, Judged, Rules, take_line
from intake.commands.finish_import import FinishImport
from intake.commands.start_import import StartImport
from intake.settled import settled
from service_kit import clock
from service_kit.errors import CivicError
from service_kit.ids import derived
from service_kit.lease import Lease
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime
from service_kit.store import Actor, Work

log = structlog.get_logger()
IDLE_SECONDS, PAUSE_SECONDS = 0.5, 1.0
ABANDONED_SECONDS = 120.0
TOLD = (Fate.BAD, Fate.REJECTED)


@dataclass
class ImportWorker:
    """Works jobs off in the order in which they came."""

    runtime: Runtime
    store: ImportStore
    lease: Lease
    rules: Rules
    _uploads: dict[str, tuple[str, int, float]] = field(default_factory=dict)

    async def run(self) -> None:
        """For ever; what passes by itself is tried again."""
        while True:
            try:
                busy = self.lease.ours and await self.step()
                pause = 0.0 if busy else IDLE_SECONDS
            except (CivicError, *UNKNOWN_OUTCOME) as error:
                if isinstance(error, CivicError) and not error.retry:
                    raise
                pause = PAUSE_SECONDS
            await asyncio.sleep(pause)

    async def step(self) -> bool:
        """Do the next thing that is to be done; False when there is nothing."""
        job = await self.store.in_turn()
        if job is None:
            await self._forget_abandoned()
            return False
        if job.status is Status.FINISHING:
            await self._finish(job)
        elif job.outcome is ImportOutcome.CANCELLED:
            await self.store.moved(job, {}, status=Status.FINISHING)
        elif job.status is Status.WAITING:
            await self._begin(job)
        elif job.next >= job.chunks:
            outcome = {"$set": {"outcome": ImportOutcome.DONE.value}}
            await self.store.moved(job, outcome, status=Status.FINISHING)
        else:
            await self._chunk(job)
        return True

    async def _finish(self, job: Job) -> None:
        """Write down how it ended, and destroy its file. Done again, it changes nothing."""
        assert job.outcome is not None
        if not job.dry_run:
            command = FinishImport(job.outcome, job.progress.counts, job.cancelled_by)
            by = Actor(job.cancelled_by, "staff") if job.cancelled_by else job.caller.actor()
            await _submit(self.runtime, job, "intake.finish-import", command, by)
        await self.store.destroy(job.id, clock.now())
        ended = Status.DONE if job.outcome is ImportOutcome.DONE else Status.CANCELLED
        await self.store.moved(job, {"$set": {"finished_at": clock.now()}}, status=ended)

    async def _begin(self, job: Job) -> None:
        if not job.dry_run:
            command = StartImport(job.kind, job.progress.lines, job.caller.id)
            await _submit(self.runtime, job, "intake.start-import", command, job.caller.actor())
        await self.store.moved(job, {})

    async def _chunk(self, job: Job) -> None:
        begun = time.monotonic()
        lines = await self.store.lines(job)
        judged = await settled(take_line(self.runtime, job, line, self.rules) for line in lines)
        told = [_problem(each) for each in judged if each.fate in TOLD]
        await self.store.note(job, told)
        done: dict[str, Any] = {
            "$set": {"next": job.next + 1},
            "$inc": {**_counted(judged), "seconds": time.monotonic() - begun},
        }
        if told:
            done["$push"] = {"bad_chunks": job.next}
        if not await self.store.moved(job, done):
            log.info("import_chunk_done_elsewhere", job=job.id, chunk=job.next)

    async def _forget_abandoned(self) -> None:
        """Uploads whose process died: nothing of them has moved for a while."""
        seen, now = {}, time.monotonic()
        for job in await self.store.uploading():
            as_seen = self._uploads.get(job.id)
            still = as_seen is not None and as_seen[:2] == (job.attempt, job.chunks)
            since = as_seen[2] if still and as_seen is not None else now
            seen[job.id] = (job.attempt, job.chunks, since)
            if now - since > ABANDONED_SECONDS:
                await self.store.forget(job.id, job.attempt)
        self._uploads = seen


async def import_worker(
    runtime: Runtime, store: ImportStore, lapse_seconds: float, live_age: timedelta
) -> None:
    """The background of every replica."""
    lease = Lease(runtime.database, "imports", lapse_seconds)
    worker = ImportWorker(runtime, store, lease, Rules(live_age))
    async with asyncio.TaskGroup() as group:
        group.create_task(lease.keep())
        group.create_task(worker.run())


async def _submit(runtime: Runtime, job: Job, handler: str, command: Any, actor: Actor) -> None:
    work = Work(
        aggregate=job.id,
        handler=handler,
        cause=derived(handler, job.id),
        command=command,
        actor=actor,
    )
    await runtime.committer.submit(work)


def _counted(judged: Sequence[Judged]) -> dict[str, int]:
    fates = Counter(each.fate for each in judged)
    return {"counts.read": len(judged)} | {f"counts.{fate}": n for fate, n in fates.items()}


def _problem(judged: Judged) -> list[Any]:
    reason = judged.reason.value if judged.reason is not None else None
    return [judged.number, judged.fate.value, judged.ref, judged.field, reason]
