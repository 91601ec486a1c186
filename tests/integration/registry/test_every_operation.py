"""Every operation of the registry, tried by every role: each succeeds for somebody, nothing ends
in an error of ours, and no answer is other than documented."""

from collections.abc import Callable, Iterator
from typing import Any

import pymongo
import pytest

from case_bus.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from case_bus.topology import base, subscriber
from registry.main import build
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from service_kit.runtime import Edges
from tests.integration.registry.asked import Arranged, Roles, arrange
from tests.support.fuzz import EACH, NUMBER, all_well, held_rows, try_all
from tests.support.served import served
from tests.support.tokens import TestIssuer

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture
def roles(issuer: TestIssuer) -> Roles:
    def token(sub: str, scope: str, kind: str = "staff", department: str | None = None) -> Any:
        return issuer.bearer(sub, scope, "registry", kind, department)

    everything = "registry.read registry.write households.read households.write"
    return {
        "nobody": {},
        "reader": token("p-9", "registry.read"),
        "operator": token("op", f"{everything} operate commits.read", "operator"),
        "proposer": token("p-7", "registry.propose registry.read", "department", "roads"),
        "approver": token("p-8", "registry.approve registry.read"),
        "second approver": token("p-6", "registry.approve registry.read"),
        "field staff": token("p-3", "households.read households.write"),
    }


@pytest.fixture
def url(settings: RegistrySettings) -> Iterator[str]:
    broker = MemoryBroker(base() + subscriber("registry", SUBSCRIPTIONS.types))
    edges = Edges(MemoryPublisher(broker), MemoryConsumer(broker))
    with served(build(settings, edges)) as found:
        yield found


def test_every_operation_succeeds_for_somebody_and_says_what_it_documents(
    url: str, roles: Roles, settings: RegistrySettings, record_property: Callable[[str, Any], None]
) -> None:
    seeds = arrange(Arranged(url, roles))
    with pymongo.MongoClient[Any](settings.mongo_url.get_secret_value()) as client:
        client[settings.database]["held"].insert_many(held_rows("registry"))

    tried = try_all(url, roles, seeds, each=EACH, number=NUMBER)

    all_well(tried, record_property)
