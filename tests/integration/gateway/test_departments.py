"""Reference departments on the SDK, on their own vhosts, through a real gateway."""

import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from case_contracts.clock import Clock
from department.main import build, hosted
from department.settings import HostSettings
from service_kit import clock
from service_kit.mongo import connect
from service_kit.mongo import database as open_database
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.vhosts import DEPARTMENTS, Departments
from tests.support.twin import eventually

CONFIG = """
department: '*'
behaviours:
- {matters: [part/drainage/*], minutes: [5, 10], help: {share: 1, units: [wa]}}
- {matters: [part/green/*], minutes: [5, 10], returned: {share: 1}}
- {matters: [part/roads/*], minutes: [5, 10], ignored: 1}
- {matters: ["*"], minutes: [20, 90]}
operations: {travel: [1, 2], work: [1, 2]}
"""


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    """A minute of domain time passes in a twentieth of a second."""
    clock.set_clock(Clock(datetime(2026, 1, 5, 1, tzinfo=UTC), time.time(), 1200))
    yield
    clock.set_clock(None)


@pytest.fixture
async def reference(
    departments: Departments, mongo_url: str, database: str, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    """Both departments in one process, by configuration alone."""
    config = tmp_path / "any.yaml"
    config.write_text(CONFIG)
    settings = HostSettings.model_validate(
        {
            "department_config": str(config),
            "department_amqp": {d: departments.as_department(d) for d in DEPARTMENTS},
            "mongo_url": mongo_url,
            "database": database,
        }
    )
    app = build(hosted(settings))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://department") as http:
            await eventually(lambda: _ready(http))
            yield http


async def _ready(http: httpx.AsyncClient) -> bool:
    return (await http.get("/readyz")).status_code == 200


def said(dispatch: FakeDispatch, taskid: str) -> list[str]:
    """The commands about one task, in order, heartbeats left out."""
    commands = [f.command for f in dispatch.taken]
    of_task = [c for c in commands if getattr(c, "taskid", None) == taskid]
    return [c.name for c in of_task if c.name != "heartbeat"]


async def test_each_task_is_worked_off_once_and_is_once_in_its_departments_store(
    dispatch: FakeDispatch, reference: httpx.AsyncClient, mongo_url: str, database: str
) -> None:
    await dispatch.charter("um")
    await dispatch.charter("wa")
    tasks = [await dispatch.assign(DEPARTMENTS[n % 2]) for n in range(20)]
    await eventually(
        lambda: all(said(dispatch, t.taskid) == ["accept", "complete"] for t in tasks), 40
    )
    for department in DEPARTMENTS:
        store = open_database(connect(mongo_url), f"{database}_{department}")
        rows = await store["tasks"].find({}).to_list(100)
        mine = {t.taskid for t in tasks if t.handler.id == department}
        assert {row["_id"] for row in rows} == mine
        await eventually(partial(_all_over, store))
        assert all("text" not in row["item"] for row in rows)
    metrics = (await reference.get("/metrics")).text
    assert "civicgrid_department_tasks_total" in metrics


async def _all_over(store: Any) -> bool:
    states = {row["state"] async for row in store["tasks"].find({})}
    return states == {"over"}


async def test_a_whistle_calls_the_other_department_and_ends_with_the_leads_sign_off(
    dispatch: FakeDispatch, reference: httpx.AsyncClient
) -> None:
    await dispatch.charter("um")
    task = await dispatch.assign("um", matter="part/drainage/blocked")
    await eventually(lambda: _signed_off(dispatch) == ["wa", "um"], 40)
    assert said(dispatch, task.taskid) == ["accept", "ask_help"]
    of_unit = [f.command.name for f in dispatch.taken if f.department == "wa"]
    assert of_unit == ["join", "arrive", "sign_off"]


def _signed_off(dispatch: FakeDispatch) -> list[str]:
    return [f.department for f in dispatch.taken if f.command.name == "sign_off"]


async def test_returned_ignored_and_refused_returns(
    dispatch: FakeDispatch, reference: httpx.AsyncClient
) -> None:
    await dispatch.charter("um")
    ignored = await dispatch.assign("um", matter="part/roads/hole")
    dispatch.refuse["return"] = "returned_before"
    returned = await dispatch.assign("um", matter="part/green/tree")
    await eventually(
        lambda: said(dispatch, returned.taskid) == ["accept", "return", "complete"], 40
    )
    assert said(dispatch, ignored.taskid) == []
