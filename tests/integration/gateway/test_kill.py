"""The gateway as a process of its own, killed again and again while items flow."""

import asyncio
import json
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aio_pika
import httpx
import pytest

from case_bus.declare import declare
from case_bus.port import Delivery, Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import EVENTS, base, command_taker, subscriber
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import TaskAssigned
from case_contracts.events.registry import CharterGranted
from gateway.subscriptions import SUBSCRIPTIONS
from service_kit import clock
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.vhosts import Departments
from tests.support.infra import Vhost
from tests.support.tokens import TestIssuer
from tests.support.twin import eventually

pytestmark = pytest.mark.long
ITEMS = 240
ROUNDS = 3


class GatewayProcess:
    """``python -m gateway`` with a fixed environment."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment, self._log = environment, log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway", env=self._environment, stdout=log, stderr=log
            )

    async def end(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        await self._process.wait()

    async def ready(self) -> bool:
        port = self._environment["CIVICGRID_HTTP_PORT"]
        try:
            async with httpx.AsyncClient() as http:
                answer = await http.get(f"http://127.0.0.1:{port}/readyz")
        except httpx.HTTPError:
            return False
        return answer.status_code == 200


@pytest.fixture
def environment(
    vhost: Vhost, mongo_url: str, database: str, issuer: TestIssuer,
    departments: Departments, vault: FakeVault, free_port: int,
) -> dict[str, str]:  # fmt: skip
    settings = {
        "DISTRICT": departments.district,
        "AMQP_URL": vhost.url,
        "MONGO_URL": mongo_url,
        "DATABASE": database,
        "JWKS_URL": issuer.jwks_url,
        "ISSUER": issuer.name,
        "TOKEN_URL": issuer.token_url,
        "CLIENT_SECRET": issuer.secret,
        "PEERS": json.dumps({"intake": vault.url}),
        "DEPARTMENTS": json.dumps({"um": departments.as_gateway("um")}),
        "LAPSE_SECONDS": "1",
        "HTTP_PORT": str(free_port),
    }
    return dict(os.environ) | {f"CIVICGRID_{key}": value for key, value in settings.items()}


@asynccontextmanager
async def district_bus(url: str) -> AsyncIterator[RabbitPublisher]:
    connection = await aio_pika.connect(url)
    topology = base() + subscriber("gateway", SUBSCRIPTIONS.types) + command_taker("dispatch")
    await declare(await connection.channel(), topology)
    await connection.close()
    publisher = RabbitPublisher(url, name="test")
    yield publisher
    await publisher.close()


@pytest.mark.timeout(240)
async def test_no_item_is_lost_or_numbered_twice_however_often_it_is_killed(
    vhost: Vhost, departments: Departments, environment: dict[str, str], tmp_path: Path
) -> None:
    items: list[dict[str, Any]] = []

    async def on_delivery(delivery: Delivery) -> None:
        items.append(json.loads(delivery.body))
        await delivery.ack()

    consumer = RabbitConsumer(departments.as_department("um"), name="test")
    await consumer.start("inbox", on_delivery, 64)
    process = GatewayProcess(environment, tmp_path / "gateway.log")
    async with district_bus(vhost.url) as publisher:
        await process.start()
        await eventually(process.ready, 60)
        await publish(publisher, CharterGranted.model_validate(CHARTER))
        for n in range(1, ROUNDS + 1):
            tasks = [assigned() for _ in range(ITEMS // ROUNDS)]
            sending = asyncio.gather(*(publish(publisher, task) for task in tasks))
            await eventually(partial(more_than, items, len(items) + 5), 60)
            await process.end(signal.SIGKILL if n < ROUNDS else signal.SIGTERM)
            await sending
            await process.start()
        await eventually(lambda: len({i["cursor"] for i in items}) == ITEMS, 60)
        await process.end(signal.SIGTERM)
    await consumer.close()
    by_cursor = {item["cursor"]: item["taskid"] for item in items}
    assert sorted(by_cursor) == list(range(1, ITEMS + 1))
    assert len(set(by_cursor.values())) == ITEMS
    assert all(by_cursor[item["cursor"]] == item["taskid"] for item in items)


def more_than(items: list[dict[str, Any]], count: int) -> bool:
    return len(items) > count


CHARTER = CharterGranted.EXAMPLE | {"charter": "charter:um:all", "department": "um"}


def assigned() -> TaskAssigned:
    return TaskAssigned.model_validate(
        TaskAssigned.EXAMPLE
        | {
            "case": f"case:{uuid.uuid4()}",
            "taskid": f"task:{uuid.uuid4()}",
            "handler": {"kind": "department", "id": "um"},
            "charter": {"id": "charter:um:all", "version": 1},
        }
    )


async def publish(publisher: RabbitPublisher, data: EventData) -> None:
    spec, now = data.SPEC, clock.now()
    subject = getattr(data, spec.aggregate)
    envelope = Envelope(
        id=str(uuid.uuid4()),
        source=source_of("lanhe", spec.owner),
        type=spec.type,
        subject=subject,
        time=now,
        dataschema=spec.dataschema,
        sequence=sequence_text(1),
        causationid=str(uuid.uuid4()),
        correlationid=str(uuid.uuid4()),
        districtid="lanhe",
        occurredat=now,
        recordedat=now,
        writer="w-test",
        batch=1,
        data=data.model_dump(mode="json"),
    )
    message = Outgoing(EVENTS, envelope.routing_key, envelope.model_dump_json().encode())
    assert await publisher.publish([message]) == [None]
