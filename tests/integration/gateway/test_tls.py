"""AMQP over TLS with an authority of the district's own, on a broker node of one's own: as a
department's broker, and as a deployment that `civicgrid departments` connects departments to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from case_bus.definitions import user
from case_bus.department_vhost import user_name, vhost_name, vhosts
from case_bus.isolation import department_holes, gateway_holes
from case_bus.port import Delivery, Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import INBOX, TO_INBOX
from civicgrid.departments import connecting, rotating
from civicgrid.departments.places import deployed_place
from civicgrid.local import LocalError, OwnNode
from civicgrid.main import app
from tests.integration.gateway.conftest import Replica
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.test_joining import Addresses, inbox_of, tasks_of
from tests.support import run_dir
from tests.support.ports import free_port
from tests.support.private_ca import PrivateCa
from tests.support.served import served
from tests.support.twin import eventually

pytestmark = [pytest.mark.timeout(180)]
GATEWAY, PASSWORD = "gateway", "sixteen-letters-or-more"


@dataclass(frozen=True)
class TlsBroker:
    node: OwnNode
    port: int
    ca: PrivateCa

    def address(self, login: str, vhost: str, cafile: Path | None) -> str:
        asked = f"?cafile={quote(str(cafile), safe='/')}" if cafile else ""
        return f"amqps://{login}:{PASSWORD}@127.0.0.1:{self.port}/{vhost}{asked}"


@pytest.fixture(scope="module")
def broker_with_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsBroker]:
    """A node of our own; its TLS listener shows a certificate by an unknown authority."""
    port, ca = free_port(), PrivateCa.made(tmp_path_factory.mktemp("ca"))
    settings = (
        f"listeners.ssl.local = 127.0.0.1:{port}\n"
        f"ssl_options.cacertfile = {ca.authority}\n"
        f"ssl_options.certfile = {ca.certificate}\n"
        f"ssl_options.keyfile = {ca.key}\n"
        "ssl_options.verify = verify_none\nssl_options.fail_if_no_peer_cert = false\n"
    )
    folder = run_dir.of_worker() / "tls"
    node = OwnNode(folder, plugins=("rabbitmq_management",), settings=settings)
    node.start()
    node.ctl.import_definitions(
        {"users": [user(GATEWAY, PASSWORD), user("admin", PASSWORD, "administrator")]}
    )
    yield TlsBroker(node, port, ca)
    node.stop()


@pytest.fixture(scope="module")
def own(broker_with_tls: TlsBroker) -> TlsBroker:
    """Department um's own broker, with the vhost and users that it makes there."""
    made = vhosts("own", {"um": PASSWORD}, gateway=GATEWAY)
    broker_with_tls.node.ctl.import_definitions(made)
    return broker_with_tls


async def _sent(address: str) -> str | None:
    """The reason why nothing can be published there, if so."""
    publisher = RabbitPublisher(address, name="test")
    (failed,) = await publisher.publish([Outgoing(TO_INBOX, "", b"{}")])
    await publisher.close()
    return failed.reason if failed else None


async def test_the_authority_is_named_in_the_address_or_the_environment_and_else_refused(
    own: TlsBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vhost, other = vhost_name("own", "um"), PrivateCa.made(tmp_path)
    for cafile in (None, other.authority):
        refused = await _sent(own.address(GATEWAY, vhost, cafile))
        assert refused is not None
        assert "CERTIFICATE_VERIFY_FAILED" in refused
    assert await _sent(own.address(GATEWAY, vhost, own.ca.authority)) is None
    monkeypatch.setenv("SSL_CERT_FILE", str(own.ca.authority))
    assert await _sent(own.address(GATEWAY, vhost, None)) is None


async def test_consumer_and_probes_take_the_same_address(own: TlsBroker) -> None:
    vhost, seen = vhost_name("own", "um"), []

    async def on_delivery(delivery: Delivery) -> None:
        seen.append(delivery.body)
        await delivery.ack()

    department = own.address(user_name("own", "um"), vhost, own.ca.authority)
    consumer = RabbitConsumer(department, name="test")
    await consumer.start(INBOX, on_delivery)
    assert await _sent(own.address(GATEWAY, vhost, own.ca.authority)) is None
    await eventually(lambda: seen)
    await consumer.close()
    assert await department_holes(department, ["/"]) == []
    assert await gateway_holes(own.address(GATEWAY, vhost, own.ca.authority)) == []


async def test_the_gateway_fills_an_inbox_on_a_departments_own_broker(
    own: TlsBroker, replica: Replica, tmp_path: Path
) -> None:
    vhost = vhost_name("own", "um")
    addresses = Addresses(tmp_path / "departments.json")
    addresses.name(um=own.address(GATEWAY, vhost, own.ca.authority))
    named = {"departments": {}, "departments_file": addresses.file}
    replica = replace(replica, settings=replica.settings.model_copy(update=named))
    async with replica() as twin, FakeDispatch.running(twin, replica.broker) as dispatch:
        await dispatch.charter("um")
        task = await dispatch.assign("um")
        address = own.address(user_name("own", "um"), vhost, own.ca.authority)
        async with inbox_of(address) as items:
            await eventually(lambda: task.taskid in tasks_of(items))


@pytest.fixture
def deployment(
    broker_with_tls: TlsBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The environment of `civicgrid departments` for a deployment with that broker."""
    node, cafile = broker_with_tls.node, broker_with_tls.ca.authority
    said = {
        "DISTRICT": "deployed",
        "MANAGEMENT_URL": f"http://admin:{PASSWORD}@127.0.0.1:{node.management_port}",
        "AMQP_PASSWORDS": json.dumps({"gateway": PASSWORD}),
        "AMQP_FOR_GATEWAY": f"amqp://127.0.0.1:{node.port}",
        "AMQP_FOR_DEPARTMENTS": f"amqps://127.0.0.1:{broker_with_tls.port}?cafile={cafile}",
        "GATEWAY_URL": "https://gateway.example",
        "CREDENTIALS": str(tmp_path / "credentials"),
        "DEPARTMENTS_FILE": str(tmp_path / "gateway" / "departments.json"),
    }
    for name, value in said.items():
        monkeypatch.setenv(f"CIVICGRID_{name}", value)
    return said


async def test_a_deployments_departments_are_connected_once_and_rotated(
    deployment: dict[str, str], tmp_path: Path
) -> None:
    place = deployed_place()
    wishes = connecting.plans(place, ["parks", "roads"])
    assert all("vhosts" in wish.missing for wish in wishes)
    assert await connecting.connect(place, wishes) == {}
    again = connecting.plans(place, ["parks", "roads"])
    assert [wish.missing for wish in again] == [(), ()]
    parks = place.files.credentials("parks")
    assert set(parks) == {"CIVICGRID_DEPARTMENT", "CIVICGRID_AMQP_URL", "CIVICGRID_GATEWAY_URL"}
    assert await department_holes(parks["CIVICGRID_AMQP_URL"]) == []
    lines = json.loads((tmp_path / "gateway" / "departments.json").read_text())
    assert await gateway_holes(lines["parks"]) == []

    rotating.rotate(place, "parks")
    rotating.end_old(place, "parks")
    with pytest.raises(ConnectionError):
        await department_holes(parks["CIVICGRID_AMQP_URL"])
    assert await department_holes(place.files.credentials("parks")["CIVICGRID_AMQP_URL"]) == []
    assert connecting.plans(place, ["parks"])[0].missing == ()
    connecting.retire(place, "parks")
    assert [wish.missing[0] for wish in connecting.plans(place, ["parks"])] == ["vhosts"]


def registry_of_parks() -> FastAPI:
    """The one question that is asked of the registry."""
    registry = FastAPI()

    @registry.get("/departments")
    async def departments() -> list[dict[str, Any]]:
        name = {"zh": "园林局", "en": "Parks"}
        entries = {"in_force": [], "to_come": ["charter:parks:all"]}
        return [{"department": "parks", "name": name, **entries}]

    @registry.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    return registry


def test_the_command_line_does_so_by_the_environment_alone(
    deployment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, runner = Path(deployment["CREDENTIALS"]), CliRunner()
    with served(registry_of_parks()) as url:
        monkeypatch.setenv("CIVICGRID_ADDRESSES", json.dumps({"registry": url}))
        monkeypatch.setenv("CIVICGRID_TOKEN", "of-the-operator")
        seen = runner.invoke(app, ["departments", "apply", "--dry-run"])
        assert seen.exit_code == 0, seen.output
        assert not folder.exists()
        assert runner.invoke(app, ["departments", "apply"]).exit_code == 0
        written = (folder / "parks.env").read_text()
        again = runner.invoke(app, ["departments", "apply"])
        assert "nothing to do" in again.output
        assert (folder / "parks.env").read_text() == written
        assert "amqps://dept-deployed-parks:" in written
        connecting.retire(deployed_place(), "parks")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("AMQP_FOR_GATEWAY", "amqp://user:very-secret@host", "AMQP_FOR_GATEWAY: String should"),
        ("AMQP_PASSWORDS", "{", "amqp_passwords"),
        ("AMQP_PASSWORDS", '{"intake": "very-secret-and-long"}', "lacks gateway"),
    ],
)
def test_an_environment_that_cannot_be_used_is_told_without_its_secrets(
    deployment: dict[str, str], variable: str, value: str, said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv(f"CIVICGRID_{variable}", value)
    with pytest.raises(LocalError) as raised:
        deployed_place()
    assert said in str(raised.value)
    assert "very-secret" not in str(raised.value)
