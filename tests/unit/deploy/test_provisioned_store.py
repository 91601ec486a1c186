"""Making the replica set, against a stand-in: no store here can be without one and get one."""

from collections.abc import Mapping
from typing import Any, Self

import pytest
from pymongo.errors import OperationFailure

from civicgrid import provisioned_store
from civicgrid.local import LocalError
from civicgrid.provisioned_store import provision_store
from tests.support.ports import free_port

MEMBER = "mongo:27017"


class FreshMongo:
    """Answers as MongoDB 8 does when started with --replSet on empty data.

    It becomes primary when it is asked for the second time after its initiation.
    """

    def __init__(self, code: int = 94) -> None:
        self.code: int | None = code
        self.commands: list[Mapping[str, Any]] = []
        self.asked = 0

    @property
    def admin(self) -> Self:
        return self

    def __getitem__(self, name: str) -> "Users":
        return Users(name, self.commands)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def command(self, name: str, value: Any = None) -> dict[str, Any]:
        if name == "replSetGetStatus" and self.code:
            raise OperationFailure("not yet initialized", self.code)
        if name == "replSetInitiate":
            self.commands.append({name: value})
            self.code = None
        if name == "hello":
            self.asked += 1
        return {"isWritablePrimary": self.asked > 1}


class Users:
    """One database's users."""

    def __init__(self, name: str, commands: list[Mapping[str, Any]]) -> None:
        self.name, self._commands = name, commands

    def command(self, command: Mapping[str, Any]) -> None:
        self._commands.append(command)


def use(monkeypatch: pytest.MonkeyPatch, server: FreshMongo) -> None:
    def connect(_url: str, **_options: object) -> FreshMongo:
        return server

    monkeypatch.setattr(provisioned_store, "Client", connect)


def test_a_fresh_server_becomes_a_replica_set_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    server = FreshMongo()
    use(monkeypatch, server)
    provision_store("mongodb://x/", MEMBER, {"intake": "word"}, lambda _line: None)
    assert server.commands == [
        {"replSetInitiate": {"_id": "rs0", "members": [{"_id": 0, "host": MEMBER}]}},
        {
            "createUser": "intake",
            "pwd": "word",
            "roles": [{"role": "readWrite", "db": "intake"}],
        },
    ]
    assert server.asked == 2, "users were made before there was a primary"


def test_a_server_that_is_no_replica_set_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    server = FreshMongo(code=76)
    use(monkeypatch, server)
    with pytest.raises(LocalError, match="--replSet rs0"):
        provision_store("mongodb://x/", MEMBER, {"intake": "word"}, lambda _line: None)
    assert server.commands == []


def test_a_silent_store_is_named_without_its_password() -> None:
    url = f"mongodb://admin:very-secret-word@127.0.0.1:{free_port()}/"
    with pytest.raises(LocalError, match=MEMBER) as raised:
        provision_store(url, MEMBER, {}, lambda _line: None, wait=1)
    assert "very-secret-word" not in str(raised.value)
