"""Real intake processes on one database, with the small district loaded, to be killed."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aio_pika
import httpx

from case_bus.declare import declare
from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import EVENTS, base, subscriber
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.base import EventData
from case_contracts.events.intake import RulesPublished
from intake.subscriptions import DISTRICT as DISTRICT_ROWS
from intake.subscriptions import GRIDS, RULES, STANDARDS, SUBSCRIPTIONS
from service_kit import clock
from service_kit.mongo import Database, connect
from service_kit.mongo import database as named
from tests.support import small_district
from tests.support.infra import Vhost
from tests.support.ports import free_port
from tests.support.stored import all_commits
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, eventually

START_SECONDS = 180.0
LAPSE_SECONDS = 2.0
NO_LINKS = RulesPublished.model_validate(RulesPublished.EXAMPLE | {"duplicates": [], "desk": None})
"""So that lines on one place are not linked to each other."""


@dataclass
class IntakeProcess:
    """``python -m intake``."""

    url: str
    process: subprocess.Popen[bytes]

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await asyncio.to_thread(self.process.wait)

    async def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            await asyncio.to_thread(self.process.wait)


@dataclass
class IntakeProcesses:
    """Replicas on one database. ``headers`` are of somebody who may do what the tests do."""

    environment: Mapping[str, str]
    headers: dict[str, str]
    logs: Path
    http: httpx.AsyncClient
    running: list[IntakeProcess] = field(default_factory=list)

    async def start(self) -> IntakeProcess:
        """One more replica, ready, that knows the district."""
        found = self._launch()
        self.running.append(found)
        await eventually(lambda: self._is_ready(found), START_SECONDS)
        return found

    def _launch(self) -> IntakeProcess:
        port = free_port()
        with (self.logs / f"intake-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "intake"],
                env={**self.environment, "CIVICGRID_HTTP_PORT": str(port)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return IntakeProcess(f"http://127.0.0.1:{port}", process)

    async def get(self, replica: IntakeProcess, path: str, **query: Any) -> Any:
        answer = await self.http.get(replica.url + path, headers=self.headers, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, replica: IntakeProcess, path: str, **request: Any) -> Any:
        headers = self.headers | request.pop("headers", {})
        answer = await self.http.post(replica.url + path, headers=headers, **request)
        assert answer.is_success, answer.text
        return answer.json()

    async def _is_ready(self, replica: IntakeProcess) -> bool:
        assert replica.process.poll() is None, f"ended with {replica.process.returncode}"
        try:
            ready = await self.http.get(f"{replica.url}/readyz", timeout=5)
        except httpx.HTTPError:
            return False
        return ready.status_code == 200


@asynccontextmanager
async def intake_processes(
    vhost: Vhost, mongo_url: str, database: str, issuer: TestIssuer, vault_key: str, logs: Path
) -> AsyncIterator[IntakeProcesses]:
    """Nothing runs yet; the district and its rules are in the store, so that those that are
    started know them from the beginning."""
    settings = {
        "DISTRICT": DISTRICT,
        "AMQP_URL": vhost.url,
        "MONGO_URL": mongo_url,
        "DATABASE": database,
        "JWKS_URL": issuer.jwks_url,
        "ISSUER": issuer.name,
        "VAULT_KEYS": vault_key,
        "LAPSE_SECONDS": str(LAPSE_SECONDS),
        "RATE_ADDRESS": "off",
        "RATE_TOKEN": "off",
        "RATE_FAILURES": "off",
    }
    environment = dict(os.environ) | {f"CIVICGRID_{k}": value for k, value in settings.items()}
    headers = issuer.bearer("p-000009", "reports.import reports.staff", "intake")
    found = IntakeProcesses(environment, headers, logs, httpx.AsyncClient(timeout=120))
    await _publish_district(vhost.url)
    try:
        loading = await found.start()
        await eventually(lambda: _is_loaded(named(connect(mongo_url), database)), START_SECONDS)
        await loading.end()
        yield found
    finally:
        for process in found.running:
            await process.end()
        await found.http.aclose()


async def opened(stored: Database) -> int:
    """How many cases were opened, of so many reports; each of them once."""
    cases: list[str] = []
    reports: list[str] = []
    for row in await all_commits(stored):
        for event in row["events"]:
            if event["type"] == "case.opened.v1":
                cases.append(event["data"]["case"])
            if event["type"] == "report.received.v1":
                reports.append(event["data"]["report"])
    assert len(set(cases)) == len(cases) == len(set(reports)) == len(reports)
    return len(cases)


async def _is_loaded(stored: Database) -> bool:
    counts = [await stored[name].count_documents({}) for name in (DISTRICT_ROWS, STANDARDS, RULES)]
    return min(counts) > 0 and await stored[GRIDS].count_documents({}) >= len(small_district.GRIDS)


async def _publish_district(url: str) -> None:
    connection = await aio_pika.connect(url)
    await declare(await connection.channel(), base() + subscriber("intake", SUBSCRIPTIONS.types))
    await connection.close()
    publisher = RabbitPublisher(url, name="test")
    for subject, event in (*small_district.published(), (NO_LINKS.rules, NO_LINKS)):
        body = _envelope(event, subject)
        message = Outgoing(EVENTS, event.SPEC.routing_key, body)
        assert await publisher.publish([message]) == [None]
    await publisher.close()


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
