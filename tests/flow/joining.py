"""What tests of joining departments look at: files, the broker, the inbox by both ways."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aio_pika
import httpx
from aiormq.exceptions import AMQPError

from case_bus.department_vhost import vhost_name
from case_bus.port import Delivery
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.topology import INBOX
from civicgrid.addresses import addresses_of
from civicgrid.client import Api
from civicgrid.commands.registry.asking import WRITER
from civicgrid.deployment import Run
from civicgrid.replay.send import Sent, send
from civicgrid.system import System
from tests.flow import district
from tests.support.twin import eventually

JOINS, HOSTED = "water", "roads"
PATIENCE = 30.0


async def with_api(run: Run, ask: Any) -> Any:
    async with Api(addresses_of(run)) as api:
        return await ask(api)


def kept(system: System) -> dict[str, bytes]:
    """All that is remembered of departments, by file."""
    folder = system.folder / "departments"
    return {str(f): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def on_broker(system: System, department: str = JOINS) -> Any:
    """What the broker holds of a department, passwords' sums too."""
    name = vhost_name(system.run().id, department)
    found = system.place().admin.definitions()
    return {
        kind: [row for row in rows if name in row.values()]
        for kind, rows in found.items()
        if isinstance(rows, list)
    }


def credentials(system: System) -> dict[str, str]:
    lines = (system.folder / "departments" / f"{JOINS}.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def report(run: Run, number: int, matter: str = district.LITTER) -> Sent:
    line = [each for each in district.reports() if each.matter == matter][number]
    sent: Sent = asyncio.run(with_api(run, lambda api: send(api, line)))
    assert sent.status == "received"
    return sent


def inbox(said: dict[str, str], after: int = 0) -> list[dict[str, Any]]:
    """Over HTTP, with the token that was written."""
    token = Path(said["CIVICGRID_TOKEN_FILE"]).read_text()
    answer = httpx.get(
        f"{said['CIVICGRID_GATEWAY_URL']}/departments/{JOINS}/inbox",
        params={"after": after, "wait": 5},
        headers={"Authorization": f"Bearer {token}"},
    )
    answer.raise_for_status()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


class Reading:
    """Reads a department's inbox over AMQP while the block lasts, whenever it is waited for."""

    def __init__(self, address: str) -> None:
        self.items: list[dict[str, Any]] = []
        self._runner, self._consumer = asyncio.Runner(), RabbitConsumer(address, name="test")

    def __enter__(self) -> "Reading":
        self._runner.run(self._consumer.start(INBOX, self._on_delivery, 8))
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._consumer.close())
        self._runner.close()

    def until(self, count: int) -> None:
        self._runner.run(eventually(lambda: len(self.items) >= count, PATIENCE))

    async def _on_delivery(self, delivery: Delivery) -> None:
        self.items.append(json.loads(delivery.body))
        await delivery.ack()


def can_enter(address: str) -> bool:
    async def entered() -> bool:
        try:
            connection = await aio_pika.connect(address, timeout=8)
        except (AMQPError, OSError):
            return False
        await connection.close()
        return True

    return asyncio.run(entered())


def token_for(said: dict[str, str]) -> int:
    """What the issuer answers to the client's secret."""
    form = {
        "grant_type": "client_credentials",
        "client_id": said["CIVICGRID_CLIENT_ID"],
        "client_secret": said["CIVICGRID_CLIENT_SECRET"],
    }
    return httpx.post(said["CIVICGRID_TOKEN_URL"], data=form).status_code


async def revoke(api: Api) -> None:
    body = {"reason": "handed over", "approved_by": ["p-1", "p-2"], "valid_to": None}
    await api.post("registry", "/charters/charter:water/revocation", body, WRITER, key="revoke")
