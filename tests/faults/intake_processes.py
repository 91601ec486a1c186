"""Real intake processes on one database, with the small district loaded, to be killed."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aio_pika
import httpx

from case_bus.declare import declare
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import base, subscriber
from case_contracts.events.intake import RulesPublished
from intake.subscriptions import DISTRICT as DISTRICT_ROWS
from intake.subscriptions import GRIDS, RULES, STANDARDS, SUBSCRIPTIONS
from service_kit.mongo import Database, connect
from service_kit.mongo import database as named
from tests.faults.replicas import START_SECONDS, Replicas, publish
from tests.support import small_district
from tests.support.infra import Vhost
from tests.support.stored import all_commits
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, eventually

LAPSE_SECONDS = 2.0
NO_LINKS = RulesPublished.model_validate(RulesPublished.EXAMPLE | {"duplicates": [], "desk": None})
"""So that lines on one place are not linked to each other."""


@asynccontextmanager
async def intake_processes(
    vhost: Vhost, mongo_url: str, database: str, issuer: TestIssuer, vault_key: str, logs: Path
) -> AsyncIterator[Replicas]:
    """Nothing runs yet; the district and its rules are in the store, so that those that are
    started know them from the beginning."""
    settings = {
        "DISTRICT": DISTRICT,
        "AMQP_URL": vhost.url,
        "MONGO_URL": mongo_url,
        "DATABASE": database,
        "JWKS_URL": issuer.jwks_url,
        "ISSUER": issuer.name,
        "VAULT_KEYS": vault_key,
        "LAPSE_SECONDS": str(LAPSE_SECONDS),
        "RATE_ADDRESS": "off",
        "RATE_TOKEN": "off",
        "RATE_FAILURES": "off",
    }
    environment = dict(os.environ) | {f"CIVICGRID_{k}": value for k, value in settings.items()}
    headers = issuer.bearer("p-000009", "reports.import reports.staff", "intake")
    found = Replicas("intake", environment, headers, logs, httpx.AsyncClient(timeout=120))
    await _publish_district(vhost.url)
    try:
        loading = await found.start()
        await eventually(lambda: _is_loaded(named(connect(mongo_url), database)), START_SECONDS)
        await loading.end()
        yield found
    finally:
        await found.close()


async def opened(stored: Database) -> int:
    """How many cases were opened, of so many reports; each of them once."""
    cases: list[str] = []
    reports: list[str] = []
    for row in await all_commits(stored):
        for event in row["events"]:
            if event["type"] == "case.opened.v1":
                cases.append(event["data"]["case"])
            if event["type"] == "report.received.v1":
                reports.append(event["data"]["report"])
    assert len(set(cases)) == len(cases) == len(set(reports)) == len(reports)
    return len(cases)


async def _is_loaded(stored: Database) -> bool:
    counts = [await stored[name].count_documents({}) for name in (DISTRICT_ROWS, STANDARDS, RULES)]
    return min(counts) > 0 and await stored[GRIDS].count_documents({}) >= len(small_district.GRIDS)


async def _publish_district(url: str) -> None:
    connection = await aio_pika.connect(url)
    await declare(await connection.channel(), base() + subscriber("intake", SUBSCRIPTIONS.types))
    await connection.close()
    publisher = RabbitPublisher(url, name="test")
    for subject, event in (*small_district.published(), (NO_LINKS.rules, NO_LINKS)):
        await publish(publisher, subject, event)
    await publisher.close()
