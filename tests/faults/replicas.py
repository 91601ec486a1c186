"""Real processes of one service on one database, to be killed and frozen."""

import asyncio
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import EVENTS
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.base import EventData
from service_kit import clock
from tests.support.ports import free_port
from tests.support.twin import DISTRICT, eventually

START_SECONDS = 180.0


@dataclass
class Replica:
    """``python -m <service>``."""

    url: str
    process: subprocess.Popen[bytes]

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(self.process.wait)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    async def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            await asyncio.to_thread(self.process.wait)


@dataclass
class Replicas:
    """``headers`` are of somebody who may do what the tests do."""

    service: str
    environment: Mapping[str, str]
    headers: dict[str, str]
    logs: Path
    http: httpx.AsyncClient
    running: list[Replica] = field(default_factory=list)

    async def start(self) -> Replica:
        """One more replica, ready."""
        found = self.launch()
        await self.ready(found)
        return found

    async def ready(self, replica: Replica) -> None:
        await eventually(lambda: self._is_ready(replica), START_SECONDS)

    def launch(self) -> Replica:
        """One more, which is not ready yet."""
        port = free_port()
        with (self.logs / f"{self.service}-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", self.service],
                env={**self.environment, "CIVICGRID_HTTP_PORT": str(port)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.running.append(Replica(f"http://127.0.0.1:{port}", process))
        return self.running[-1]

    async def get(self, replica: Replica, path: str, **query: Any) -> Any:
        answer = await self.http.get(replica.url + path, headers=self.headers, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, replica: Replica, path: str, **request: Any) -> Any:
        headers = self.headers | request.pop("headers", {})
        answer = await self.http.post(replica.url + path, headers=headers, **request)
        assert answer.is_success, answer.text
        return answer.json()

    async def close(self) -> None:
        for process in self.running:
            await process.end()
        await self.http.aclose()

    async def _is_ready(self, replica: Replica) -> bool:
        assert replica.process.poll() is None, f"ended with {replica.process.returncode}"
        try:
            ready = await self.http.get(f"{replica.url}/readyz", timeout=5)
        except httpx.HTTPError:
            return False
        return ready.status_code == 200


async def publish(publisher: RabbitPublisher, subject: str, event: EventData) -> None:
    """As its owner would, first of its subject."""
    message = Outgoing(EVENTS, event.SPEC.routing_key, _envelope(event, subject))
    assert await publisher.publish([message]) == [None]


def _envelope(data: EventData, subject: str) -> bytes:
    spec, now = data.SPEC, clock.now()
    return (
        Envelope(
            id=str(uuid.uuid4()),
            source=source_of(DISTRICT, spec.owner),
            type=spec.type,
            subject=subject,
            time=now,
            dataschema=spec.dataschema,
            sequence=sequence_text(1),
            causationid=str(uuid.uuid4()),
            correlationid=str(uuid.uuid4()),
            districtid=DISTRICT,
            occurredat=now,
            recordedat=now,
            writer="w-test",
            batch=1,
            data=data.model_dump(mode="json"),
        )
        .model_dump_json()
        .encode()
    )
