"""Finding what was lost: by asking each owner what it published, not by guessing at gaps.

The same walk is how a service catches up with what was published before it was bound: from the
beginning for mirrors and facts. The cursor per writer is the batch up to which all is known.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog

from case_contracts.catalogue import spec_of
from case_contracts.envelope import Envelope
from case_contracts.upcast import readable_types
from service_kit import clock
from service_kit.events.listener import Listener
from service_kit.events.subscriptions import Subscriptions
from service_kit.events.traces import Published, Traces
from service_kit.mongo import UNKNOWN_OUTCOME, Database
from service_kit.telemetry.metrics import RECONCILED

log = structlog.get_logger()
PAGE = 100


class Reconciler:
    """Asks the owners of the types that a service listens to, each ``seconds``."""

    def __init__(
        self,
        database: Database,
        listener: Listener,
        subscriptions: Subscriptions,
        peers: Mapping[str, str],
        http: httpx.AsyncClient,
        *,
        seconds: float,
        age_seconds: float,
    ) -> None:
        self._database, self._listener = database, listener
        self._subscriptions, self._http = subscriptions, http
        self._peers, self._seconds, self._age = peers, seconds, age_seconds
        self._cursors = database["cursors"]

    async def run(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(self._seconds)

    async def once(self) -> int:
        """One round over all owners; how many events were missing and are handled now."""
        found = 0
        for owner, types in self._types_by_owner().items():
            try:
                found += await self._owner(owner, types)
            except (httpx.HTTPError, *UNKNOWN_OUTCOME) as error:
                log.warning("reconcile_waits", owner=owner, error=type(error).__name__)
            except Exception:  # one owner's unreadable answer must not hide another's losses
                log.exception("reconcile_failed", owner=owner)
        return found

    def _types_by_owner(self) -> dict[str, list[str]]:
        by_owner: dict[str, list[str]] = defaultdict(list)
        for event_type in self._subscriptions.types:
            owner = spec_of(event_type).owner
            if owner in self._peers:
                by_owner[owner] += readable_types(event_type)
        return by_owner

    async def _owner(self, owner: str, types: list[str]) -> int:
        base = self._peers[owner]
        found = 0
        for writer in await self._get(f"{base}/commits/writers"):
            found += await self._writer(owner, base, writer, types)
        return found

    async def _writer(self, owner: str, base: str, writer: dict[str, Any], types: list[str]) -> int:
        key = f"{owner}|{writer['writer']}"
        known = await self._cursors.find_one({"_id": key})
        cursor, found = (known["batch"] if known else 0), 0
        while cursor < writer["sent"]:
            last = min(cursor + PAGE, writer["sent"])
            missing, settled = await self._range(owner, base, writer["writer"], types, cursor, last)
            found += missing
            if not settled:
                return found
            cursor = last
            await self._cursors.replace_one(
                {"_id": key}, {"_id": key, "batch": cursor}, upsert=True
            )
        if writer["noted"]:
            found += (await self._range(owner, base, writer["writer"], types, cursor, 10**9))[0]
        return found

    async def _range(
        self, owner: str, base: str, writer: str, types: list[str], after: int, last: int
    ) -> tuple[int, bool]:
        """Handle what is missing of these batches; False when some are too young to judge."""
        query = {"writer": writer, "first": after + 1, "last": last, "types": ",".join(types)}
        rows = await self._get(f"{base}/commits", **query)
        limit = (clock.now() - timedelta(seconds=self._age * clock.clock().speed)).timestamp()
        old = [r for r in rows if _recorded(r) <= limit]
        published = [Published(r["id"], r["type"], _recorded(r)) for r in old]
        missing, found = await self._traces().without(published), 0
        for batch in sorted({row["batch"] for row in old if row["id"] in missing}):
            ids = {row["id"] for row in old if row["batch"] == batch} & missing
            query |= {"first": batch, "last": batch, "full": "true"}
            for envelope in await self._get(f"{base}/commits", **query):
                if envelope["id"] in ids:
                    found += await self._handle(owner, envelope)
        return found, len(old) == len(rows)

    async def _handle(self, owner: str, raw: dict[str, Any]) -> int:
        """Hand a missing event to the listener; 0 when it turns out not to concern us."""
        envelope = Envelope.model_validate(raw)
        if not await self._traces().lacks(envelope):
            return 0
        RECONCILED.labels(self._subscriptions.service, owner).inc()
        await self._listener.handle(
            "reconciled", envelope.routing_key, envelope.model_dump_json().encode()
        )
        return 1

    def _traces(self) -> Traces:
        return Traces(self._database, self._subscriptions, self._listener.since)

    async def _get(self, url: str, **query: Any) -> list[dict[str, Any]]:
        response = await self._http.get(url, params=query)
        response.raise_for_status()
        rows: list[dict[str, Any]] = response.json()
        return rows


def _recorded(row: dict[str, Any]) -> float:
    return datetime.fromisoformat(row["recordedat"]).timestamp()
