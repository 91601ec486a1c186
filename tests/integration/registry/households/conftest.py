"""A loaded district, with those who keep its household register."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.clock import Clock
from service_kit import clock
from tests.integration.registry.households.asked import FILES, SCOPES
from tests.integration.registry.test_loading import Headers, load
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin


@pytest.fixture
def keeper(issuer: TestIssuer) -> Headers:
    """Posted in 410101."""
    return issuer.bearer("p-3", SCOPES, "registry")


@pytest.fixture
def neighbour(issuer: TestIssuer) -> Headers:
    """Posted in 410102."""
    return issuer.bearer("p-4", SCOPES, "registry")


@pytest.fixture
def operator(issuer: TestIssuer) -> Headers:
    return issuer.bearer("operator-1", SCOPES, "registry", "operator")


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    assert (await load(registry, writer, FILES)).status_code == 200
    return registry


@pytest.fixture
def moved() -> Iterator[Any]:
    """Moves the clock so many days on."""

    def move(days: float) -> None:
        clock.set_clock(Clock(clock.now() + timedelta(days=days), time.time()))

    yield move
    clock.set_clock(None)
