"""All services as processes on a real broker and store, one system for the tests of a file."""

from collections.abc import AsyncIterator, Iterator

import pytest

from civicgrid.addresses import addresses_of
from civicgrid.client import Api
from civicgrid.commands.options import scenario_file
from civicgrid.deployment import Run
from civicgrid.local import Broker, Store
from civicgrid.system import System
from tests.flow import district
from tests.support import run_dir


@pytest.fixture(scope="module")
def system(request: pytest.FixtureRequest, broker: Broker, store: Store) -> Iterator[System]:
    name = request.module.__name__.rpartition(".test_")[2]
    found = System(run_dir.of_worker() / name, broker, store)
    yield found
    found.purge()


@pytest.fixture(scope="module")
def run(system: System) -> Run:
    return system.start(district.wish(scenario_file("departments-at-once.yaml")), lambda _: None)


@pytest.fixture
async def api(run: Run) -> AsyncIterator[Api]:
    async with Api(addresses_of(run)) as found:
        yield found
