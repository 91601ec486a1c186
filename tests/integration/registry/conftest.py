"""The registry over the twin of the bus and a real store."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from pydantic import SecretStr

from registry.main import build
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, running

Start = Callable[[], AbstractAsyncContextManager[Twin]]


@pytest.fixture
def settings(mongo_url: str, database: str, issuer: TestIssuer) -> RegistrySettings:
    """Of a registry on a database of its own."""
    return RegistrySettings(
        district=DISTRICT,
        amqp_url=SecretStr("amqp://unused"),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
        vault_keys=SecretStr(vault_key("k1")),
    )


@pytest.fixture
def start(settings: RegistrySettings) -> Start:
    """Starts the registry on one database; again, for a second process or a second life."""

    @asynccontextmanager
    async def started() -> AsyncIterator[Twin]:
        async with running("registry", lambda e: build(settings, e), SUBSCRIPTIONS) as twin:
            yield twin

    return started


@pytest.fixture
async def registry(start: Start) -> AsyncIterator[Twin]:
    async with start() as twin:
        yield twin


@pytest.fixture
def reader(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000009", "registry.read", "registry")


@pytest.fixture
def writer(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("operator-1", "registry.read registry.write", "registry")
