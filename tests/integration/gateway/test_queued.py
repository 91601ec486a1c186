"""Commands that a department had queued before its right ended: refused, each with the reason."""

from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest

from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import DEPARTMENT_COMMANDS
from case_contracts.events.dispatch import TaskAssigned
from tests.integration.gateway.conftest import Replica
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.test_commands import about
from tests.integration.gateway.test_joining import inbox_of
from tests.integration.gateway.vhosts import Departments
from tests.support.twin import Twin, eventually

STEPS = ("accept", "heartbeat", "complete")


@pytest.fixture
async def deaf(replica: Replica) -> AsyncIterator[Twin]:
    """A gateway that has no line to any department: what they send stays in their queues."""
    settings = replica.settings.model_copy(update={"departments": {}})
    async with replace(replica, settings=settings)() as twin:
        yield twin


async def test_each_is_refused_with_the_reason_and_none_is_handed_on(
    deaf: Twin, replica: Replica, departments: Departments
) -> None:
    async with FakeDispatch.running(deaf, replica.broker) as dispatch:
        await dispatch.charter("um")
        lost, kept = await dispatch.assign("um"), await dispatch.assign("um")
        await eventually(lambda: _rows(deaf, lost, kept))
        await _queue(departments, lost, kept)
        await dispatch.take_away(lost)
        await eventually(lambda: _taken(deaf, lost))
        async with replica(), inbox_of(departments.as_department("um")) as items:

            def answers() -> dict[str, tuple[bool, str | None]]:
                said = [i for i in items if i["kind"] == "command.answered"]
                return {i["command"]: (i["accepted"], i["code"]) for i in said}

            await eventually(lambda: len(answers()) == 2 * len(STEPS))
        over = {about(lost, step)["id"]: (False, "assignment_is_over") for step in STEPS}
        done = {about(kept, step)["id"]: (True, None) for step in STEPS}
        assert answers() == over | done
        assert {forwarded.command.id for forwarded in dispatch.taken} == set(done)


async def _queue(departments: Departments, *tasks: TaskAssigned) -> None:
    publisher = RabbitPublisher(departments.as_department("um"), name="test")
    said = [orjson.dumps(about(task, step)) for task in tasks for step in STEPS]
    sent = [Outgoing(DEPARTMENT_COMMANDS, "", body) for body in said]
    assert await publisher.publish(sent) == [None] * len(sent)
    await publisher.close()


async def _rows(gateway: Twin, *tasks: TaskAssigned) -> bool:
    query = {"about": {"$in": [task.taskid for task in tasks]}}
    rows = await gateway.runtime.database["fact_inbox"].find(query).to_list(10)
    return len(rows) == len(tasks)


async def _taken(gateway: Twin, task: TaskAssigned) -> bool:
    query = {"about": task.taskid}
    rows = await gateway.runtime.database["fact_inbox"].find(query).to_list(10)
    return "task.withdrawn" in [row["kind"] for row in rows]
