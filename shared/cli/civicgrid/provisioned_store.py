"""The store of a deployment: its replica set, and a user per service who sees one database."""

import time
from collections.abc import Mapping
from typing import Any

import pymongo
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from civicgrid.local import LocalError
from civicgrid.local.install import Say

WAIT_SECONDS = 90.0
REPLICA_SET = "rs0"
_NOT_YET_INITIALIZED, _NO_REPLICATION = 94, 76
_USER_EXISTS = 51003

Client = pymongo.MongoClient[dict[str, Any]]


def provision_store(
    admin_url: str, member: str, passwords: Mapping[str, str], say: Say, wait: float = WAIT_SECONDS
) -> None:
    """Make the replica set of one member where there is none, and each database's user.

    A user that is there gets the password given, so that changing one is changing it in the
    environment and provisioning again. Raises LocalError, without any password, when the store
    does not answer, or refuses.
    """
    milliseconds = int(wait * 1000)
    try:
        # Directly: a client of the replica set would wait for the primary that is to be made.
        with Client(
            admin_url, directConnection=True, serverSelectionTimeoutMS=milliseconds
        ) as client:
            _ensure_primary(client, member, say, wait)
            for name, password in passwords.items():
                _ensure_user(client[name], name, password)
                say(f"store: {name} may read and write the database {name}")
    except (PyMongoError, TimeoutError) as error:
        raise LocalError(
            f"the store at {member} could not be provisioned: {_words(error)}",
            "see its log, and check CIVICGRID_MONGO_ADMIN_URL and CIVICGRID_MONGO_MEMBER",
        ) from error


def _ensure_primary(client: Client, member: str, say: Say, wait: float) -> None:
    if not _initiated(client):
        say(f"store: initiating the replica set {REPLICA_SET} of {member}")
        config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]}
        client.admin.command("replSetInitiate", config)
    until = time.monotonic() + wait
    while not client.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > until:
            raise TimeoutError(f"no primary after {wait:.0f} s")
        time.sleep(0.5)


def _initiated(client: Client) -> bool:
    try:
        client.admin.command("replSetGetStatus")
    except OperationFailure as error:
        if error.code == _NOT_YET_INITIALIZED:
            return False
        if error.code == _NO_REPLICATION:
            raise TimeoutError(f"it runs without --replSet {REPLICA_SET}") from error
        raise
    return True


def _ensure_user(database: Database[dict[str, Any]], name: str, password: str) -> None:
    rights = {"pwd": password, "roles": [{"role": "readWrite", "db": database.name}]}
    try:
        database.command({"createUser": name, **rights})
    except OperationFailure as error:
        if error.code != _USER_EXISTS:
            raise
        database.command({"updateUser": name, **rights})


def _words(error: Exception) -> str:
    return str(error).split(", full error:")[0].split(", Timeout:")[0]
