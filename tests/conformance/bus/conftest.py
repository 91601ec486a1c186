"""The suite runs on the in-memory twin and on RabbitMQ alike."""

from collections.abc import AsyncIterator

import pytest

from tests.conformance.bus.harness import Bus, MemoryBus, RabbitBus, rabbit_bus
from tests.support.infra import Vhost


@pytest.fixture(params=["memory", "rabbit"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    """A broker with nothing declared on it."""
    if request.param == "memory":
        yield MemoryBus()
        return
    async with rabbit_bus(request.getfixturevalue("vhost")) as rabbit:
        yield rabbit


@pytest.fixture
async def rabbit(vhost: Vhost) -> AsyncIterator[RabbitBus]:
    """RabbitMQ alone, for what the twin has no like of."""
    async with rabbit_bus(vhost) as found:
        yield found
