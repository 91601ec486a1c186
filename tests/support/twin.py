"""One service on the in-memory twin of the broker and a real store, for integration tests."""

import asyncio
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, overload

import httpx
from fastapi import FastAPI

from case_bus.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from case_bus.port import Outgoing, PublishError
from case_bus.topology import COMMANDS, EVENTS, base, command_taker, subscriber
from case_contracts.commands import Forwarded
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.base import EventData
from service_kit import clock
from service_kit.events.subscriptions import Mirror, Subscriptions
from service_kit.runtime import Edges, Runtime

DISTRICT = "lanhe"
PATIENCE_SECONDS = 20.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.002, 0.02
T = TypeVar("T")


class Recording(MemoryPublisher):
    """Publishes to the twin and remembers every event."""

    def __init__(self, broker: MemoryBroker) -> None:
        super().__init__(broker)
        self.envelopes: list[Envelope] = []

    async def publish(self, messages: Sequence[Outgoing]) -> list[PublishError | None]:
        self.envelopes += [
            Envelope.model_validate_json(m.body) for m in messages if m.exchange == EVENTS
        ]
        return await super().publish(messages)


@dataclass
class Twin:
    """A running service: ``say`` what others say, ask over ``http``, see what it ``published``."""

    app: FastAPI
    http: httpx.AsyncClient
    publisher: Recording
    subscriptions: Subscriptions
    _sequences: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def runtime(self) -> Runtime:
        found: Runtime = self.app.state.runtime
        return found

    async def settled(self) -> None:
        """Until everything that was committed is in its views, and published."""
        committer = self.runtime.committer
        await eventually(lambda: committer.writer.published >= committer.writer.batch)

    async def heard(self) -> None:
        """Until everything that was said is taken in: as from a broker it is handled side by side,
        so that what is said later may be decided before what was said first is known."""
        consumer = self.runtime.edges.consumer
        assert isinstance(consumer, MemoryConsumer)
        await eventually(lambda: consumer.idle)

    async def say(self, data: EventData, subject: str, at: datetime | None = None) -> Envelope:
        """Another service's event comes over the bus. What this service only mirrors is taken in
        when this returns: what is said next is decided on it."""
        envelope = self.envelope(data, subject, at or clock.now())
        await self.send(envelope)
        entries = self.subscriptions.of(envelope.type)
        if entries and all(isinstance(entry, Mirror) for entry in entries):
            await self.heard()
        return envelope

    async def say_all(self, events: Iterable[tuple[str, EventData]]) -> None:
        """Many of them, with their subjects, side by side; all taken in when this returns."""
        for subject, data in events:
            await self.send(self.envelope(data, subject, clock.now()))
        await self.heard()

    async def send(self, envelope: Envelope) -> None:
        """Deliver this envelope, perhaps again."""
        body = envelope.model_dump_json().encode()
        outcome = await MemoryPublisher.publish(
            self.publisher, [Outgoing(EVENTS, envelope.routing_key, body)]
        )
        assert outcome == [None]

    def envelope(self, data: EventData, subject: str, at: datetime) -> Envelope:
        spec = data.SPEC
        self._sequences[(spec.owner, subject)] += 1
        cause = str(uuid.uuid4())
        return Envelope(
            id=str(uuid.uuid4()),
            source=source_of(DISTRICT, spec.owner),
            type=spec.type,
            subject=subject,
            time=at,
            dataschema=spec.dataschema,
            sequence=sequence_text(self._sequences[(spec.owner, subject)]),
            causationid=cause,
            correlationid=cause,
            districtid=DISTRICT,
            occurredat=at,
            recordedat=clock.now(),
            writer="w-test",
            batch=1,
            data=data.model_dump(mode="json"),
        )

    async def command(self, service: str, department: str, command: Any) -> None:
        """A department's command, as the gateway hands it on."""
        forwarded = Forwarded(
            id=f"forwarded:{department}:{command.id}",
            department=department,
            district=DISTRICT,
            received_at=clock.now(),
            command=command,
        )
        body = forwarded.model_dump_json().encode()
        assert await self.publisher.publish([Outgoing(COMMANDS, service, body)]) == [None]

    def published(self, *kinds: type[EventData]) -> list[Any]:
        """The payloads of these events, in order."""
        payloads = [e.payload() for e in self.publisher.envelopes]
        return [p for p in payloads if isinstance(p, kinds)]


@overload
async def eventually(probe: Callable[[], Awaitable[T]], seconds: float = ...) -> T: ...


@overload
async def eventually(probe: Callable[[], T], seconds: float = ...) -> T: ...


async def eventually(probe: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait until the probe gives something true; fails with what it gave last."""
    until, pause = time.monotonic() + seconds, FIRST_PAUSE_SECONDS
    while True:
        found = probe()
        value = await found if isinstance(found, Awaitable) else found
        if value:
            return value
        assert time.monotonic() < until, f"still {value!r} after {seconds} s"
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


@asynccontextmanager
async def running(
    name: str,
    build: Callable[[Edges], FastAPI],
    subscriptions: Subscriptions,
    broker: MemoryBroker | None = None,
) -> AsyncIterator[Twin]:
    """The service between start and graceful stop; on a broker that others share, if given."""
    topology = base() + subscriber(name, subscriptions.types) + command_taker(name)
    broker = broker or MemoryBroker(base())
    broker.declare(topology)
    publisher = Recording(broker)
    app = build(Edges(publisher, MemoryConsumer(broker)))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
            yield Twin(app, http, publisher, subscriptions)
