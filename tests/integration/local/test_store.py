import socket
from pathlib import Path
from typing import Any

import pymongo
import pytest

from civicgrid.local import EmbeddedStore, LocalError, Store, find_store, processes

Client = pymongo.MongoClient[dict[str, Any]]


def test_acknowledged_writes_survive_a_crash(own_store: EmbeddedStore) -> None:
    with Client(own_store.url) as client:
        client.t.c.with_options(write_concern=pymongo.WriteConcern("majority", j=True)).insert_many(
            [{"_id": n} for n in range(100)]
        )
    own_store.kill9()
    assert not own_store.running
    own_store.restart()
    with Client(own_store.url) as client:
        assert client.t.c.count_documents({}) == 100


def test_a_frozen_store_does_not_answer(own_store: EmbeddedStore) -> None:
    own_store.freeze()
    with (
        Client(own_store.url, serverSelectionTimeoutMS=500, socketTimeoutMS=500) as client,
        pytest.raises(pymongo.errors.PyMongoError),
    ):
        client.admin.command("ping")
    own_store.thaw()
    with Client(own_store.url) as client:
        assert client.admin.command("ping")["ok"]


def test_a_named_server_is_used_and_left_running(store: Store, tmp_path: Path) -> None:
    named = find_store(tmp_path, environ={"MONGO_URL": store.url})
    named.close()
    assert named.own is None
    with Client(store.url) as client:
        assert client.admin.command("ping")["ok"]
    assert not list(tmp_path.iterdir())


def test_each_test_has_a_database_of_its_own(mongo_url: str, database: str) -> None:
    with Client(mongo_url) as client:
        assert database not in client.list_database_names()
        client[database].c.insert_one({"_id": 1})
        assert database in client.list_database_names()


def test_a_store_that_cannot_start_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        (tmp_path / "port").write_text(str(taken.getsockname()[1]))
        store = EmbeddedStore(tmp_path)
        with pytest.raises(LocalError, match=f"did not start on port {store.port}") as caught:
            store.start()
    assert "ddress already in use" in caught.value.what
    assert not store.running


def test_ctrl_c_while_it_starts_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> bool:
        assert processes.running(tmp_path / "secantus.pid") is not None
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "wait_until", interrupted)
    with pytest.raises(KeyboardInterrupt):
        EmbeddedStore(tmp_path).start()
    assert processes.running(tmp_path / "secantus.pid") is None
