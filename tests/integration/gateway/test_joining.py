"""Departments that join, leave and get other passwords while the gateway runs."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from case_bus.definitions import permission, user
from case_bus.department_vhost import vhost_name
from case_bus.port import Delivery, Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import DEPARTMENT_COMMANDS, INBOX
from case_contracts.commands import Accept
from case_contracts.events.dispatch import TaskAssigned
from tests.integration.gateway.conftest import Replica
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.vhosts import Departments
from tests.support.twin import Twin, eventually


class Addresses:
    """The file that the gateway looks at, written as an operator's program does: in one move."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def say(self, text: str) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(text)
        fresh.chmod(0o600)
        fresh.replace(self.file)

    def name(self, **addresses: str) -> None:
        self.say(json.dumps(addresses))


@pytest.fixture
def addresses(tmp_path: Path) -> Addresses:
    return Addresses(tmp_path / "departments.json")


@pytest.fixture
def replica(replica: Replica, addresses: Addresses) -> Replica:
    """A gateway that nobody has told of a department but by the file."""
    named = {"departments": {}, "departments_file": addresses.file}
    return replace(replica, settings=replica.settings.model_copy(update=named))


@asynccontextmanager
async def inbox_of(address: str) -> AsyncIterator[list[dict[str, Any]]]:
    """What comes to a department."""
    items: list[dict[str, Any]] = []

    async def on_delivery(delivery: Delivery) -> None:
        items.append(json.loads(delivery.body))
        await delivery.ack()

    consumer = RabbitConsumer(address, name="test")
    await consumer.start(INBOX, on_delivery, 64)
    yield items
    await consumer.close()


async def accept(address: str, task: TaskAssigned) -> None:
    """The department's command, over its own vhost."""
    command = Accept(
        id=f"{task.taskid}:accept", case=task.case, taskid=task.taskid, assignment=task.assignment
    )
    publisher = RabbitPublisher(address, name="test")
    body = command.model_dump_json().encode()
    assert await publisher.publish([Outgoing(DEPARTMENT_COMMANDS, "", body)]) == [None]
    await publisher.close()


def line_of(department: str) -> float | None:
    """The gateway's metric; None when it has no such line."""
    return REGISTRY.get_sample_value("civicgrid_gateway_line_up", {"department": department})


def file_is_read() -> float | None:
    return REGISTRY.get_sample_value("civicgrid_gateway_departments_file_read")


def tasks_of(items: list[dict[str, Any]]) -> list[str]:
    return [item["taskid"] for item in items if item["kind"] == "task.assigned"]


async def test_a_department_joins_a_running_gateway_and_leaves_it_and_comes_back(
    dispatch: FakeDispatch, departments: Departments, addresses: Addresses
) -> None:
    um, wa = departments.as_gateway("um"), departments.as_gateway("wa")
    addresses.name(um=um)
    await dispatch.charter("um")
    await dispatch.charter("wa")
    earlier = await dispatch.assign("wa")
    async with inbox_of(departments.as_department("wa")) as items:
        await eventually(lambda: line_of("um") == 1)
        assert items == []
        addresses.name(um=um, wa=wa)
        await eventually(lambda: tasks_of(items) == [earlier.taskid])
        await accept(departments.as_department("wa"), earlier)
        await eventually(lambda: [f.command.name for f in dispatch.taken] == ["accept"])
        addresses.name(um=um)
        await eventually(lambda: line_of("wa") is None)
        later = await dispatch.assign("wa")
        other = await dispatch.assign("um")
        async with inbox_of(departments.as_department("um")) as others:
            await eventually(lambda: tasks_of(others) == [other.taskid])
        assert tasks_of(items) == [earlier.taskid]
        addresses.name(um=um, wa=wa)
        await eventually(lambda: tasks_of(items) == [earlier.taskid, later.taskid])
    assert sorted(item["cursor"] for item in items) == [1, 2, 3]


async def test_another_password_loses_nothing_and_doubles_no_command(
    dispatch: FakeDispatch, departments: Departments, addresses: Addresses
) -> None:
    addresses.name(um=departments.as_gateway("um"))
    await dispatch.charter("um")
    async with inbox_of(departments.as_department("um")) as items:
        tasks = [await dispatch.assign("um") for _ in range(20)]
        await eventually(lambda: len(tasks_of(items)) >= 5)
        departments.broker.import_definitions({"users": [user(departments.gateway, "another")]})
        vhost = departments.as_gateway("um").rpartition("/")[2]
        address = departments.broker.amqp_url(vhost, departments.gateway, "another")
        tasks += [await dispatch.assign("um") for _ in range(20)]
        addresses.name(um=address)
        departments.broker.close_connections(departments.gateway, "another password")
        tasks += [await dispatch.assign("um") for _ in range(20)]
        await eventually(lambda: set(tasks_of(items)) == {t.taskid for t in tasks})
        for task in tasks[-3:]:
            await accept(departments.as_department("um"), task)
        await eventually(lambda: len(dispatch.taken) == 3)
    assert {item["cursor"] for item in items if item["kind"] == "task.assigned"} == set(
        range(1, 61)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Invalid JSON"),
        ('{"Um!": "amqp://h/v"}', "Um!"),
        ('{"um": "https://u:very-secret@h/v"}', "the address of um is not like amqp"),
        ('{"um": 5}', "um: "),
    ],
)
async def test_a_file_that_cannot_be_used_is_told_and_the_earlier_addresses_go_on(
    text: str, said: str,
    dispatch: FakeDispatch, gateway: Twin, departments: Departments, addresses: Addresses,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    addresses.name(um=departments.as_gateway("um"))
    await eventually(lambda: line_of("um") == 1)
    addresses.say(text)
    await eventually(lambda: file_is_read() == 0)
    answer = await gateway.http.get("/readyz")
    assert answer.status_code == 200
    assert said in answer.json()["details"]["departments_file"]
    await dispatch.charter("um")
    task = await dispatch.assign("um")
    async with inbox_of(departments.as_department("um")) as items:
        await eventually(lambda: tasks_of(items) == [task.taskid])
    assert "very-secret" not in capsys.readouterr().out + answer.text
    addresses.name(um=departments.as_gateway("um"))
    await eventually(lambda: file_is_read() == 1)
    assert (await gateway.http.get("/readyz")).json()["details"] == {}


async def test_a_line_with_a_hole_is_not_used_and_the_others_are(
    dispatch: FakeDispatch, gateway: Twin, departments: Departments, addresses: Addresses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("gateway.apart.HOLE_SECONDS", 0.5)
    vhost = vhost_name(departments.district, "wa")
    wide = permission(departments.gateway, vhost, write="^inbox.in$", read="^(commands.v1|inbox)$")
    departments.broker.import_definitions({"permissions": [wide]})
    addresses.name(um=departments.as_gateway("um"), wa=departments.as_gateway("wa"))
    for department in ("um", "wa"):
        await dispatch.charter(department)
    tasks = [await dispatch.assign(department) for department in ("um", "wa")]
    async with inbox_of(departments.as_department("um")) as items:
        await eventually(lambda: tasks_of(items) == [tasks[0].taskid])
    await eventually(lambda: isolated("wa") == 0)
    assert isolated("um") == 1
    answer = await gateway.http.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["details"] == {
        "line of wa": "is not used: the gateway's user may read the inbox"
    }
    right = permission(departments.gateway, vhost, write="^inbox.in$", read="^commands.v1$")
    async with inbox_of(departments.as_department("wa")) as items:
        assert items == []
        departments.broker.import_definitions({"permissions": [right]})
        await eventually(lambda: tasks_of(items) == [tasks[1].taskid])
    assert isolated("wa") == 1
    assert (await gateway.http.get("/readyz")).json()["details"] == {}


def isolated(department: str) -> float | None:
    return REGISTRY.get_sample_value("civicgrid_gateway_line_isolated", {"department": department})
