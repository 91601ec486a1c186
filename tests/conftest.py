"""Fixtures for every test: a real broker and store, and the data sets."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from civicgrid.local import Broker, EmbeddedStore, Store, embedded_store, find_broker, find_store
from civicgrid.local import own_broker as start_own_broker
from tests.support import run_dir
from tests.support.begin_until import (
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_runtest_setup,
)
from tests.support.data import find_data, require_data
from tests.support.infra import Vhost, VhostPool, drop_beginning_with, unique_database
from tests.support.ports import free_port as draw_port
from tests.support.tokens import TestIssuer

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_runtest_setup"]
_IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ


# Two processes share two cores: how long an example takes says nothing about the code.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


def pytest_configure() -> None:
    if not _IN_WORKER:
        run_dir.create()


def pytest_unconfigure() -> None:
    if not _IN_WORKER:
        run_dir.discard(run_dir.current())


def pytest_report_header() -> str:
    return f"civicgrid data sets: {find_data() or 'NONE, tests that need them are skipped'}"


@pytest.fixture(scope="session")
def broker() -> Broker:
    """The RabbitMQ found on this machine, else a node of this run's own. Not to be killed."""
    return find_broker(run_dir.current() / "broker")


@pytest.fixture(scope="session")
def vhosts(broker: Broker) -> Iterator[VhostPool]:
    """Fresh vhosts on `broker`, for tests that need several."""
    pool = VhostPool(broker, run_dir.of_worker())
    yield pool
    pool.close()


@pytest.fixture
def vhost(vhosts: VhostPool) -> Iterator[Vhost]:
    """A fresh vhost on `broker` with a user who may do everything in it: `vhost.url`."""
    taken = vhosts.take()
    yield taken
    vhosts.give_back(taken)


@pytest.fixture(scope="session")
def _own_broker() -> Iterator[Broker]:
    started = start_own_broker(run_dir.of_worker() / "own-broker")
    yield started
    started.close()


@pytest.fixture
def own_broker(_own_broker: Broker) -> Iterator[Broker]:
    """A node for fault tests: `own_broker.own` may be killed, frozen, restarted.

    The node and its contents are shared by the tests of this process; it runs at each test's start.
    """
    node = _own_broker.own
    assert node is not None
    node.start()
    yield _own_broker
    if node.running:
        node.thaw()


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """`MONGO_URL`'s server, else an embedded store of this process. Not to be killed."""
    found = find_store(run_dir.of_worker() / "store")
    yield found
    found.close()


@pytest.fixture(scope="session")
def mongo_url(store: Store) -> str:
    """URL of `store`."""
    return store.url


@pytest.fixture
def database(store: Store) -> Iterator[str]:
    """Name of a fresh database on `store`; it, and all that begin with it, go after the test.

    An embedded store's go with the run's folder: it drops row by row, each with a sync, up to
    minutes, and whoever comes meanwhile waits.
    """
    name = unique_database()
    yield name
    if store.own is None:
        drop_beginning_with(name, store.url)


@pytest.fixture
def own_store() -> Iterator[EmbeddedStore]:
    """An empty embedded store of this test's own, which may be killed, frozen, restarted."""
    # Below the run's folder, not in tmp_path: a later run stops what a killed one left there.
    started = embedded_store(Path(tempfile.mkdtemp(prefix="own-store-", dir=run_dir.of_worker())))
    assert started.own is not None
    yield started.own
    started.close()


@pytest.fixture
def free_port() -> int:
    """A TCP port that nothing listens on."""
    return draw_port()


@pytest.fixture(scope="session")
def issuer() -> Iterator[TestIssuer]:
    """The real development issuer; `issuer.bearer(sub, scope, audience)` gives headers."""
    with TestIssuer() as started:
        yield started


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder with the public data sets; skips the test, saying so, where there is none."""
    return require_data()
