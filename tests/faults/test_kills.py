"""SIGKILL at every named point, then a restart: nothing is lost and nothing is done twice."""

import asyncio

import pytest

from tests.faults.world import World

pytestmark = pytest.mark.timeout(240)

POINTS = [
    pytest.param("before_commit", marks=pytest.mark.long),
    "after_commit",
    pytest.param("after_view", marks=pytest.mark.long),
    pytest.param("before_publish", marks=pytest.mark.long),
    "mid_publish",
    pytest.param("after_confirm", marks=pytest.mark.long),
    pytest.param("after_watermark", marks=pytest.mark.long),
    "after_ack",
]


@pytest.mark.parametrize("point", POINTS)
async def test_a_service_killed_at_a_point_and_restarted(world: World, point: str) -> None:
    doomed = await world.start(f"{point}:2")
    await world.send([f"bus-{n}" for n in range(30)])
    posting = asyncio.create_task(world.post([f"http-{n}" for n in range(12)]))
    await world.ended(doomed)

    await world.start()
    await posting
    report = await world.verdict()

    assert report.violations == []
    assert report.counts["states"] == 5


@pytest.mark.long
@pytest.mark.parametrize("point", ["takeover_claimed", "takeover_published"])
async def test_a_take_over_killed_at_a_point(world: World, point: str) -> None:
    doomed = await world.start("before_publish:2")
    await world.send([f"bus-{n}" for n in range(20)])
    await world.ended(doomed)
    heir, _ = world.launch(f"{point}:1")
    await world.ended(heir)

    await world.start()
    report = await world.verdict()

    assert report.violations == []


async def test_of_two_replicas_one_is_killed(world: World) -> None:
    """The other takes its messages and publishes what it left."""
    doomed, _ = await asyncio.gather(world.start("before_publish:3"), world.start())
    await world.send([f"bus-{n}" for n in range(60)])
    await world.post([f"http-{n}" for n in range(30)])
    await world.ended(doomed)

    report = await world.verdict()

    assert report.violations == []
