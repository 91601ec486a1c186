"""Every operation of intake, tried by every role: each succeeds for somebody, nothing ends in an
error of ours, and no answer is other than documented. Open311's have a test of their own."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pymongo
import pytest

from case_bus.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from case_bus.topology import base, subscriber
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from service_kit import clock
from service_kit.clock import Clock
from service_kit.runtime import Edges
from tests.integration.intake.every_operation.arranged import Arranged, Roles, arrange
from tests.integration.intake.every_operation.seeds import ROUND, seeds_of
from tests.support.fuzz import EACH, NUMBER, all_well, held_rows, labels, try_all
from tests.support.served import served
from tests.support.tokens import TestIssuer
from tests.support.twin import running
from tests.unit.intake.visits import people

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
ALL = (
    "reports.read reports.staff reports.sensor reports.import history.import rules.publish"
    " triage.decide links.decide callbacks.make audit.read vault.read vault.erase commits.read"
    " operate evidence.read evidence.write evidence.remove rounds.plan visits.read"
)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    clock.set_clock(Clock(people.MONDAY, time.time()))
    yield
    clock.set_clock(None)


@pytest.fixture
def roles(issuer: TestIssuer) -> Roles:
    def token(sub: str, scope: str, kind: str = "staff", department: str | None = None) -> Any:
        return issuer.bearer(sub, scope, "intake", kind, department)

    return {
        "nobody": {},
        "reader": token("p-000900", "reports.read"),
        "operator": token("p-000901", ALL, "operator"),
        "worker": token(people.WORKER, "reports.staff visits.write evidence.write visits.read"),
        "leader": token(people.LEADER, "visits.read locations.read reports.read"),
        "inspector": token("p-000902", "reports.staff", "department", "roads"),
        "sensor": token("sensor:7", "reports.sensor", "service"),
        "service": token("service:gateway", "vault.read commits.read evidence.read", "service"),
    }


def _edges() -> Edges:
    broker = MemoryBroker(base() + subscriber("intake", SUBSCRIPTIONS.types))
    return Edges(MemoryPublisher(broker), MemoryConsumer(broker))


async def _arranged(settings: IntakeSettings, roles: Roles) -> Arranged:
    async with running("intake", lambda edges: build(settings, edges), SUBSCRIPTIONS) as twin:
        there = await arrange(twin, roles)
        for name in ("arranged", "ending"):
            put = await twin.http.put(f"/rounds/{name}", json=ROUND, headers=roles["operator"])
            assert put.is_success, put.text
        return there


def test_every_operation_succeeds_for_somebody_and_says_what_it_documents(
    settings: dict[str, Any], roles: Roles, record_property: Callable[[str, Any], None]
) -> None:
    found = IntakeSettings(**settings)
    there = asyncio.run(_arranged(found, roles))
    with pymongo.MongoClient[Any](found.mongo_url.get_secret_value()) as client:
        client[found.database]["held"].insert_many(held_rows("intake"))

    with served(build(found, _edges())) as url:
        others = frozenset(label for label in labels(url) if " /open311/" in label)
        tried = try_all(url, roles, seeds_of(there), each=EACH, number=NUMBER, leave_out=others)

    all_well(tried, record_property)
