"""Broker and store for tests, started once and shared; vhosts and databases are each test's own."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import pymongo

from civicgrid.local import Broker
from civicgrid.local.admin import Definitions
from civicgrid.local.definitions import permission, user
from tests.support.run_dir import VHOSTS

_BATCH = 6
Made = TypeVar("Made")


@dataclass(frozen=True)
class Vhost:
    """A vhost with one user (of the same name) who may do everything in it."""

    name: str
    user: str
    password: str
    url: str


class Pool(ABC, Generic[Made]):
    """Hands out things on a broker that nobody has used, and deletes those given back.

    They are made several at a time, since each call takes a second, and deleted before the next
    are made: a broker counts 2 file handles for a vhost and 3 for a quorum queue, 927 are all that
    Debian's has, and without a free one it answers no new connection, without a word in its log.
    """

    def __init__(self, broker: Broker, folder: Path) -> None:
        """A file below `folder` notes what is made, for the run that comes after a killed one."""
        folder.mkdir(exist_ok=True)
        self.broker = broker
        self._note = folder / VHOSTS
        self._fresh: list[Made] = []
        self._there: set[str] = set()
        self._used: set[str] = set()

    @abstractmethod
    def draw(self) -> list[Made]:
        """What to make next; nothing of it is on the broker yet."""

    @abstractmethod
    def names(self, made: Made) -> list[str]:
        """Its vhosts and users."""

    @abstractmethod
    def definitions(self, made: Sequence[Made]) -> Definitions:
        """What makes them."""

    def take(self) -> Made:
        """One that nobody has used."""
        if not self._fresh:
            self._delete_used()
            self._make()
        return self._fresh.pop()

    def give_back(self, made: Made) -> None:
        """It is deleted before the next ones are made."""
        self._used.update(self.names(made))

    def close(self) -> None:
        """Delete everything that was made."""
        self._used = self._there
        self._delete_used()
        self._note.unlink(missing_ok=True)

    def _make(self) -> None:
        drawn = self.draw()
        self._there.update(name for each in drawn for name in self.names(each))
        self._note.write_text("\n".join(sorted(self._there)))
        self.broker.import_definitions(self.definitions(drawn))
        self._fresh = drawn

    def _delete_used(self) -> None:
        if self._used:
            names = sorted(self._used)
            self.broker.delete(names, names)
            self._there = self._there - self._used
            self._used = set()


class VhostPool(Pool[Vhost]):
    """Vhosts, each with a user of its own."""

    def draw(self) -> list[Vhost]:
        names = [f"test-{uuid.uuid4().hex[:12]}" for _ in range(_BATCH)]
        return [Vhost(n, n, n, self.broker.amqp_url(n, n, n)) for n in names]

    def names(self, made: Vhost) -> list[str]:
        return [made.name]

    def definitions(self, made: Sequence[Vhost]) -> Definitions:
        return {
            "vhosts": [{"name": each.name} for each in made],
            "users": [user(each.user, each.password) for each in made],
            "permissions": [
                permission(each.user, each.name, configure=".*", write=".*", read=".*")
                for each in made
            ],
        }


def unique_database() -> str:
    """A database name that no other test uses."""
    return f"test_{uuid.uuid4().hex[:16]}"


def drop_beginning_with(name: str, url: str) -> None:
    """Drop all databases on this server whose names begin so."""
    with pymongo.MongoClient[dict[str, object]](url) as client:
        for each in client.list_database_names():
            if each.startswith(name):
                client.drop_database(each)
