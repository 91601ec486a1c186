"""Writers: who publishes which commits. Each process is one writer with a lease of its own.

The document: ``_id`` writer, ``owner`` who holds it, ``lease`` a counter, ``sent`` the batch up
to which everything is published, ``phase`` open, lapsed or closed, ``noted`` the ids of the
commits above ``sent`` that a take-over has published, ``sweeps`` how often it has been swept since.
"""

import time
import uuid
from dataclasses import dataclass, field

from service_kit.mongo import Database, Document

LAPSE_SECONDS = 10.0
RENEW_SHARE = 0.2
SAFE_SHARE = 0.8
"""Shares of the lapse: how often a lease is renewed, and when a writer that could not renew it
stops by itself, before anybody may take it over."""


class LeaseLost(Exception):
    """Somebody took this writer over: stop, and start afresh under a new id."""


@dataclass
class Writer:
    """This process's own writer. ``batch`` is the last one inserted, ``published`` the last of
    which every view is saved and every event confirmed, ``sent`` the last that is noted so."""

    database: Database
    service: str
    id: str = field(default_factory=lambda: f"w-{uuid.uuid4().hex}")
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    lease: int = 1
    batch: int = 0
    published: int = 0
    sent: int = 0
    lapse_seconds: float = LAPSE_SECONDS
    renewed: float = field(default_factory=time.monotonic)

    @property
    def lost(self) -> bool:
        return time.monotonic() - self.renewed > self.lapse_seconds * SAFE_SHARE

    @property
    def settled(self) -> bool:
        """Whether all that was inserted is published, and the watermark says so."""
        return self.sent == self.batch

    def give_up(self) -> None:
        """Whatever comes next under this writer raises LeaseLost."""
        self.renewed = float("-inf")

    async def open(self) -> None:
        asked = time.monotonic()
        await self.database["writers"].insert_one(
            {
                "_id": self.id,
                "service": self.service,
                "owner": self.owner,
                "lease": self.lease,
                "sent": 0,
                "phase": "open",
                "noted": [],
                "sweeps": 0,
            }
        )
        self.renewed = asked

    def check(self) -> None:
        """Look at the lease before an insert: ours for certain, or LeaseLost."""
        if self.lost:
            raise LeaseLost(self.id)

    async def renew(self) -> None:
        """Count the lease up: proof to others that this process lives."""
        asked = time.monotonic()
        self.lease += 1
        await self._move({"lease": self.lease})
        self.renewed = asked

    async def move_watermark(self, batch: int) -> None:
        """Everything up to ``batch`` is published and confirmed."""
        self.check()
        await self._move({"sent": batch})
        self.sent = batch

    async def close(self) -> None:
        """A graceful end: nothing is left to publish."""
        await self._move({"phase": "closed"})

    async def _move(self, change: Document) -> None:
        result = await self.database["writers"].update_one(
            {"_id": self.id, "owner": self.owner, "phase": "open"}, {"$set": change}
        )
        if result.matched_count == 0:
            raise LeaseLost(self.id)
