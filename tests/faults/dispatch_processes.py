"""Real dispatch processes on one database, with the small district of its unit tests loaded."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aio_pika
import httpx

from case_bus.declare import declare
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import base, command_taker, subscriber
from dispatch.subscriptions import SUBSCRIPTIONS
from service_kit.mongo import Database, connect
from service_kit.mongo import database as named
from tests.faults.replicas import START_SECONDS, Replicas, publish
from tests.integration.dispatch.served import subject_of
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, eventually
from tests.unit.dispatch.district import PATHS, registry_events

ACCEPT_SECONDS = 100.0
"""So long after its assignment a task lapses that nobody accepts."""


@asynccontextmanager
async def dispatch_processes(
    amqp_url: str, mongo_url: str, database: str, issuer: TestIssuer, vault_key: str, logs: Path
) -> AsyncIterator[Replicas]:
    """Nothing runs yet; the district is in the store."""
    settings = {
        "DISTRICT": DISTRICT,
        "AMQP_URL": amqp_url,
        "MONGO_URL": mongo_url,
        "DATABASE": database,
        "JWKS_URL": issuer.jwks_url,
        "ISSUER": issuer.name,
        "VAULT_KEYS": vault_key,
        "ACCEPT_MINUTES": str(ACCEPT_SECONDS / 60),
    }
    environment = dict(os.environ) | {f"CIVICGRID_{k}": value for k, value in settings.items()}
    headers = issuer.bearer("p-boss", "cases.supervise", "dispatch")
    http = httpx.AsyncClient(timeout=120)
    found = Replicas("dispatch", environment, headers, logs, http)
    await _publish_district(amqp_url)
    try:
        loading = await found.start()
        await eventually(lambda: _is_loaded(named(connect(mongo_url), database)), START_SECONDS)
        await loading.end()
        yield found
    finally:
        await found.close()


async def _is_loaded(stored: Database) -> bool:
    grids = await stored["mirror_grid"].count_documents({})
    return grids >= len(PATHS) and await stored["mirror_admission"].count_documents({}) > 0


async def _publish_district(url: str) -> None:
    connection = await aio_pika.connect(url)
    needed = base() + subscriber("dispatch", SUBSCRIPTIONS.types) + command_taker("dispatch")
    await declare(await connection.channel(), needed)
    await connection.close()
    publisher = RabbitPublisher(url, name="test")
    for event in registry_events():
        await publish(publisher, subject_of(event), event)
    await publisher.close()
