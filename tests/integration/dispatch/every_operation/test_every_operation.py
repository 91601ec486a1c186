"""Every operation of dispatch, tried by every role: each succeeds for somebody, nothing ends in an
error of ours, and no answer is other than documented."""

import asyncio
from collections.abc import Callable
from typing import Any

import pymongo
import pytest
from pydantic import SecretStr

from case_bus.memory import MemoryBroker, MemoryConsumer, MemoryPublisher
from case_bus.topology import base, subscriber
from dispatch.main import build
from dispatch.subscriptions import SUBSCRIPTIONS
from service_kit.runtime import Edges
from tests.integration.dispatch.every_operation.arranged import (
    BOSS,
    DUTY,
    LEAD,
    WORKER,
    Roles,
    arrange,
)
from tests.integration.dispatch.every_operation.seeds import seeds_of
from tests.integration.dispatch.fake_intake import FakeIntake
from tests.integration.dispatch.served import served as arranged_in
from tests.integration.dispatch.served import settings_of
from tests.support.fuzz import EACH, NUMBER, all_well, held_rows, try_all
from tests.support.keys import vault_key
from tests.support.served import served
from tests.support.tokens import TestIssuer

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
SUPERVISOR = "cases.read cases.verify cases.supervise cases.place cases.export cases.arbitrate"


@pytest.fixture
def roles(issuer: TestIssuer) -> Roles:
    def token(sub: str, scope: str, kind: str = "staff", department: str | None = None) -> Any:
        return issuer.bearer(sub, scope, "dispatch", kind, department)

    return {
        "nobody": {},
        "reader": token("p-900", "cases.read"),
        "operator": token("op", "operate commits.read cases.read", "operator"),
        WORKER: token(WORKER, "cases.verify cases.place"),
        LEAD: token(LEAD, "cases.verify cases.place"),
        DUTY: token(DUTY, "cases.verify"),
        BOSS: token(BOSS, SUPERVISOR),
        "other boss": token("p-901", SUPERVISOR),
        "approver": token("p-902", "cases.approve"),
        "publisher": token("p-903", "knowledge.publish supervision.publish cases.read"),
        "eraser": token("p-904", "vault.erase"),
        "department": token("p-905", "department cases.read", "department", "um"),
    }


async def _arranged(
    url: str, database: str, issuer: TestIssuer, roles: Roles, keys: SecretStr
) -> dict[str, Any]:
    async with arranged_in(url, database, issuer, vault_keys=keys) as twin:
        return await arrange(twin, roles)


def test_every_operation_succeeds_for_somebody_and_says_what_it_documents(
    mongo_url: str, database: str, issuer: TestIssuer, roles: Roles,
    record_property: Callable[[str, Any], None],
) -> None:  # fmt: skip
    keys = SecretStr(vault_key("k1"))
    seeds = seeds_of(asyncio.run(_arranged(mongo_url, database, issuer, roles, keys)))
    with pymongo.MongoClient[Any](mongo_url) as client:
        client[database]["held"].insert_many(held_rows("dispatch"))
    broker = MemoryBroker(base() + subscriber("dispatch", SUBSCRIPTIONS.types))
    edges = Edges(MemoryPublisher(broker), MemoryConsumer(broker))

    with served(FakeIntake(known={"case:look"}).app()) as intake:
        peers = {"intake": intake}
        settings = settings_of(mongo_url, database, issuer, vault_keys=keys, peers=peers)
        with served(build(settings, edges)) as url:
            tried = try_all(url, roles, seeds, each=EACH, number=NUMBER)

    all_well(tried, record_property)
