"""The gateway between a twin of the district's bus and departments' vhosts on a real broker."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from case_bus.memory import MemoryBroker
from case_bus.topology import base, command_taker
from civicgrid.local import Broker
from gateway.main import build
from gateway.settings import GatewaySettings
from gateway.subscriptions import SUBSCRIPTIONS
from service_kit.runtime import Edges
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.own_evidence import Own, department_with_a_task
from tests.integration.gateway.vhosts import DEPARTMENTS, Departments, DepartmentsPool
from tests.support.run_dir import of_worker
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, running

LAPSE_SECONDS = 1.0


@dataclass(frozen=True)
class Replica:
    """``async with replica() as twin``: another gateway process on the same store and bus."""

    settings: GatewaySettings
    broker: MemoryBroker

    def __call__(self) -> AbstractAsyncContextManager[Twin]:
        def app(edges: Edges) -> FastAPI:
            return build(self.settings, edges)

        return running("gateway", app, SUBSCRIPTIONS, self.broker)


@pytest.fixture(scope="session")
def department_pool(broker: Broker) -> Iterator[DepartmentsPool]:
    pool = DepartmentsPool(broker, of_worker() / "departments")
    yield pool
    pool.close()


@pytest.fixture
def departments(department_pool: DepartmentsPool) -> Iterator[Departments]:
    """Fresh vhosts of two departments."""
    taken = department_pool.take()
    yield taken
    department_pool.give_back(taken)


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    fake = FakeVault()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def replica(
    mongo_url: str, database: str, issuer: TestIssuer, departments: Departments, vault: FakeVault
) -> Replica:
    """Starts a replica of the gateway; all share the database and the district's bus."""
    settings = GatewaySettings(
        district=departments.district,
        amqp_url=SecretStr("amqp://unused"),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
        token_url=issuer.token_url,
        client_secret=SecretStr(issuer.secret),
        peers={"intake": vault.url},
        departments={d: SecretStr(departments.as_gateway(d)) for d in DEPARTMENTS},
        lapse_seconds=LAPSE_SECONDS,
        poll_seconds=0.05,
    )
    topology = base() + command_taker("dispatch") + command_taker("joint")
    return Replica(settings, MemoryBroker(topology))


@pytest.fixture
async def gateway(replica: Replica) -> AsyncIterator[Twin]:
    async with replica() as twin:
        yield twin


@pytest.fixture
async def dispatch(gateway: Twin, replica: Replica) -> AsyncIterator[FakeDispatch]:
    """Dispatch and joint as far as the gateway can tell."""
    async with FakeDispatch.running(gateway, replica.broker) as fake:
        yield fake


@pytest.fixture
async def own(gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer) -> Own:
    """Department um with a task on case:1."""
    return await department_with_a_task(gateway, dispatch, vault, issuer)
