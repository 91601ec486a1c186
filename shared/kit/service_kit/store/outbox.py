"""Publishing commits: whatever happens, an event is either confirmed or tried again."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import structlog

from case_bus.port import Outgoing, Publisher, PublishError
from case_bus.topology import EVENTS
from service_kit.ids import derived
from service_kit.mongo import UNKNOWN_OUTCOME, Database, insert_new
from service_kit.store.codec import envelopes
from service_kit.store.model import Commit
from service_kit.telemetry.metrics import EVENTS_OUT, OUTBOUND_PARKED

log = structlog.get_logger()
ATTEMPTS = 5
PAUSE_SECONDS = (0.05, 0.2, 1.0, 2.0)


class Outbox:
    """Turns commits into envelopes and gets them confirmed.

    An event that the broker finally refuses five times is parked outbound and counted, and the
    watermark goes on; while the broker is away we wait for it as long as it takes.
    """

    def __init__(
        self, publisher: Publisher, database: Database, *, district: str, service: str
    ) -> None:
        self._publisher, self._database = publisher, database
        self._district, self._service = district, service

    def messages(self, commits: Sequence[Commit]) -> list[Outgoing]:
        return [
            Outgoing(EVENTS, key, body, _headers(commit))
            for commit in commits
            for key, body in envelopes(commit, self._district, self._service)
        ]

    async def publish(self, commits: Sequence[Commit]) -> None:
        """Return when each event is confirmed or parked outbound."""
        waiting = self.messages(commits)
        EVENTS_OUT.labels(self._service).inc(len(waiting))
        refusals: Counter[int] = Counter()
        rounds = 0
        while waiting:
            failed = [e for e in await self._publisher.publish(waiting) if e is not None]
            if not failed:
                return
            log.warning("publish_failed", count=len(failed), reason=failed[0].reason)
            refusals.update(id(e.message) for e in failed if e.final)
            final = [e for e in failed if refusals[id(e.message)] >= ATTEMPTS]
            if final:
                await self._park(final)
            waiting = [e.message for e in failed if e not in final]
            await asyncio.sleep(PAUSE_SECONDS[min(rounds, len(PAUSE_SECONDS) - 1)])
            rounds += 1

    async def _park(self, failed: Sequence[PublishError]) -> None:
        OUTBOUND_PARKED.labels(self._service).inc(len(failed))
        documents = [
            {
                "_id": derived(e.message.key, e.message.body.hex()),
                "key": e.message.key,
                "body": e.message.body,
                "reason": e.reason,
            }
            for e in failed
        ]
        while True:
            try:
                await insert_new(self._database["outbound_parked"], documents)
                return
            except UNKNOWN_OUTCOME:
                await asyncio.sleep(1)


def _headers(commit: Commit) -> dict[str, str]:
    return {"traceparent": commit.traceparent} if commit.traceparent else {}
