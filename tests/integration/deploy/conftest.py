"""A deployment as docker-compose.yml describes it, on a broker node and a store of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from civicgrid.local import OwnNode, Supervisor
from civicgrid.local.definitions import user
from tests.integration.deploy.secured_store import REPLICA_SET, SecuredStore
from tests.integration.deploy.stage import Collector, Stage
from tests.support import run_dir
from tests.support.ports import free_port, free_ports
from tests.support.tokens import TestIssuer
from tests.unit.deploy import compose

ADMIN = "civicgrid-admin"


@dataclass(frozen=True)
class Backends:
    """What the services stand on, and how they are told of it."""

    stage: Stage
    node: OwnNode
    store: SecuredStore
    collector: Collector
    metrics_port: int
    """Where the broker's own metrics are."""

    def addresses(self) -> dict[str, str]:
        """Where each service answers."""
        return {name: f"http://127.0.0.1:{port}" for name, port in self.stage.ports.items()}


@pytest.fixture(scope="module")
def backends(issuer: TestIssuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backends]:
    """An empty broker with its administrator, an empty store with its own, an issuer."""
    environ = compose.draw_secrets(tmp_path_factory.mktemp("env")) | compose.BY_HAND
    environ |= {
        "CIVICGRID_JWKS_URL": issuer.jwks_url,
        "CIVICGRID_ISSUER": issuer.name,
        "CIVICGRID_TOKEN_URL": issuer.token_url,
    }
    # Agreed with the issuer: this one has one secret for all.
    environ |= {name: issuer.secret for name in environ if name.endswith("_CLIENT_SECRET")}
    folder = run_dir.of_worker() / "deploy"
    store = SecuredStore(folder / "store", ADMIN, environ["MONGO_ADMIN_PASSWORD"])
    metrics_port = free_port()
    node = _node(folder / "broker", metrics_port)
    collector = Collector()
    try:
        store.start()
        node.start()
        admin = user(ADMIN, environ["RABBITMQ_ADMIN_PASSWORD"], "administrator")
        node.ctl.import_definitions({"users": [admin]})
        stage = _stage(environ, node, store, collector)
        yield Backends(stage, node, store, collector, metrics_port)
    finally:
        collector.close()
        node.stop()
        store.stop()


@pytest.fixture(scope="module")
def provisioned(backends: Backends) -> Backends:
    """After `provision` has run to its end."""
    done = backends.stage.run("provision")
    assert done.returncode == 0, done.stdout + done.stderr
    return backends


@pytest.fixture(scope="module")
def running(
    provisioned: Backends, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Supervisor]:
    """All services, ready."""
    names = compose.ours(provisioned.stage.environ)
    with Supervisor(run_dir.of_worker() / "deploy" / "processes") as started:
        started.start([provisioned.stage.service(name) for name in names], timeout=120)
        yield started


def _node(folder: Path, metrics_port: int) -> OwnNode:
    plugins = ("rabbitmq_management", "rabbitmq_prometheus")
    return OwnNode(
        folder,
        plugins=plugins,
        settings=f"prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {metrics_port}",
    )


def _stage(
    environ: dict[str, str], node: OwnNode, store: SecuredStore, collector: Collector
) -> Stage:
    names = list(compose.ours(environ))
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    replaced = {
        "rabbitmq:15672": f"127.0.0.1:{node.management_port}",
        "rabbitmq:5672": f"127.0.0.1:{node.port}",
        "mongo:27017": f"127.0.0.1:{store.port}",
        "replicaSet=rs0": f"replicaSet={REPLICA_SET}",
        "otel:4318": f"127.0.0.1:{collector.port}",
        **{f"http://{name}:8000": f"http://127.0.0.1:{port}" for name, port in ports.items()},
    }
    return Stage(environ, ports, replaced)
