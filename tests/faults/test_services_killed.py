"""SIGKILL of every real service at every point, with cases going through all the while."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from case_contracts.events.intake import Recorded
from civicgrid.addresses import addresses_of
from civicgrid.client import PATIENT_SECONDS, Api, As
from civicgrid.deployment import Run
from civicgrid.insides import verify_settled
from civicgrid.loading import load_district
from civicgrid.local import Broker, Store
from civicgrid.replay.history import import_history
from civicgrid.reports_file import ReportLine
from civicgrid.system import System
from service_kit.store.faults import POINTS
from tests.faults.lethal import Killer
from tests.faults.traffic import Traffic
from tests.flow import district
from tests.support import run_dir
from tests.support.twin import eventually
from tests.unit.registry.small import edited

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
BEHAVIOURS = """\
department: "*"
behaviours:
- matters: ["part/*"]
  minutes: [0.01, 0.02]
  evidence: [photo-after]
  help: {share: 0.5, units: [water]}
- {matters: ["*"], minutes: [0.01, 0.02], evidence: [photo-after]}
operations: {travel: [0.01, 0.02], work: [0.01, 0.02]}
"""
AROUND_A_COMMIT = tuple(each for each in POINTS if each != "after_ack" and "takeover" not in each)
TAKE_OVER = ("takeover_claimed", "takeover_published")
SCORER = As("scorer", "scores.publish scores.read", "operator")


@pytest.fixture(scope="module")
def behaviours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("behaviours") / "any.yaml"
    written.write_text(BEHAVIOURS)
    return written


@pytest.fixture(scope="module")
def system(broker: Broker, store: Store) -> Iterator[System]:
    found = System(run_dir.of_worker() / "killed", broker, store)
    yield found
    found.purge()


@pytest.fixture(scope="module")
def run(system: System, behaviours: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = system.start(district.wish(str(behaviours)), lambda _: None)
    folder = district.write(tmp_path_factory.mktemp("district"), files())
    asyncio.run(_load(run, folder))
    return run


def files() -> dict[str, str]:
    """The district, a year older, so that it has a past."""
    return edited("district.yaml", "'2026-01-01T", "'2025-01-01T", district.files())


async def _load(run: Run, folder: Path) -> None:
    async with Api(addresses_of(run)) as api:
        await load_district(api, folder)


@pytest.fixture
async def api(run: Run) -> AsyncIterator[Api]:
    async with Api(addresses_of(run), reconnect=PATIENT_SECONDS) as found:
        yield found


async def killed_at(killer: Killer, points: Sequence[str]) -> None:
    async with killer:
        for point in points:
            if point in TAKE_OVER:
                await killer.at("before_publish")
            await killer.at(point)


async def killed_while(killer: Killer, point: str, act: Coroutine[Any, Any, Any]) -> None:
    """Something asked of it that is asked again until it is answered."""
    first = "before_publish" if point in TAKE_OVER else point
    async with killer:
        await killer.arm(first)
        acting = asyncio.create_task(act)
        await killer.dead(first)
        if first != point:
            await killer.at(point)
    await acting


async def nothing_is_wrong(run: Run) -> None:
    """No violation, nothing held, and soon nothing that a dead process has left unpublished."""
    report = await verify_settled(run, 120)
    assert report.violations == []
    assert report.counts["unsent_open"] + report.counts["unsent_lapsed"] == 0
    assert report.counts["held"] == 0


async def test_registry_killed_while_it_loads_a_district(
    system: System, run: Run, api: Api, tmp_path: Path
) -> None:
    killer = Killer(system, run, "registry")
    for number, point in enumerate([*AROUND_A_COMMIT, *TAKE_OVER]):
        row = f"posting:41:extra:{number},p-{100 + number},deputy,41,false,,,\n"
        texts = files()
        texts["postings.csv"] += row
        folder = district.write(tmp_path / point, texts)
        await killed_while(killer, point, load_district(api, folder))
        again = await load_district(api, folder)
        assert again.published == {}, point
    await nothing_is_wrong(run)


@pytest.mark.parametrize("service", ["intake", "dispatch", "joint", "notification"])
async def test_a_service_killed_at_every_point(
    system: System, run: Run, api: Api, service: str
) -> None:
    killing = asyncio.create_task(killed_at(Killer(system, run, service), POINTS))
    traffic = Traffic(api, run)
    await traffic.during(killing)
    assert traffic.closed > 0
    await nothing_is_wrong(run)


@pytest.mark.parametrize("process", ["gateway", "assessment", "department"])
async def test_a_process_killed_at_any_moment(
    system: System, run: Run, api: Api, process: str
) -> None:
    killer = Killer(system, run, process)
    traffic = Traffic(api, run)

    async def kill() -> None:
        async with killer:
            for number in range(5):
                await traffic.until(3 * number)
                await killer.now()
                await killer.restart()

    await traffic.during(asyncio.create_task(kill()))
    await nothing_is_wrong(run)


async def test_assessment_killed_while_it_publishes_scores(
    system: System, run: Run, api: Api
) -> None:
    killer = Killer(system, run, "assessment")
    points = [*AROUND_A_COMMIT, *TAKE_OVER]
    months = [f"2025-{number + 1:02}" for number in range(len(points))]
    imported = await import_history(api, [_of(month) for month in months], lambda *_: None)
    assert imported.lines == {"received": len(months)}
    for month, point in zip(months, points, strict=True):
        await eventually(partial(_live_scores, api, month), 60)
        path = f"/scores/{month}/publication"
        await killed_while(killer, point, api.post("assessment", path, {}, SCORER))
        again = await api.post("assessment", path, {}, SCORER)
        assert again["published"] == 0
        assert again["before"] > 0
    await nothing_is_wrong(run)


async def _live_scores(api: Api, month: str) -> Any:
    query = {"period": month, "by": "department", "live": "true"}
    return (await api.get("assessment", "/scores", SCORER, **query))["scores"]


def _of(month: str) -> ReportLine:
    made = next(iter(district.reports()))
    began = datetime.fromisoformat(f"{month}-05T09:00:00+08:00")
    change = {"ref": f"history-{month}", "reported_at": began}
    return made.model_copy(
        update=change
        | {"contact": None, "recorded": Recorded(closed_at=began + timedelta(hours=5))}
    )
