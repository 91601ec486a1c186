"""A world of echo services on the run's broker and store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.world import World, opened
from tests.support.infra import Vhost


@pytest.fixture
async def world(
    vhost: Vhost, mongo_url: str, database: str, tmp_path: Path
) -> AsyncIterator[World]:
    """On the shared broker and store, which no test may harm."""
    urls = (vhost.url, mongo_url)
    async with opened(World(*urls, *urls, database, tmp_path)) as found:
        yield found
