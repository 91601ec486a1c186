"""A running service: everything wired, started and stopped in order."""

import asyncio
import contextlib
import functools
import time
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import structlog

from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import commands_queue, event_bindings, events_queue, parked_queue
from service_kit import clock, telemetry
from service_kit.auth import Verifier
from service_kit.auth.client import ServiceToken
from service_kit.events.command_queue import CommandQueue
from service_kit.events.held import Held
from service_kit.events.listener import PREFETCH, Listener
from service_kit.events.mirrors import MirrorCache, Stamps, fence, world_loader
from service_kit.events.reconciler import Reconciler
from service_kit.events.recorder import Recorder
from service_kit.http.outgoing import certificates
from service_kit.http.rates import Rates
from service_kit.mongo import Client, Database, DuplicateKeyError, connect, database
from service_kit.parts import Edges as Edges
from service_kit.parts import Parts as Parts
from service_kit.store.committer import Committer
from service_kit.store.outbox import Outbox
from service_kit.store.takeover import Caretaker
from service_kit.telemetry.metrics import CONSUMERS

log = structlog.get_logger()
OUTBOX_LAG_LIMIT = 3


class Runtime:
    """Available to routes as ``request.app.state.runtime``."""

    def __init__(
        self, parts: Parts, edges: Edges | None = None, rates: Rates | None = None
    ) -> None:
        self.parts, self.name, self.settings = parts, parts.name, parts.settings
        self.extras = parts.extras
        self.rates = rates or parts.settings.rates()
        self.client: Client = connect(self.settings.mongo_url.get_secret_value())
        self.database: Database = database(self.client, self.settings.database)
        self.edges = edges or self._rabbit()
        self.verifier = Verifier(self.settings.jwks_url, self.settings.issuer, self.name)
        self.http = self._http()
        outbox = Outbox(
            self.edges.publisher, self.database, district=self.settings.district, service=self.name
        )
        self.caches = {
            name: MirrorCache(self.database, collection, build)
            for name, (collection, build) in parts.caches.items()
        }
        stamps = Stamps(self.database)
        self.load_world = world_loader(stamps.recent, self.caches, parts.make_world)
        newest = world_loader(stamps.now, self.caches, parts.make_world)
        self.committer = Committer(
            self.database, outbox, parts.aggregates, self.load_world,
            service=self.name, lapse_seconds=self.settings.lapse_seconds,
            unchanged=fence(newest, parts.fenced) if parts.fenced else None,
            follow_ups=parts.follow_ups, kept=parts.kept, foresee=parts.foresee,
        )  # fmt: skip
        self.caretaker = Caretaker(
            self.database, outbox, self.committer.aggregates, self.committer.complete,
            lapse_seconds=self.settings.lapse_seconds, sweep_seconds=self.settings.sweep_seconds,
        )  # fmt: skip
        self.recorder, self.held = Recorder(self.database, stamps), Held(self.database, self.name)
        self.listener = Listener(
            self.edges.consumer, self.committer, self.recorder, self.held, parts.subscriptions
        )
        self.reconciler = Reconciler(
            self.database, self.listener, parts.subscriptions, self.settings.peers,
            self.http, seconds=self.settings.reconcile_seconds,
            age_seconds=self.settings.reconcile_age_seconds,
        )  # fmt: skip
        self._tasks: list[asyncio.Task[None]] = []

    def _rabbit(self) -> Edges:
        url = self.settings.amqp_url.get_secret_value()
        return Edges(RabbitPublisher(url, name=self.name), RabbitConsumer(url, name=self.name))

    def _http(self) -> httpx.AsyncClient:
        auth = None
        secret = self.settings.client_secret
        if self.settings.token_url and secret:
            auth = ServiceToken(
                self.settings.token_url, secret.get_secret_value(), f"service:{self.name}",
                self.parts.peer_scopes, list(self.settings.peers) or [self.name],
            )  # fmt: skip
        return httpx.AsyncClient(auth=auth, timeout=10, verify=certificates())

    async def start(self) -> None:
        """Store first, then the committer, then the queues: nothing arrives before we are ready."""
        telemetry.configure(self.name, self.settings)
        await self.held.create_indexes()
        if self.parts.prepare is not None:
            await self.parts.prepare(self.database)
        self.listener.since = await self._first_start()
        await self.committer.start()
        if self.parts.assemble is not None:
            await self.parts.assemble(self)
        self.recorder.start()
        await self._start_queues()
        loops: list[Callable[[], Coroutine[Any, Any, None]]] = [
            self.caretaker.run, self.listener.retry_held, self.reconciler.run,
            *(functools.partial(b, self) for b in self.parts.background),
        ]  # fmt: skip
        self._tasks = [asyncio.create_task(_for_ever(loop)) for loop in loops]

    async def _start_queues(self) -> None:
        consumer, name = self.edges.consumer, self.name
        queues = []
        if self.parts.subscriptions.entries:
            queues.append(events_queue(name))
        if self.parts.on_command is not None:
            taker = CommandQueue(
                f"{name}.department-command", self.parts.on_command, self.listener, self.held
            )
            queue = commands_queue(name)
            self.listener.handlers[queue] = taker.handle
            queues.append(queue)
        for queue in queues:
            self.listener.handlers[parked_queue(queue)] = self._drain_parked
            await consumer.start(queue, self.listener.on_delivery, PREFETCH)
            await consumer.start(parked_queue(queue), self.listener.on_delivery, PREFETCH)
        await consumer.expect(event_bindings(name, self.parts.subscriptions.types))

    async def _drain_parked(self, queue: str, key: str, body: bytes, *, held: bool = False) -> str:
        """What the broker gave up on joins our one quarantine."""
        reason = "the broker gave up after too many deliveries"
        origin = queue.removesuffix(".parked")
        await self.held.put(origin, key, body, reason=reason, status="parked", event=None)
        return "given-up"

    async def _first_start(self) -> float:
        """When this service first ran, in domain time (Unix seconds)."""
        meta = self.database["meta"]
        with contextlib.suppress(DuplicateKeyError):  # another replica was first
            await meta.update_one(
                {"_id": "first_start"}, {"$setOnInsert": {"at": clock.now()}}, upsert=True
            )
        found = await meta.find_one({"_id": "first_start"})
        assert found is not None
        return float(found["at"].timestamp())

    async def stop(self) -> None:
        """Take nothing more, finish what is begun, publish it, close the writer."""
        await self.edges.consumer.close()
        await self.committer.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.recorder.stop()
        await self.edges.publisher.close()
        await self.http.aclose()
        self.client.close()

    async def readiness(self) -> dict[str, str]:
        """Consumers, outbox lag, store: ``ok`` or what is wrong."""
        return {
            "store": await self._store_answers(),
            "consumers": self._consumers(),
            "outbox": self._outbox(),
            "background": self._background(),
        }

    def details(self) -> dict[str, str]:
        """What is not in order, though the service is ready all the same."""
        return dict(self.parts.details(self)) if self.parts.details else {}

    async def _store_answers(self) -> str:
        with contextlib.suppress(Exception):
            async with asyncio.timeout(2):
                await self.database.command("ping")
                return "ok"
        return "the store does not answer"

    def _consumers(self) -> str:
        healthy = self.edges.consumer.healthy()
        CONSUMERS.labels(self.name).set(1 if healthy else 0)
        return "ok" if healthy else "a queue is not being consumed"

    def _outbox(self) -> str:
        writer = self.committer.writer
        if not self.committer.running:
            return "the committer has ended"
        lag = writer.batch - writer.published
        if time.monotonic() - writer.renewed > self.settings.lapse_seconds * 2:
            return "the writer's lease is not being renewed"
        return "ok" if lag <= OUTBOX_LAG_LIMIT else f"{lag} batches wait to be published"

    def _background(self) -> str:
        ended = [task for task in self._tasks if task.done()]
        return "ok" if not ended else f"{len(ended)} background loops have ended"


async def _for_ever(loop: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A background loop that fails is logged and begun anew; one that returns has ended."""
    while True:
        try:
            return await loop()
        except Exception:
            log.exception("background_failed")
            await asyncio.sleep(1)
