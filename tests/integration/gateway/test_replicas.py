"""Two replicas: one pumps each department, the other goes on when it is gone."""

import asyncio
import json
import uuid
from collections import Counter
from typing import Any

import pytest

from case_bus.port import Delivery
from case_bus.rabbit_consumer import RabbitConsumer
from gateway.adapters.leases import Leases
from gateway.domain.rows import INBOX
from service_kit.events.numbered import Entry, NumberedLogs
from service_kit.mongo import connect, database
from tests.integration.gateway.conftest import LAPSE_SECONDS, Replica
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.vhosts import Departments
from tests.support.twin import eventually


async def test_one_pumps_and_the_other_goes_on_after_a_graceful_stop_and_after_a_crash(
    replica: Replica, departments: Departments, monkeypatch: pytest.MonkeyPatch
) -> None:
    items: list[dict[str, Any]] = []

    async def on_delivery(delivery: Delivery) -> None:
        items.append(json.loads(delivery.body))
        await delivery.ack()

    consumer = RabbitConsumer(departments.as_department("um"), name="test")
    await consumer.start("inbox", on_delivery, 64)
    async with replica() as second:
        async with replica() as first, FakeDispatch.running(first, replica.broker) as fake:
            await fake.charter("um")
            await asyncio.gather(*(fake.assign("um") for _ in range(30)))
            await eventually(lambda: len(items) == 30)
            owners = await second.runtime.database["pumps"].find({}).to_list(10)
            assert len({row["owner"] for row in owners}) <= 2
            # The first replica stops as if killed: nobody releases its leases.
            monkeypatch.setattr(Leases, "release", _never)
        monkeypatch.undo()
        async with FakeDispatch.running(second, replica.broker) as fake:
            await asyncio.gather(*(fake.assign("um") for _ in range(30)))
            await eventually(lambda: len(items) >= 60)
    await consumer.close()
    assert sorted({item["cursor"] for item in items}) == list(range(1, 61))
    twice = [cursor for cursor, n in Counter(i["cursor"] for i in items).items() if n > 1]
    assert twice == []


async def _never(self: Leases, department: str) -> None:
    return None


async def test_a_lease_is_taken_over_only_when_it_stands_still(
    mongo_url: str, database: str
) -> None:
    base = connect_to(mongo_url, database)
    ours, theirs = Leases(base, LAPSE_SECONDS), Leases(base, LAPSE_SECONDS)
    await ours.look(["um"])
    for _ in range(6):
        await ours.look(["um"])
        await theirs.look(["um"])
        assert ours.mine("um")
        assert not theirs.mine("um")
        await asyncio.sleep(LAPSE_SECONDS / 4)
    assert await ours.advance("um", 7)
    await eventually(lambda: _taken(theirs))
    assert not ours.mine("um")
    assert not await ours.advance("um", 9)
    assert await theirs.position("um") == 7
    await theirs.release("um")
    await ours.look(["um"])
    assert ours.mine("um")


async def _taken(leases: Leases) -> bool:
    await leases.look(["um"])
    return leases.mine("um")


def connect_to(url: str, name: str) -> Any:
    return database(connect(url), name)


async def test_appending_from_several_processes_leaves_no_gap_and_no_double(
    mongo_url: str, database: str
) -> None:
    writers = [NumberedLogs(connect_to(mongo_url, database), INBOX) for _ in range(3)]
    await writers[0].create_indexes()
    ids = [uuid.uuid4().hex for _ in range(60)]

    async def write(logs: NumberedLogs, offset: int) -> None:
        for start in range(0, 60, 5):
            mine = [ids[(start + offset + k) % 60] for k in range(5)]
            await logs.append({i: Entry("ab"[ids.index(i) % 2], {"n": 1}) for i in mine})

    await asyncio.gather(*(write(logs, 20 * n) for n, logs in enumerate(writers)))
    fresh = NumberedLogs(connect_to(mongo_url, database), INBOX)
    rows = {log: await fresh.read(log, 0, 100) for log in "ab"}
    for log in "ab":
        assert [row["number"] for row in rows[log]] == list(range(1, 31))
        assert await fresh.tail(log) == 30
    assert {row["_id"] for log in "ab" for row in rows[log]} == set(ids)
    assert await fresh.next_of({"a": 29, "b": 30}) == {"a"}
