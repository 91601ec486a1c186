"""The sample district, whole, over a real broker."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aio_pika
import httpx
import pytest
from pydantic import SecretStr

from case_bus.declare import declare
from case_bus.topology import base, events_queue, subscriber
from case_contracts.catalogue import owned_by
from civicgrid.district_dir import read_district
from registry.main import build
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from tests.support.infra import Vhost
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, eventually

SAMPLE = Path(__file__).parents[3] / "deploy" / "sample"
LISTENER = "intake"


@pytest.mark.timeout(180)
async def test_the_sample_is_loaded_and_its_events_are_confirmed(
    vhost: Vhost,
    mongo_url: str,
    database: str,
    issuer: TestIssuer,
    record_property: Callable[[str, object], None],
) -> None:
    bundle = read_district(SAMPLE).model_dump(mode="json")
    settings = RegistrySettings(
        district=DISTRICT,
        amqp_url=SecretStr(vhost.url),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
        vault_keys=SecretStr(vault_key("k1")),
    )
    headers = issuer.bearer("operator-1", "registry.read registry.write", "registry")
    topology = base() + subscriber(LISTENER, [spec.type for spec in owned_by("registry")])
    topology += subscriber("registry", SUBSCRIPTIONS.types)
    async with await aio_pika.connect(vhost.url) as connection:
        channel = await connection.channel()
        await declare(channel, topology)
        app = build(settings)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://registry", headers=headers
            ) as http,
        ):
            await eventually(lambda: _ready(http))
            first, seconds = await _load(http, bundle)
            again, seconds_again = await _load(http, bundle)
        queue = await channel.declare_queue(events_queue(LISTENER), passive=True)
        depth = queue.declaration_result.message_count
    total = sum(first["published"].values())
    record_property("seconds", f"{seconds:.1f} to load, {seconds_again:.1f} to load again")
    assert first["published"]["grid.published.v1"] == 1 + 12 + 162 + 396 + 1144
    assert first["warnings"] == []
    assert depth == total + 2, "and the change itself, decided and applied"
    assert (again["published"], again["unchanged"]) == ({}, total)


async def _ready(http: httpx.AsyncClient) -> bool:
    return (await http.get("/readyz")).status_code == 200


async def _load(http: httpx.AsyncClient, bundle: dict[str, Any]) -> tuple[dict[str, Any], float]:
    started = time.perf_counter()
    answer = await http.post("/districts", json=bundle, timeout=60)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body, time.perf_counter() - started
