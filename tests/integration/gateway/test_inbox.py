"""What comes into departments' inboxes: once, in order, with words only while the right lasts."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from case_bus.port import Delivery
from case_bus.rabbit_consumer import RabbitConsumer
from case_contracts.events.dispatch import TaskRevoked
from case_contracts.inbox import TaskItem
from service_kit import clock
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.vhosts import Departments
from tests.support.twin import Twin, eventually

Items = list[dict[str, Any]]
Opened = Callable[[str], AbstractAsyncContextManager[Items]]


@pytest.fixture
def opened(departments: Departments) -> Opened:
    """``async with opened("um") as items``: what a department reads from its own vhost."""

    @asynccontextmanager
    async def open_inbox(department: str) -> AsyncIterator[Items]:
        consumer = RabbitConsumer(departments.as_department(department), name="test")
        items: Items = []

        async def on_delivery(delivery: Delivery) -> None:
            items.append(json.loads(delivery.body))
            await delivery.ack()

        await consumer.start("inbox", on_delivery, 64)
        yield items
        await consumer.close()

    return open_inbox


async def test_a_task_comes_with_its_words_and_nothing_that_is_not_listed(
    dispatch: FakeDispatch, vault: FakeVault, opened: Opened
) -> None:
    await dispatch.charter("um")
    vault.words["case:1"] = {"text": "井盖没了", "point": {"lon": 113.60512, "lat": 34.70533}}
    async with opened("um") as items, opened("wa") as others:
        task = await dispatch.assign("um", case="case:1")
        await eventually(lambda: items)
        assert set(items[0]) == set(TaskItem.model_fields)
        assert items[0]["text"] == "井盖没了"
        assert items[0]["point"] == {"lon": 113.60512, "lat": 34.70533}
        assert (items[0]["cursor"], items[0]["taskid"]) == (1, task.taskid)
        assert vault.asked == [("case:1", "handle-task")]
        assert others == []


async def test_a_task_that_came_by_a_ruling_says_so(dispatch: FakeDispatch, opened: Opened) -> None:
    await dispatch.charter("um")
    async with opened("um") as items:
        await dispatch.assign("um", ruling="ruling:1")
        await dispatch.assign("um", ruling=None)
        await eventually(lambda: len(items) == 2)
        assert [item["ruling"] for item in items] == ["ruling:1", None]


async def test_cursors_have_no_gaps_and_each_event_comes_once(
    gateway: Twin, dispatch: FakeDispatch, opened: Opened
) -> None:
    await dispatch.charter("um")
    await dispatch.charter("wa")
    async with opened("um") as items, opened("wa") as others:
        tasks = await asyncio.gather(*(dispatch.assign("um" if n % 3 else "wa") for n in range(90)))
        for task in tasks[:20]:  # the broker brings some of them again
            envelope = gateway.envelope(task, task.case, clock.now())
            await gateway.send(envelope)
            await gateway.send(envelope)
        await eventually(lambda: len(items) + len(others) == 110)
        for each in (items, others):
            assert [i["cursor"] for i in each] == list(range(1, len(each) + 1))


async def test_while_the_vault_is_away_the_place_is_kept(
    dispatch: FakeDispatch, vault: FakeVault, opened: Opened
) -> None:
    await dispatch.charter("um")
    async with opened("um") as items:
        await dispatch.assign("um", case="case:1")
        await eventually(lambda: len(items) == 1)
        vault.away = True
        vault.words["case:2"] = {"text": "积水", "point": None}
        await dispatch.assign("um", case="case:2")
        await dispatch.assign("um", case="case:3")
        with pytest.raises(AssertionError):
            await eventually(lambda: len(items) > 1, seconds=1)
        vault.away = False
        await eventually(lambda: len(items) == 3)
        assert [i["text"] for i in items] == [None, "积水", None]


async def test_a_charter_revoked_before_the_pump_comes_by_cuts_the_words_off(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, opened: Opened
) -> None:
    vault.words["case:1"] = {"text": "谁也不该再看到", "point": None}
    await dispatch.charter("um")
    await dispatch.revoke_charter("um", clock.now() - timedelta(seconds=1))
    await eventually(lambda: _revoked(gateway))
    async with opened("um") as items:
        await dispatch.assign("um", case="case:1")
        await eventually(lambda: items)
        assert (items[0]["kind"], items[0]["reason"]) == ("task.withdrawn", "charter_revoked")
        assert vault.asked == []


async def _revoked(gateway: Twin) -> bool:
    charters = (await gateway.runtime.load_world()).charters
    return bool(charters.granted) and charters.at("charter:um:all", clock.now()) is None


async def test_a_charter_that_has_not_come_yet_is_waited_for(
    dispatch: FakeDispatch, opened: Opened
) -> None:
    async with opened("um") as items:
        await dispatch.assign("um")
        with pytest.raises(AssertionError):
            await eventually(lambda: items, seconds=1)
        await dispatch.charter("um")
        await eventually(lambda: items)
        assert items[0]["kind"] == "task.assigned"


async def test_reassignment_withdraws_and_a_replay_shows_nothing_any_more(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, opened: Opened, issuer: Any
) -> None:
    vault.words["case:1"] = {"text": "只给经办部门", "point": None}
    await dispatch.charter("um")
    await dispatch.charter("wa")
    async with opened("um") as items, opened("wa") as others:
        task = await dispatch.assign("um", case="case:1")
        await eventually(lambda: items)
        revoked = TaskRevoked(
            case=task.case, taskid=task.taskid, assignment=1, handler=task.handler,
            reason="lapsed", revoked_at=clock.now(),
        )  # fmt: skip
        await gateway.say(revoked, task.case)
        await dispatch.assign("wa", case="case:1", taskid=task.taskid, assignment=2)
        await eventually(lambda: len(items) == 2 and others)
        assert (items[1]["kind"], items[1]["reason"]) == ("task.withdrawn", "lapsed")
        assert others[0]["text"] == "只给经办部门"
    token = issuer.bearer("um-system", "department", "gateway", "department", "um")
    answer = await gateway.http.get("/departments/um/inbox", headers=token)
    replayed = answer.json()["items"]
    assert [i["kind"] for i in replayed] == ["task.withdrawn", "task.withdrawn"]
    assert "只给经办部门" not in answer.text


async def test_the_log_itself_holds_no_words(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, opened: Opened
) -> None:
    vault.words["case:1"] = {"text": "金丝雀13800000000", "point": {"lon": 113.60512, "lat": 34.7}}
    await dispatch.charter("um")
    async with opened("um") as items:
        await dispatch.assign("um", case="case:1")
        await eventually(lambda: items)
    database = gateway.runtime.database
    for name in await database.list_collection_names():
        async for document in database[name].find({}):
            assert "金丝雀" not in str(document)
            assert "113.60512" not in str(document)
