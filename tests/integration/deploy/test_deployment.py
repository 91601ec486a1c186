"""docker-compose.yml brought up without containers: provisioned, started, watched."""

import json
import re
from pathlib import Path
from typing import Any

import aio_pika
import aiormq
import httpx
import pymongo
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from pymongo.errors import OperationFailure, PyMongoError

from case_bus.topology import EVENTS, events_queue
from civicgrid.deployment.names import CONSOLE, SERVICES
from civicgrid.local import Supervisor
from civicgrid.provisioned_store import provision_store
from tests.integration.deploy.conftest import Backends
from tests.support.ports import free_port
from tests.support.tokens import TestIssuer
from tests.support.twin import eventually
from tests.unit.deploy import compose

# A broker, a store and eight services start.
pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

NAMES = (*SERVICES, CONSOLE, compose.DEPARTMENT)
SAMPLE = str(compose.ROOT / "deploy" / "sample")


def test_every_service_becomes_ready(provisioned: Backends, running: Supervisor) -> None:
    assert {each.name: each.state for each in running.status()} == dict.fromkeys(NAMES, "ready")
    for name in SERVICES:
        url = f"http://127.0.0.1:{provisioned.stage.ports[name]}/readyz"
        checks = httpx.get(url, trust_env=False).json()["checks"]
        assert set(checks.values()) == {"ok"}, (name, checks)


async def test_a_report_reaches_the_departments_own_service(
    provisioned: Backends, running: Supervisor, issuer: TestIssuer
) -> None:
    """Through the shipped bindings and rights, with services' tokens, across all databases."""
    where = provisioned.addresses()
    scopes = "registry.write registry.read rules.publish reports.read"
    loader = issuer.token(
        "operator", f"{scopes} supervision.publish cases.read", "registry intake dispatch"
    )
    done = provisioned.stage.civicgrid("load-district", SAMPLE, addresses=where, token=loader)
    assert done.returncode == 0, done.stdout + done.stderr
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        cases = [await _filed(http, where["intake"], report) for report in _reports(5)]
        reader = issuer.bearer("operator", "cases.read", "dispatch")
        # Of its tasks the sample department leaves a few lying on purpose.
        taken = await eventually(lambda: _taken(http, where["dispatch"], reader, cases), 120)
    assert taken["task"]["handler"]["id"] == compose.DEPARTMENT
    await eventually(lambda: provisioned.collector.seen.get("/v1/traces", 0), 30)


async def _filed(http: httpx.AsyncClient, intake: str, report: dict[str, Any]) -> str:
    """The case of a report, as soon as intake has heard of the district."""

    async def accepted() -> str | None:
        answer = await http.post(f"{intake}/reports", json=report)
        assert answer.status_code in {202, 503}, answer.text
        return str(answer.json()["case"]) if answer.status_code == 202 else None

    return str(await eventually(accepted, 120))


async def _taken(
    http: httpx.AsyncClient, dispatch: str, headers: dict[str, str], cases: list[str]
) -> dict[str, Any] | None:
    """One of the cases whose task a department has accepted."""
    for case in cases:
        answer = await http.get(f"{dispatch}/cases/{case}", headers=headers)
        if answer.status_code == 200 and answer.json()["status"] == "accepted":
            found: dict[str, Any] = answer.json()
            return found
    return None


def _reports(count: int) -> list[dict[str, Any]]:
    """The sample's first reports of what the department of docker-compose.yml answers for."""
    lines = (Path(SAMPLE) / "reports.ndjson").read_text().splitlines()
    found = [json.loads(line) for line in lines if '"matter":"part/utilities/' in line]
    kept = ("matter", "condition", "point", "text", "language")
    return [{k: r[k] for k in kept if k in r} | {"channel": "web"} for r in found[:count]]


@pytest.mark.parametrize("name", NAMES)
def test_health_check_tells_ready_from_absent(
    name: str, provisioned: Backends, running: Supervisor
) -> None:
    assert provisioned.stage.health(name) == 0
    assert provisioned.stage.health(name, free_port()) != 0


def test_the_alerts_metrics_are_published(provisioned: Backends, running: Supervisor) -> None:
    rules = (compose.ROOT / "deploy/prometheus/alerts.yml").read_text()
    wanted = set(re.findall(r"\bcivicgrid_\w+|\brabbitmq_\w+(?=\{)", rules))
    found = {
        family
        for name in SERVICES
        for family in _families(f"http://127.0.0.1:{provisioned.stage.ports[name]}/metrics")
    }
    found |= _families(_broker_metrics(provisioned.metrics_port))
    assert len(wanted) >= 6
    assert {name.removesuffix("_total") for name in wanted} - found == set()


def test_every_process_publishes_metrics(provisioned: Backends, running: Supervisor) -> None:
    for name in NAMES:
        assert _families(f"http://127.0.0.1:{provisioned.stage.ports[name]}/metrics")


def test_provisioning_again_changes_nothing(provisioned: Backends) -> None:
    done = provisioned.stage.run("provision")
    assert done.returncode == 0, done.stdout + done.stderr
    for word in (value for name, value in provisioned.stage.environ.items() if "PASSWORD" in name):
        assert word not in done.stdout + done.stderr


def test_a_service_sees_no_other_database(provisioned: Backends) -> None:
    store, environ = provisioned.store, provisioned.stage.environ
    url = store.url("joint", environ["JOINT_MONGO_PASSWORD"], "joint")
    with pymongo.MongoClient[dict[str, Any]](url) as client:
        assert client["joint"]["probe"].count_documents({}) == 0
        for other in set(SERVICES) - {"joint"}:
            with pytest.raises(OperationFailure, match="not authorized"):
                client[other]["commits"].find_one()


def test_a_changed_password_replaces_the_old_one(provisioned: Backends) -> None:
    store, environ = provisioned.store, provisioned.stage.environ
    admin = f"mongodb://civicgrid-admin:{environ['MONGO_ADMIN_PASSWORD']}@127.0.0.1:{store.port}/"
    for word in ("the-first-password", "the-second-password"):
        provision_store(admin, f"127.0.0.1:{store.port}", {"probe": word}, lambda _line: None)
    with pymongo.MongoClient[dict[str, Any]](
        store.url("probe", "the-second-password", "probe")
    ) as client:
        client["probe"]["x"].insert_one({"seen": True})
    with (
        pymongo.MongoClient[dict[str, Any]](
            store.url("probe", "the-first-password", "probe"), serverSelectionTimeoutMS=3000
        ) as client,
        pytest.raises(PyMongoError, match="authentication failed"),
    ):
        client["probe"]["x"].find_one()


async def test_a_service_reads_no_other_queue_and_declares_nothing(provisioned: Backends) -> None:
    word = provisioned.stage.environ["JOINT_AMQP_PASSWORD"]
    url = f"amqp://joint:{word}@127.0.0.1:{provisioned.node.port}/civicgrid"
    async with await aio_pika.connect(url) as connection:
        for forbidden in (
            lambda channel: channel.declare_queue("mine", durable=True),
            lambda channel: channel.declare_exchange("mine"),
            lambda channel: _read(channel, events_queue("dispatch")),
        ):
            channel = await connection.channel()
            with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
                await forbidden(channel)
        channel = await connection.channel()
        own = await channel.get_queue(events_queue("joint"), ensure=False)
        assert await own.get(fail=False) is None


async def _read(channel: aio_pika.abc.AbstractChannel, name: str) -> None:
    queue = await channel.get_queue(name, ensure=False)
    await queue.get(fail=False)


async def test_what_nobody_routes_lands_where_the_alarm_looks(provisioned: Backends) -> None:
    word = provisioned.stage.environ["INTAKE_AMQP_PASSWORD"]
    url = f"amqp://intake:{word}@127.0.0.1:{provisioned.node.port}/civicgrid"
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(on_return_raises=True)
        events = await channel.get_exchange(EVENTS, ensure=False)
        await events.publish(aio_pika.Message(b"{}"), routing_key="intake.nobody.knows.v1")
    await eventually(lambda: _unrouted(provisioned.metrics_port) == 1, 30)


def _unrouted(port: int) -> float:
    text = httpx.get(_broker_metrics(port), trust_env=False).text
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "rabbitmq_detailed_queue_messages"
        and sample.labels["queue"] == "unrouted"
    )


def _broker_metrics(port: int) -> str:
    """As prometheus.yml asks for them."""
    config = yaml.safe_load((compose.ROOT / "deploy/prometheus/prometheus.yml").read_text())
    (job,) = [j for j in config["scrape_configs"] if j["job_name"] == "rabbitmq-queues"]
    query = httpx.QueryParams(job["params"])
    return f"http://127.0.0.1:{port}{job['metrics_path']}?{query}"


def _families(url: str) -> set[str]:
    """Names of the metrics at an address, counters without their suffix."""
    response = httpx.get(url, trust_env=False)
    response.raise_for_status()
    return {family.name for family in text_string_to_metric_families(response.text)}
