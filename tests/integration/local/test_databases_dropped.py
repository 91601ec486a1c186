"""What is left on a store when a run is purged, or a test is over."""

from pathlib import Path

import pymongo
import pytest

from civicgrid.deployment import Run
from civicgrid.deployment.run import drawn_ports
from civicgrid.local import Broker, EmbeddedStore, Store
from civicgrid.local.ports import free_ports
from civicgrid.system import System
from tests.support.infra import drop_beginning_with


def _fill(url: str, *names: str) -> None:
    with pymongo.MongoClient[dict[str, object]](url) as client:
        for name in names:
            client[name].rows.insert_one({})


def _there(url: str) -> list[str]:
    with pymongo.MongoClient[dict[str, object]](url) as client:
        return client.list_database_names()


@pytest.mark.parametrize("embedded", [False, True])
def test_a_purged_runs_databases_are_dropped_where_the_store_goes_on_without_it(
    broker: Broker, store: Store, database: str, tmp_path: Path, *, embedded: bool
) -> None:
    run = Run.new(
        "lanhe", [], ports=drawn_ports(1, free_ports), amqp_url=broker.amqp_url(),
        mongo_url=store.url,
    )  # fmt: skip
    run.save(tmp_path / "run")
    _fill(store.url, run.database("intake"), database)
    given = Store(store.url, EmbeddedStore(tmp_path) if embedded else None)
    System(tmp_path / "run", broker, given).purge()
    assert (run.database("intake") in _there(store.url)) is embedded
    assert database in _there(store.url)
    assert not (tmp_path / "run").exists()
    drop_beginning_with(run.database("intake"), store.url)


def test_a_tests_databases_are_those_that_begin_with_its_own(store: Store, database: str) -> None:
    _fill(store.url, f"{database}1", f"{database}1_intake", f"{database}2")
    drop_beginning_with(f"{database}1", store.url)
    assert [each for each in _there(store.url) if each.startswith(database)] == [f"{database}2"]
