"""The event layer of one service, without its HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from case_bus.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from case_bus.port import Outgoing
from case_bus.topology import EVENTS, base, events_queue, subscriber
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.base import EventData
from case_contracts.events.registry import GridRetired, MatterWithdrawn, PostingEnded
from service_kit import clock
from service_kit.events.held import Held
from service_kit.events.listener import Listener
from service_kit.events.recorder import Recorder
from service_kit.events.subscriptions import Command, Fact, Mirror, Subscriptions, Translated
from service_kit.ids import derived
from service_kit.mongo import Database, Document
from tests.support.counter import AT, Add, After
from tests.support.store_node import DISTRICT, SERVICE, Node
from tests.support.twin import eventually

QUEUE = events_queue(SERVICE)


def _count(data: GridRetired, _: Envelope) -> Translated | None:
    if data.grid == "boom":
        raise ZeroDivisionError("a bug in the handler")
    if data.grid == "not-ours":
        return None
    text, *others = data.grid.split("/")
    return Translated("counter:1", After(text, others[0]) if others else Add(text))


def _row(data: MatterWithdrawn, _: Envelope) -> Document:
    if data.matter == "event/bad/row":
        raise ZeroDivisionError("a bug in the row")
    return {"matter": data.matter}


SUBSCRIPTIONS = Subscriptions(
    SERVICE,
    [
        Command(GridRetired, "registry.count-grid", _count),
        Fact(MatterWithdrawn, "fact_matter", _row),
        Mirror(PostingEnded, "mirror_posting"),
    ],
)


@dataclass
class Listening:
    """``say`` sends an event; the rest is there to be looked at."""

    node: Node
    listener: Listener
    held: Held
    broker: MemoryBroker
    consumer: MemoryConsumer

    async def say(self, envelope: Envelope) -> None:
        await self.send(envelope.model_dump_json().encode(), envelope.routing_key)

    async def send(self, body: bytes, key: str = "registry.grid.retired.v1") -> None:
        assert await MemoryPublisher(self.broker).publish([Outgoing(EVENTS, key, body)]) == [None]

    async def inputs(self) -> list[str]:
        view = await self.node.database["view_counter"].find_one({"_id": "counter:1"})
        return list(view["state"]["inputs"]) if view else []

    async def has(self, *inputs: str) -> bool:
        return await self.inputs() == list(inputs)

    async def held_one(self) -> Document:
        """The only held message, once there is one."""
        [found] = await eventually(lambda: self.rows("held"))
        return dict(found)

    async def is_quiet(self) -> bool:
        """Nothing waits in the queue or is being handled."""
        return self.broker.depth(QUEUE) == 0 and not self.consumer._open

    async def rows(self, collection: str) -> list[Document]:
        return await self.node.database[collection].find({}).to_list(None)


def grid(text: str) -> Envelope:
    return envelope_of(GridRetired(grid=text, valid_to=AT), f"grid:{text}")


def envelope_of(data: EventData, subject: str, number: int = 1) -> Envelope:
    spec, now = data.SPEC, clock.now()
    event_id = derived(spec.type, subject, str(number))
    return Envelope(
        id=event_id,
        source=source_of(DISTRICT, spec.owner),
        type=spec.type,
        subject=subject,
        time=now,
        dataschema=spec.dataschema,
        sequence=sequence_text(number),
        causationid=event_id,
        correlationid=event_id,
        districtid=DISTRICT,
        occurredat=now,
        recordedat=now,
        writer="w-outside",
        batch=1,
        data=data.model_dump(mode="json"),
    )


@asynccontextmanager
async def listening(db: Database, table: Subscriptions = SUBSCRIPTIONS) -> AsyncIterator[Listening]:
    node, broker = Node(db), MemoryBroker(base() + subscriber(SERVICE, table.types))
    consumer, recorder, held = MemoryConsumer(broker), Recorder(db), Held(db, SERVICE)
    listener = Listener(consumer, node.committer, recorder, held, table)
    await node.committer.start()
    recorder.start()
    await consumer.start(QUEUE, listener.on_delivery)
    retrying: asyncio.Task[Any] = asyncio.create_task(listener.retry_held())
    try:
        yield Listening(node, listener, held, broker, consumer)
    finally:
        retrying.cancel()
        await consumer.close()
        await recorder.stop()
        await node.die()
