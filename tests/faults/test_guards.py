"""Every guard of the store keeps a fault harmless; without it the same fault shows."""

from collections.abc import AsyncIterator

import pytest

from service_kit.mongo import Database, connect
from service_kit.mongo import database as open_database
from tests.faults.removals import GUARDS, Guard

named = pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)


@pytest.fixture
async def db(mongo_url: str, database: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield open_database(client, database)
    client.close()


@named
async def test_with_the_guard_the_fault_does_no_harm(
    guard: Guard, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await guard.fault(db, monkeypatch) == []


@named
async def test_without_the_guard_the_fault_is_noticed(
    guard: Guard, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.remove(monkeypatch)

    assert await guard.fault(db, monkeypatch) != []
