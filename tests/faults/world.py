"""Echo services as processes, fed from both sides, and one subscriber that listens to them."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aio_pika
import httpx

from case_bus.declare import declare
from case_bus.port import Delivery
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import base, events_queue, subscriber
from case_contracts.envelope import Envelope
from service_kit.events.recorder import Recorder
from service_kit.mongo import Database, connect, database
from service_kit.verify import Report, Verified, verify
from tests.faults.echo import COUNTERS, DOWNSTREAM, SUBSCRIPTIONS, input_message
from tests.support.counter import Counter
from tests.support.ports import free_port
from tests.support.store_node import DISTRICT, SERVICE
from tests.support.twin import eventually

LAPSE_SECONDS = 1.0
START_SECONDS = 120.0
TOPOLOGY = (
    base()
    + subscriber(SERVICE, SUBSCRIPTIONS.types)
    + subscriber(DOWNSTREAM.service, DOWNSTREAM.types)
)


@dataclass
class World:
    """``amqp_url`` and ``mongo_url`` are what the echo services use; the harness itself speaks
    to broker and store by ``harness_amqp`` and ``harness_mongo``, which no fault touches."""

    amqp_url: str
    mongo_url: str
    harness_amqp: str
    harness_mongo: str
    name: str
    logs: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    inputs: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.client = connect(self.harness_mongo)
        self.echo: Database = database(self.client, f"{self.name}_echo")
        self.downstream: Database = database(self.client, f"{self.name}_down")
        self.publisher = RabbitPublisher(self.harness_amqp, name="harness", heartbeat=5)
        self.consumer = RabbitConsumer(
            self.harness_amqp, name="harness", heartbeat=5, watch_seconds=2
        )
        self.recorder = Recorder(self.downstream)

    async def open(self) -> None:
        connection = await aio_pika.connect(self.harness_amqp)
        async with connection, connection.channel() as channel:
            await declare(channel, TOPOLOGY)
        self.recorder.start()
        await self.consumer.start(events_queue(DOWNSTREAM.service), self._on_echo)

    async def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
        await self.consumer.close()
        await self.publisher.close()
        await self.recorder.stop()
        self.client.close()

    async def start(self, fault: str = "") -> subprocess.Popen[bytes]:
        """One more echo service, ready to take inputs."""
        process, port = self.launch(fault)
        async with httpx.AsyncClient() as http:
            await eventually(lambda: _is_ready(http, process, port), START_SECONDS)
        return process

    def launch(self, fault: str = "") -> tuple[subprocess.Popen[bytes], int]:
        port = free_port()
        with (self.logs / f"echo-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.echo_service"],
                env=self._environment(port, fault),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        self.ports.append(port)
        return process, port

    async def ended(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the fault has killed the process."""
        await eventually(lambda: process.poll() is not None, 30)
        assert process.returncode == -signal.SIGKILL

    async def stop_all(self) -> None:
        """End every living service gracefully."""
        living = [process for process in self.processes if process.poll() is None]
        for process in living:
            process.terminate()
        await eventually(lambda: all(process.poll() is not None for process in living), 30)

    async def send(self, texts: Sequence[str]) -> None:
        """Inputs over the bus, until the broker has confirmed each."""
        waiting = [input_message(text) for text in texts]
        self.inputs |= set(texts)
        while waiting:
            failed = [e for e in await self.publisher.publish(waiting) if e is not None]
            waiting = [error.message for error in failed]
            await asyncio.sleep(0.1 if waiting else 0)

    async def post(self, texts: Sequence[str]) -> None:
        """Inputs over HTTP, each with its key, until some process has answered 200."""
        async with httpx.AsyncClient(timeout=5) as http:
            await asyncio.gather(*(self._post(http, text) for text in texts))

    async def _post(self, http: httpx.AsyncClient, text: str) -> None:
        self.inputs.add(text)

        async def answered() -> bool:
            for port in reversed(self.ports):
                try:
                    url = f"http://127.0.0.1:{port}/inputs/{text}"
                    answer = await http.post(url, headers={"Idempotency-Key": f"key-{text}"})
                except httpx.HTTPError:
                    continue
                if answer.status_code == 200:
                    return True
                assert answer.status_code == 503, answer.text
            return False

        await eventually(answered, 60)

    async def settled(self, seconds: float = 60) -> None:
        """Every input has come out at the other end, and the dead are taken over."""
        await eventually(self._is_settled, seconds)
        await eventually(self._nobody_dead_is_open, seconds)

    async def verdict(self, seconds: float = 60) -> Report:
        """Wait until all is through, stop everything, and verify."""
        await self.settled(seconds)
        await self.stop_all()
        assert sorted(await self.effects()) == sorted(self.inputs), "not exactly one effect each"
        services = [
            Verified(SERVICE, self.echo, [Counter()]),  # its inputs are nobody's commits
            Verified(DOWNSTREAM.service, self.downstream, (), DOWNSTREAM),
        ]
        report = await verify(services, district=DISTRICT)
        assert report.counts["unsent_open"] == 0
        return report

    async def effects(self) -> list[str]:
        views = await self.echo["view_counter"].find({}).to_list(COUNTERS)
        return [text for view in views for text in view["state"]["inputs"]]

    async def _is_settled(self) -> bool:
        rows = await self.downstream["fact_echo"].find({}).to_list(None)
        return {row["posting"] for row in rows} >= self.inputs

    async def _nobody_dead_is_open(self) -> bool:
        living = sum(1 for process in self.processes if process.poll() is None)
        return await self.echo["writers"].count_documents({"phase": "open"}) <= living

    async def _on_echo(self, delivery: Delivery) -> None:
        envelope = Envelope.model_validate_json(delivery.body)
        [fact] = DOWNSTREAM.of(envelope.type)
        await self.recorder.record(fact, envelope, envelope.payload())  # type: ignore[arg-type]
        await delivery.ack()

    def _environment(self, port: int, fault: str) -> dict[str, str]:
        return os.environ | {
            "CIVICGRID_DISTRICT": DISTRICT,
            "CIVICGRID_AMQP_URL": self.amqp_url,
            "CIVICGRID_MONGO_URL": self.mongo_url,
            "CIVICGRID_DATABASE": self.echo.name,
            "CIVICGRID_HTTP_PORT": str(port),
            "CIVICGRID_JWKS_URL": "http://127.0.0.1:9/unused",
            "CIVICGRID_LAPSE_SECONDS": str(LAPSE_SECONDS),
            "CIVICGRID_SWEEP_SECONDS": "0.5",
            "CIVICGRID_FAULT": fault,
        }


async def _is_ready(http: httpx.AsyncClient, process: subprocess.Popen[bytes], port: int) -> bool:
    assert process.poll() is None, f"the echo service ended with {process.returncode}"
    try:
        return (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
    except httpx.HTTPError:
        return False


@asynccontextmanager
async def opened(world: World) -> AsyncIterator[World]:
    await world.open()
    try:
        yield world
    finally:
        await world.close()
