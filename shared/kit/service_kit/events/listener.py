"""From a delivery to its acknowledgement.

Deliver, validate, do what the subscriptions say, publish what came of it, acknowledge. Whatever
goes wrong ends in ``held`` with its reason, and is acknowledged; only when the store itself is
away is the message left with the broker.
"""

import asyncio
import contextlib
import time
from typing import Any, Protocol

import structlog
from pydantic import ValidationError

from case_bus.port import Consumer, Delivery
from case_contracts.catalogue import UnknownEvent
from case_contracts.envelope import Envelope
from service_kit.errors import CivicError, NotYet, TooLarge
from service_kit.events.held import Held
from service_kit.events.recorder import Recorder
from service_kit.events.subscriptions import Command, Subscriptions, work_of
from service_kit.mongo import UNKNOWN_OUTCOME, PyMongoError
from service_kit.store.committer import Committer
from service_kit.store.faults import reach
from service_kit.store.model import Work
from service_kit.telemetry.metrics import EVENTS_IN, HANDLING_SECONDS
from service_kit.telemetry.tracing import span

log = structlog.get_logger()
NOT_YET_PAUSES = (0.05, 0.2, 1.0)
NOT_HELD_PAUSE = 0.5
PREFETCH = 192
ALONE_AFTER = 2
SUSPECT_AFTER = 5
"""Whatever comes back as often may have killed its process: held before it is tried again."""
HELD_POLL_SECONDS = 0.5
MEASURE_EVERY = 10


class Handle(Protocol):
    """Does what a message asks, or holds it; returns the message's type for the metrics."""

    async def __call__(self, queue: str, key: str, body: bytes, *, held: bool = False) -> str: ...


class Poison(Exception):
    """The message can never be handled as it is: for an operator to look at."""


class Listener:
    """Feeds one service from its queues."""

    def __init__(
        self,
        consumer: Consumer,
        committer: Committer,
        recorder: Recorder,
        held: Held,
        subscriptions: Subscriptions,
        *,
        since: float = 0.0,
    ) -> None:
        self._consumer, self._committer = consumer, committer
        self._recorder, self._held = recorder, held
        self._subscriptions = subscriptions
        self._service = subscriptions.service
        self.since = since
        self._alone = asyncio.Lock()
        self._pausing = asyncio.Lock()
        self.handlers: dict[str, Handle] = {}

    async def on_delivery(self, delivery: Delivery) -> None:
        """Handle one message, alone if it came back more than once, and acknowledge it."""
        started = time.perf_counter()
        try:
            name = await self._dealt_with(delivery)
        except UNKNOWN_OUTCOME:
            await self._wait_for_store()
            return
        except Exception:  # not even held: the broker counts it, and parks it in the end
            log.exception("not_held", queue=delivery.queue)
            await asyncio.sleep(NOT_HELD_PAUSE)
            await delivery.nack()
            return
        await delivery.ack()
        reach("after_ack")
        EVENTS_IN.labels(self._service, name).inc()
        HANDLING_SECONDS.labels(self._service, name).observe(time.perf_counter() - started)

    async def _dealt_with(self, delivery: Delivery) -> str:
        handle = self.handlers.get(delivery.queue, self.handle)
        if delivery.attempts >= SUSPECT_AFTER:
            reason = f"it was delivered {delivery.attempts} times without an answer"
            event = _event_id(delivery.body)
            await self._hold(delivery.queue, delivery.key, delivery.body, reason, "retry", event)
            return "suspect"
        guard = self._alone if delivery.attempts >= ALONE_AFTER else contextlib.nullcontext()
        async with guard:
            return await handle(delivery.queue, delivery.key, delivery.body)

    async def handle(self, queue: str, key: str, body: bytes, *, held: bool = False) -> str:
        """Do what the message asks, or hold it. Raises only when the store is away."""
        event: str | None = None
        name = "unreadable"
        try:
            envelope = Envelope.model_validate_json(body)
            event, name = envelope.id, envelope.type
            await self.apply(envelope)
        except UNKNOWN_OUTCOME:
            raise
        except (ValidationError, UnknownEvent, Poison, TooLarge) as error:
            await self._hold(queue, key, body, _reason(error), "parked", event)
        except Exception as error:  # every failure ends in quarantine, with its reason
            await self._hold(queue, key, body, _reason(error), "retry", event)
        else:
            if held:
                log.info("held_message_handled", event_id=event, type=name)
        return name

    async def apply(self, envelope: Envelope) -> None:
        """Do everything that the subscriptions say about one event."""
        data = envelope.payload()
        entries = self._subscriptions.of(envelope.type)
        if not entries:
            raise Poison(f"nobody here listens to {envelope.type}: a binding is wrong")
        with span(f"{self._service} {envelope.type}", envelope.traceparent, envelope.subject):
            await asyncio.gather(*(self._entry(entry, envelope, data) for entry in entries))

    async def _entry(self, entry: Any, envelope: Envelope, data: Any) -> None:
        if not isinstance(entry, Command):
            await self._recorder.record(entry, envelope, data)
            return
        if entry.since_start and envelope.recordedat.timestamp() < self.since:
            return
        work = work_of(entry, data, envelope, self._service)
        if work is not None:
            await self.through(work)

    async def through(self, work: Work) -> None:
        """Commit and publish; what it depends on may be a moment late."""
        for pause in (*NOT_YET_PAUSES, None):
            try:
                await self._committer.through(work)
                return
            except NotYet:
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def retry_held(self) -> None:
        """Try what is due again, one by one, for ever."""
        rounds = 0
        while True:
            with contextlib.suppress(*UNKNOWN_OUTCOME):
                for document in await self._held.due():
                    await self._retry(document)
                if rounds % MEASURE_EVERY == 0:
                    await self._held.measure()
            rounds += 1
            await asyncio.sleep(HELD_POLL_SECONDS)

    async def _retry(self, document: dict[str, Any]) -> None:
        if not await self._held.begin(document):
            return
        handler = self.handlers.get(document["queue"], self.handle)
        await handler(document["queue"], document["key"], document["body"], held=True)
        await self._held.finish(document)

    async def _hold(
        self, queue: str, key: str, body: bytes, reason: str, status: Any, event: str | None
    ) -> None:
        log.warning("held", queue=queue, status=status, reason=reason, event_id=event)
        await self._held.put(queue, key, body, reason=reason, status=status, event=event)

    async def _wait_for_store(self) -> None:
        """Cancel the consumers and wait: nothing is nacked in a loop."""
        if self._pausing.locked():
            return
        async with self._pausing:
            log.warning("store_away_consumers_paused")
            await self._consumer.pause()
            await self._until_store_answers()
            await self._consumer.resume()
            log.info("store_back_consumers_resumed")

    async def _until_store_answers(self) -> None:
        while True:
            with contextlib.suppress(PyMongoError):
                await self._committer.database.command("ping")
                return
            await asyncio.sleep(0.5)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fields = [".".join(map(str, e["loc"])) + ": " + e["msg"] for e in error.errors()[:5]]
        return "invalid: " + "; ".join(fields)
    if isinstance(error, CivicError):
        return f"{error.code}: {error.detail}"
    return f"{type(error).__name__}: {error}"


def _event_id(body: bytes) -> str | None:
    try:
        return Envelope.model_validate_json(body).id
    except ValidationError:
        return None
