"""Connections that break under load: confirms, acknowledgements and answers get lost."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.world import World, opened
from tests.support.infra import Vhost
from tests.support.proxy import Proxy, proxy_to
from tests.support.twin import eventually

pytestmark = pytest.mark.timeout(240)


async def _lost(proxy: Proxy, world: World, swallow: Callable[[], None]) -> None:
    """Under load something is swallowed, then the connection is reset."""
    await world.start()
    await world.send([f"before-{n}" for n in range(10)])
    await world.settled()
    swallow()
    await world.send([f"during-{n}" for n in range(40)])
    posting = asyncio.create_task(world.post([f"http-{n}" for n in range(10)]))
    await eventually(lambda: proxy.swallowed > 0)
    proxy.reset()
    await posting
    await world.send([f"after-{n}" for n in range(10)])


async def test_the_brokers_confirms_and_deliveries_are_lost(
    vhost: Vhost, mongo_url: str, database: str, tmp_path: Path
) -> None:
    async with proxy_to(vhost.url) as proxy:
        world = World(proxy.url(vhost.url), mongo_url, vhost.url, mongo_url, database, tmp_path)
        async with opened(world):
            await _lost(proxy, world, lambda: setattr(proxy, "swallow_replies", True))
            report = await world.verdict(120)

    assert report.violations == []


async def test_our_acknowledgements_are_lost(
    vhost: Vhost, mongo_url: str, database: str, tmp_path: Path
) -> None:
    """The broker delivers again what has been handled, on the next connection."""
    async with proxy_to(vhost.url) as proxy:
        world = World(proxy.url(vhost.url), mongo_url, vhost.url, mongo_url, database, tmp_path)
        async with opened(world):
            await _lost(proxy, world, lambda: setattr(proxy, "swallow_requests", True))
            report = await world.verdict(120)

    assert report.violations == []


async def test_the_stores_answers_are_lost(
    vhost: Vhost, mongo_url: str, database: str, tmp_path: Path
) -> None:
    """Writes land whose outcome nobody learns: the same is written again until it is known."""
    async with proxy_to(mongo_url) as proxy:
        world = World(vhost.url, proxy.url(mongo_url), vhost.url, mongo_url, database, tmp_path)
        async with opened(world):
            await _lost(proxy, world, lambda: setattr(proxy, "swallow_replies", True))
            report = await world.verdict(120)

    assert report.violations == []
