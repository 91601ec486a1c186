"""Chromium on a running system with the sample district, one for all tests of a worker."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from civicgrid.addresses import addresses_of
from civicgrid.client import Api
from civicgrid.commands.options import sample_dir, scenario_file
from civicgrid.deployment import Run
from civicgrid.deployment.names import CONSOLE
from civicgrid.loading import load_district
from civicgrid.local import Broker, Store
from civicgrid.local.pages import browser as chromium_here
from civicgrid.local.paths import local_dir
from civicgrid.made_of import departments_of, district_of
from civicgrid.staff import write_people
from civicgrid.system import System, Wish
from tests.support import run_dir

CLOCK = "2026-01-05T09:00+08:00x60"
"""A Monday morning, a minute to a second."""
BY_HAND = "market-regulation"
"""The department that has no program of its own: its people use the pages."""


@pytest.fixture(scope="session")
def system(broker: Broker, store: Store) -> Iterator[System]:
    found = System(run_dir.of_worker() / "browser", broker, store)
    yield found
    found.purge()


@pytest.fixture(scope="session")
def run(system: System) -> Run:
    directory = sample_dir()
    started = system.start(
        Wish(
            district_of(directory),
            [each for each in departments_of(directory) if each != BY_HAND],
            scenario_file("departments-at-once.yaml"),
            clock=CLOCK,
            replicas=1,
            port_base=None,
        ),
        lambda _: None,
    )
    asyncio.run(_load(started, directory))
    write_people(system.folder, directory)
    return started


async def _load(run: Run, directory: Path) -> None:
    async with Api(addresses_of(run)) as api:
        await load_district(api, directory)


@pytest.fixture
async def api(run: Run) -> AsyncIterator[Api]:
    async with Api(addresses_of(run)) as found:
        yield found


@pytest.fixture(scope="session")
def pages(run: Run) -> str:
    """Where residents find the pages."""
    return run.url(CONSOLE)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    program = chromium_here(lambda _: None)
    async with async_playwright() as driver:
        found = await driver.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--lang=zh-CN"]
        )
        yield found
        await found.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are kept: ``CIVICGRID_PICTURES``, else ``.local/pictures``."""
    folder = Path(os.environ.get("CIVICGRID_PICTURES") or local_dir() / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
