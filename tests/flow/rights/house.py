"""Registry, two dispatches and a gateway as processes on a real broker and store; and the words
that people and departments speak to them."""

import asyncio
import os
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aio_pika
import httpx
import orjson

from case_bus.declare import declare
from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import (
    DEPARTMENT_COMMANDS,
    EVENTS,
    base,
    command_taker,
    subscriber,
)
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.intake import CaseOpened
from dispatch.subscriptions import SUBSCRIPTIONS as DISPATCH
from gateway.subscriptions import SUBSCRIPTIONS as GATEWAY
from registry.subscriptions import SUBSCRIPTIONS as REGISTRY
from service_kit import clock
from service_kit.mongo import connect, database
from tests.flow.rights.ground import ROOT, Slot, district
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.vhosts import DEPARTMENTS, Departments
from tests.support.infra import Vhost
from tests.support.keys import vault_key
from tests.support.ports import free_port
from tests.support.tokens import TestIssuer
from tests.support.twin import eventually

PROCESSES = ("registry", "dispatch", "dispatch", "gateway")
START_SECONDS = 90.0
TOO_LATE = ("over_already",)
TOPOLOGY = (
    base()
    + subscriber("registry", REGISTRY.types)
    + subscriber("dispatch", DISPATCH.types)
    + subscriber("gateway", GATEWAY.types)
    + command_taker("dispatch")
    + command_taker("joint")
)


class TooLate(Exception):
    """The machine was so busy that a time to come has passed before it was granted."""


@dataclass
class House:
    """``database`` begins the names of the services' databases."""

    departments: Departments
    vhost: Vhost
    mongo_url: str
    issuer: TestIssuer
    vault: FakeVault
    logs: Path
    database: str
    vault_keys: str = field(default_factory=lambda: vault_key("k1"))
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    urls: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = connect(self.mongo_url)
        self.dispatch = database(self.client, f"{self.database}_dispatch")
        self.http = httpx.AsyncClient(timeout=30, trust_env=False)
        self._bus = RabbitPublisher(self.vhost.url, name="intake")
        self._lines = {
            each: RabbitPublisher(self.departments.as_department(each), name=each)
            for each in DEPARTMENTS
        }
        self._tokens = {
            each: self.issuer.bearer(each, "department", "gateway", "department", each)
            for each in DEPARTMENTS
        }
        self._people = {
            who: self.issuer.bearer(who, f"registry.read {scope}", "registry")
            for who, scope in (
                ("p-propose", "registry.propose"), ("p-first", "registry.approve"),
                ("p-second", "registry.approve"), ("operator", "registry.write"),
            )
        }  # fmt: skip

    async def open(self) -> None:
        """Ready, with the district loaded and come to dispatch."""
        connection = await aio_pika.connect(self.vhost.url)
        async with connection, connection.channel() as channel:
            await declare(channel, TOPOLOGY)
        for service in PROCESSES:
            self._launch(service)
        await eventually(self._ready, START_SECONDS)
        bundle = district(self.departments.district).model_dump(mode="json")
        await self._post("registry", "/districts", bundle, self._people["operator"])
        await eventually(self._told, 60)

    async def close(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            await asyncio.to_thread(process.wait, 30)
        await self._bus.close()
        for line in self._lines.values():
            await line.close()
        await self.http.aclose()
        self.client.close()

    async def propose(self, entry: dict[str, Any]) -> int:
        """The proposed version, approved by one person."""
        said = await self._post("registry", "/charters", entry, self._people["p-propose"])
        version = int(said["things"][0]["version"])
        await self._approve(entry["charter"], version, "p-first")
        return version

    async def grant(self, charter: str, version: int) -> None:
        """The second person's approval: the entry is granted."""
        await self._approve(charter, version, "p-second")

    async def withdraw(self, charter: str, version: int) -> None:
        path = f"/charters/{charter}/versions/{version}/rejection"
        await self._post("registry", path, {}, self._people["p-propose"])

    async def revoke(self, charter: str, at: datetime | None = None) -> None:
        body = {"reason": "played", "approved_by": ["p-first", "p-second"],
                "valid_to": at.isoformat() if at is not None else None}  # fmt: skip
        path = f"/charters/{charter}/revocation"
        await self._post("registry", path, body, self._people["operator"])

    async def open_case(self, slot: Slot) -> str:
        """Intake has filed a case, of a report with a photo."""
        case, now = f"case:{uuid.uuid4()}", clock.now()
        self.vault.words[case] = {"text": "坑洞", "point": None}
        self.vault.put(case)
        filed = CaseOpened.EXAMPLE | {
            "case": case, "matter": slot.matter, "condition": "seen", "grid": slot.grid,
            "grid_path": (ROOT, slot.grid[:4]), "reported_at": now, "opened_at": now,
        }  # fmt: skip
        envelope = _envelope(CaseOpened.model_validate(filed), self.departments.district)
        body = envelope.model_dump_json().encode()
        sent = Outgoing(EVENTS, envelope.routing_key, body)
        assert await self._bus.publish([sent]) == [None]
        return case

    async def say(self, department: str, command: dict[str, Any], *, by_http: bool) -> None:
        """A department's command, by one of its two ways."""
        if by_http:
            path = f"/departments/{department}/commands"
            await self._post("gateway", path, command, self._tokens[department])
        else:
            sent = Outgoing(DEPARTMENT_COMMANDS, "", orjson.dumps(command))
            assert await self._lines[department].publish([sent]) == [None]

    async def inbox(
        self, department: str, after: int, *, limit: int = 100, wait: float = 0
    ) -> list[dict[str, Any]]:
        """The items after a cursor; none while the next has to wait (503)."""
        answer = await self.http.get(
            f"{self.urls['gateway'][0]}/departments/{department}/inbox",
            params={"after": after, "limit": limit, "wait": wait},
            headers=self._tokens[department],
        )
        if answer.status_code == 503:
            return []
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def evidence(self, department: str, url: str) -> int:
        """How the gateway answers the department that opens a piece of evidence."""
        asked = self.urls["gateway"][0] + url
        return (await self.http.get(asked, headers=self._tokens[department])).status_code

    async def _approve(self, charter: str, version: int, person: str) -> None:
        path = f"/charters/{charter}/versions/{version}/approval"
        await self._post("registry", path, {}, self._people[person])

    async def _post(
        self, service: str, path: str, body: Any, headers: dict[str, str]
    ) -> dict[str, Any]:
        url = self.urls[service][0] + path
        answer = await self.http.post(url, json=body, headers=headers, timeout=120)
        said: dict[str, Any] = answer.json()
        if said.get("code") in TOO_LATE or "times_order" in answer.text:
            raise TooLate(path)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return said

    def _launch(self, service: str) -> None:
        port = free_port()
        self.urls.setdefault(service, []).append(f"http://127.0.0.1:{port}")
        with (self.logs / f"{service}-{port}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", service],
                    env=self._environment(service, port), stdout=log, stderr=subprocess.STDOUT,
                )
            )  # fmt: skip

    def _environment(self, service: str, port: int) -> dict[str, str]:
        lines = {each: self.departments.as_gateway(each) for each in DEPARTMENTS}
        said: dict[str, Any] = {
            "district": self.departments.district,
            "amqp_url": self.vhost.url,
            "mongo_url": self.mongo_url,
            "database": f"{self.database}_{service}",
            "http_port": port,
            "jwks_url": self.issuer.jwks_url,
            "issuer": self.issuer.name,
            "token_url": self.issuer.token_url,
            "client_secret": self.issuer.secret,
            "peers": {"intake": self.vault.url} if service == "gateway" else {},
            "departments": lines,
            "vault_keys": self.vault_keys,
            "log_level": "WARNING",
        }
        return os.environ | {
            f"CIVICGRID_{key.upper()}": v if isinstance(v, str) else orjson.dumps(v).decode()
            for key, v in said.items()
        }

    async def _told(self) -> bool:
        """Dispatch knows the whole district."""
        wanted = {"charter": 1, "posting": 12, "grid": 15, "standard": 1, "calendar": 1}
        found = {kind: await self.dispatch[f"mirror_{kind}"].count_documents({}) for kind in wanted}
        return found == wanted

    def _all(self) -> list[str]:
        return [url for urls in self.urls.values() for url in urls]

    async def _ready(self) -> bool:
        ended = [process.args for process in self.processes if process.poll() is not None]
        assert ended == [], f"see {self.logs}"
        try:
            answers = [await self.http.get(f"{url}/readyz") for url in self._all()]
        except httpx.HTTPError:
            return False
        return all(answer.status_code == 200 for answer in answers)


def command_of(item: dict[str, Any], name: str, number: int) -> dict[str, Any]:
    """A command about the task that an inbox item gave."""
    about = {key: item[key] for key in ("case", "taskid", "assignment")}
    said = {"id": f"{item['taskid']}:{item['assignment']}:{number}", "name": name, **about}
    return said | ({"step": "working"} if name == "progress" else {})


def _envelope(data: CaseOpened, district: str) -> Envelope:
    cause, spec = str(uuid.uuid4()), data.SPEC
    return Envelope(
        id=str(uuid.uuid4()), source=source_of(district, spec.owner), type=spec.type,
        subject=data.case, time=data.opened_at, dataschema=spec.dataschema,
        sequence=sequence_text(1), causationid=cause, correlationid=cause, districtid=district,
        occurredat=data.opened_at, recordedat=clock.now(), writer="w-test", batch=1,
        data=data.model_dump(mode="json"),
    )  # fmt: skip
