"""Broker and store killed or frozen under load, on servers of the test's own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from civicgrid.local import Broker, EmbeddedStore
from tests.faults.world import World, opened
from tests.support.infra import Vhost, VhostPool
from tests.support.run_dir import of_worker
from tests.support.twin import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


async def _load(world: World, name: str, count: int = 40) -> "asyncio.Task[None]":
    texts = [f"{name}-http-{n}" for n in range(count // 4)]
    posting = asyncio.create_task(world.post(texts))
    await world.send([f"{name}-{n}" for n in range(count)])
    return posting


@pytest.fixture
async def frozen_store_world(
    vhost: Vhost, own_store: EmbeddedStore, database: str, tmp_path: Path
) -> AsyncIterator[World]:
    world = World(vhost.url, own_store.url, vhost.url, own_store.url, database, tmp_path)
    async with opened(world):
        yield world


async def test_the_store_is_frozen_and_its_client_killed(
    frozen_store_world: World, own_store: EmbeddedStore
) -> None:
    """What the dead process had sent lands when the store wakes up: a sweep finds it."""
    world = frozen_store_world
    doomed = await world.start()
    await (await _load(world, "before"))
    await world.settled()
    own_store.freeze()
    posting = await _load(world, "during")
    await asyncio.sleep(1)  # so that inserts are under way; what is in flight cannot be asked for
    doomed.kill()
    doomed.wait()
    own_store.thaw()

    await world.start()
    await posting
    report = await world.verdict(120)

    assert report.violations == []


async def test_the_store_is_killed_under_load(
    frozen_store_world: World, own_store: EmbeddedStore
) -> None:
    world = frozen_store_world
    await world.start()
    posting = await _load(world, "during", 120)
    own_store.kill9()
    own_store.start()

    await posting
    await (await _load(world, "after"))
    report = await world.verdict(120)

    assert report.violations == []


@pytest.fixture
async def broker_world(
    own_broker: Broker, mongo_url: str, database: str, tmp_path: Path
) -> AsyncIterator[World]:
    pool = VhostPool(own_broker, of_worker() / "outages")
    url = pool.take().url
    async with opened(World(url, mongo_url, url, mongo_url, database, tmp_path)) as world:
        yield world
    pool.close()


async def test_the_broker_is_killed_under_load(broker_world: World, own_broker: Broker) -> None:
    world, node = broker_world, own_broker.own
    assert node is not None
    await world.start()
    sending = asyncio.create_task(world.send([f"bus-{n}" for n in range(300)]))
    posting = asyncio.create_task(world.post([f"http-{n}" for n in range(60)]))
    await eventually(lambda: _has_effects(world, 20))
    await asyncio.to_thread(node.kill9)
    await asyncio.to_thread(node.start)

    await asyncio.gather(sending, posting)
    report = await world.verdict(180)

    assert report.violations == []


async def test_the_broker_is_frozen_for_longer_than_its_heartbeat(
    broker_world: World, own_broker: Broker
) -> None:
    world, node = broker_world, own_broker.own
    assert node is not None
    await world.start()
    await (await _load(world, "before"))
    node.freeze()
    posting = asyncio.create_task(world.post([f"http-{n}" for n in range(20)]))
    await asyncio.sleep(15)  # three heartbeats of five seconds
    node.thaw()

    await posting
    await (await _load(world, "after"))
    report = await world.verdict(180)

    assert report.violations == []


async def _has_effects(world: World, count: int) -> bool:
    return len(await world.effects()) >= count
