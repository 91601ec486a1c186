"""The service's one quarantine: what could not be handled, why, and when it is tried again."""

import hashlib
import random
import time
from datetime import datetime, timedelta
from typing import Any, Literal

from service_kit import clock
from service_kit.ids import derived
from service_kit.mongo import ASCENDING, Database, Document
from service_kit.telemetry.metrics import HELD_AGE, HELD_DEPTH

Status = Literal["retry", "parked"]
MAX_ATTEMPTS = 8
MAX_BODY_BYTES = 8 * 1024 * 1024
LONGEST_WAIT_SECONDS = 300.0
EPOCH = 0.0


class Held:
    """``retry`` is tried again with exponential backoff and jitter, ``parked`` waits for an
    operator. Real time, not domain time: ``next_at`` is Unix seconds."""

    def __init__(self, database: Database, service: str) -> None:
        self._collection = database["held"]
        self._service = service

    async def create_indexes(self) -> None:
        await self._collection.create_index(
            [("status", ASCENDING), ("next_at", ASCENDING)], name="due"
        )

    async def put(
        self, queue: str, key: str, body: bytes, *, reason: str, status: Status, event: str | None
    ) -> None:
        """Hold a message; the same one again counts an attempt, and too many park it.

        Of a body that no document can hold the beginning is kept, and its reason says so.
        """
        held_id = derived(queue, event or hashlib.sha256(body).hexdigest())
        known = await self._collection.find_one({"_id": held_id}) or {}
        attempts = known.get("attempts", 0) + (0 if known.get("trying") else 1)
        if len(body) > MAX_BODY_BYTES:
            reason = f"the first of {len(body)} bytes; {reason}"
        document: Document = {
            "_id": held_id,
            "queue": queue,
            "key": key,
            "body": body[:MAX_BODY_BYTES],
            "event": event,
            "reason": reason[:500],
            "status": "parked" if attempts >= MAX_ATTEMPTS else status,
            "attempts": attempts,
            "trying": False,
            "next_at": time.time() + backoff(attempts),
            "held_at": known.get("held_at") or clock.now(),
        }
        await self._collection.replace_one({"_id": held_id}, document, upsert=True)

    async def begin(self, document: Document) -> bool:
        """Count an attempt before it is made, so that one which kills the process counts too.

        False when there were too many, or another replica has just begun the same.
        """
        attempts = document["attempts"] + 1
        change: Document = {
            "attempts": attempts,
            "trying": attempts <= MAX_ATTEMPTS,
            "status": "retry" if attempts <= MAX_ATTEMPTS else "parked",
            "next_at": time.time() + backoff(attempts),
        }
        query = {"_id": document["_id"], "attempts": document["attempts"], "status": "retry"}
        result = await self._collection.update_one(query, {"$set": change})
        return result.modified_count == 1 and attempts <= MAX_ATTEMPTS

    async def finish(self, document: Document) -> bool:
        """Drop what has been tried and was not held again; whether it was so."""
        query = {"_id": document["_id"], "trying": True}
        return (await self._collection.delete_one(query)).deleted_count == 1

    async def due(self, limit: int = 64) -> list[Document]:
        cursor = self._collection.find(
            {"status": "retry", "next_at": {"$gte": EPOCH, "$lte": time.time()}}
        )
        return await cursor.limit(limit).to_list(limit)

    async def drop(self, held_id: str) -> bool:
        return (await self._collection.delete_one({"_id": held_id})).deleted_count == 1

    async def replay(self, held_id: str) -> bool:
        """Try again now, with a fresh count of attempts."""
        result = await self._collection.update_one(
            {"_id": held_id},
            {"$set": {"status": "retry", "next_at": EPOCH, "attempts": 0, "trying": False}},
        )
        return result.matched_count == 1

    async def show(self, held_id: str) -> Document | None:
        return await self._collection.find_one({"_id": held_id})

    async def summary(self, limit: int = 200) -> list[Document]:
        return await self._collection.find({}, {"body": 0}).limit(limit).to_list(limit)

    async def events(self, ids: list[str]) -> set[str]:
        """Which of these event ids are held."""
        found = self._collection.find({"event": {"$in": ids}}, {"event": 1})
        return {d["event"] async for d in found}

    async def measure(self) -> dict[str, int]:
        """Depth by status; sets the gauges."""
        rows: list[dict[str, Any]] = await self._collection.find(
            {}, {"status": 1, "held_at": 1}
        ).to_list(100_000)
        depth = {s: sum(1 for r in rows if r["status"] == s) for s in ("retry", "parked")}
        for status, count in depth.items():
            HELD_DEPTH.labels(self._service, status).set(count)
        HELD_AGE.labels(self._service).set(_age([r["held_at"] for r in rows]))
        return depth


def _age(times: list[datetime]) -> float:
    if not times:
        return 0.0
    return max(timedelta(0), clock.now() - min(times)).total_seconds()


def backoff(attempts: int) -> float:
    """Seconds until the next try: 1, 2, 4... at most 300, with a quarter of jitter."""
    seconds = min(LONGEST_WAIT_SECONDS, 2.0 ** (attempts - 1))
    return float(seconds * random.uniform(0.75, 1.25))
