"""Commands of departments: authorised, handed on once, answered in the inbox."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from case_bus.port import Delivery, Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import DEPARTMENT_COMMANDS
from case_contracts.events.dispatch import TaskAssigned, TaskCompleted
from service_kit import clock
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.vhosts import DEPARTMENTS, Departments
from tests.support.twin import Twin, eventually

Send = Callable[..., Awaitable[None]]


class Answers:
    """What both departments find in their inboxes."""

    def __init__(self) -> None:
        self.items: dict[str, list[dict[str, Any]]] = {d: [] for d in DEPARTMENTS}

    def of(self, department: str) -> dict[str, dict[str, Any]]:
        """Answers by command id."""
        found = (i for i in self.items[department] if i["kind"] == "command.answered")
        return {item["command"]: item for item in found}

    def kinds(self, department: str) -> list[str]:
        return [item["kind"] for item in self.items[department]]


@pytest.fixture
async def answers(departments: Departments) -> AsyncIterator[Answers]:
    found, consumers = Answers(), []
    for department in DEPARTMENTS:
        items = found.items[department]

        async def on_delivery(delivery: Delivery, items: list[Any] = items) -> None:
            items.append(json.loads(delivery.body))
            await delivery.ack()

        consumer = RabbitConsumer(departments.as_department(department), name="test")
        await consumer.start("inbox", on_delivery, 64)
        consumers.append(consumer)
    yield found
    for consumer in consumers:
        await consumer.close()


@pytest.fixture
async def send(departments: Departments) -> AsyncIterator[Send]:
    lines = {d: RabbitPublisher(departments.as_department(d), name="test") for d in DEPARTMENTS}

    async def publish(department: str, command: dict[str, Any] | bytes) -> None:
        body = command if isinstance(command, bytes) else json.dumps(command).encode()
        line = lines[department]
        assert await line.publish([Outgoing(DEPARTMENT_COMMANDS, "", body)]) == [None]

    yield publish
    for line in lines.values():
        await line.close()


def about(task: TaskAssigned, name: str, **extra: Any) -> dict[str, Any]:
    where = {"case": task.case, "taskid": task.taskid, "assignment": task.assignment}
    return {"id": f"{task.taskid}:{task.assignment}:{name}", "name": name, **where, **extra}


async def given(dispatch: FakeDispatch, answers: Answers, department: str) -> TaskAssigned:
    await dispatch.charter(department)
    task = await dispatch.assign(department)
    await eventually(lambda: answers.items[department])
    return task


async def test_a_command_is_handed_on_and_its_answer_comes_back(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    task = await given(dispatch, answers, "um")
    accept, complete = about(task, "accept"), about(task, "complete", evidence=["evidence:1"])
    await send("um", accept)
    await eventually(lambda: accept["id"] in answers.of("um"))
    await send("um", complete)
    await eventually(lambda: complete["id"] in answers.of("um"))
    said = answers.of("um")[accept["id"]]
    assert (said["accepted"], said["name"]) == (True, "accept")
    assert said["lease_until"] is not None
    assert [f.department for f in dispatch.taken] == ["um", "um"]
    assert len({f.id for f in dispatch.taken}) == 2


async def test_a_foreign_task_and_an_unknown_one_look_the_same_and_go_nowhere(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    task = await given(dispatch, answers, "um")
    foreign = about(task, "accept")
    unknown = foreign | {"id": "unknown:1:accept", "taskid": "task:unknown"}
    other_case = foreign | {"id": "other-case", "case": "case:other"}
    await send("wa", foreign)
    await send("wa", unknown)
    await send("um", other_case)
    await eventually(lambda: len(answers.of("wa")) == 2 and answers.of("um"))
    codes = {item["code"] for d in DEPARTMENTS for item in answers.of(d).values()}
    assert codes == {"not_your_task"}
    shapes = [set(item) - {"id", "cursor", "command"} for item in answers.of("wa").values()]
    assert shapes[0] == shapes[1]
    assert dispatch.taken == []


async def test_after_reassignment_the_old_number_is_over(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    task = await given(dispatch, answers, "um")
    post = {"kind": "post", "id": "posting:1", "person": "p-1", "grid": "410199"}
    await dispatch.assign(
        "um", taskid=task.taskid, case=task.case, assignment=2, handler=post, charter=None
    )
    await eventually(lambda: _rows(dispatch.gateway, task.taskid, 2))
    await send("um", about(task, "accept"))
    await eventually(lambda: answers.of("um"))
    assert [a["code"] for a in answers.of("um").values()] == ["assignment_is_over"]
    assert dispatch.taken == []


async def _rows(gateway: Twin, taskid: str, count: int) -> bool:
    rows = gateway.runtime.database["fact_inbox"].find({"about": taskid})
    return len(await rows.to_list(10)) >= count


async def test_a_repeated_command_is_done_once_and_answered_each_time(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    task = await given(dispatch, answers, "um")
    accept = about(task, "accept")
    await send("um", accept)
    await eventually(lambda: accept["id"] in answers.of("um"))
    await send("um", accept | {"sent_at": clock.now().isoformat()})
    await eventually(lambda: _as_many(answers, 2))
    assert len(dispatch.taken) == 1
    other = about(task, "complete") | {"id": accept["id"]}
    await send("um", other)
    await eventually(lambda: _as_many(answers, 3))
    assert answers.items["um"][-1]["code"] == "command_id_reused"
    assert len(dispatch.taken) == 1


async def test_a_repeated_completion_is_answered_though_it_has_accepted_the_task_too(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    """Whoever completes a task that had lapsed accepts it with the same command: of the two
    events only one is the answer, however often it is asked for."""
    task = await given(dispatch, answers, "um")
    complete = about(task, "complete", evidence=["evidence:1"])
    for number in (1, 2, 3):
        await send("um", complete)
        await eventually(partial(_as_many, answers, number))
    said = [item for item in answers.items["um"] if item["kind"] == "command.answered"]
    assert [(item["command"], item["name"]) for item in said] == [(complete["id"], "complete")] * 3
    assert len(dispatch.taken) == 1


def _as_many(answers: Answers, number: int) -> bool:
    return answers.kinds("um").count("command.answered") == number


async def test_what_cannot_be_read_is_refused_where_it_has_an_id_and_parked_where_not(
    gateway: Twin, dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    await send("um", {"id": "c-1", "name": "explode", "case": "case:1"})
    await send("um", b"\xff not json")
    await send("um", {"name": "accept", "reporter": "?"})
    await send("um", b'{"id": "c-2", "name": "accept", "note": "' + b"x" * 70_000 + b'"}')
    await eventually(lambda: answers.of("um"))
    held = gateway.runtime.held
    await eventually(lambda: _parked(held, 3))
    assert answers.of("um")["c-1"]["code"] == "invalid"
    bodies = [(await held.show(row["_id"]) or {})["body"] for row in await held.summary()]
    assert b"\xff not json" in bodies
    assert dispatch.taken == []


async def _parked(held: Any, count: int) -> bool:
    rows = await held.summary()
    return len([row for row in rows if row["status"] == "parked"]) == count


async def test_a_refusal_of_dispatch_comes_with_its_code(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    task = await given(dispatch, answers, "um")
    dispatch.refuse["complete"] = "evidence_missing"
    await send("um", about(task, "complete"))
    await eventually(lambda: answers.of("um"))
    (said,) = answers.of("um").values()
    assert (said["accepted"], said["code"], said["retry"]) == (False, "evidence_missing", False)


async def test_a_task_completed_by_others_is_withdrawn(
    gateway: Twin, dispatch: FakeDispatch, answers: Answers
) -> None:
    task = await given(dispatch, answers, "um")
    done = TaskCompleted(
        case=task.case, taskid=task.taskid, assignment=1, handler=task.handler,
        completed_at=clock.now(),
    )  # fmt: skip
    await gateway.say(done, task.case)
    await eventually(lambda: len(answers.items["um"]) == 2)
    assert answers.items["um"][1]["reason"] == "completed_otherwise"


async def test_an_operation_calls_its_units_and_keeps_the_lead_informed(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    task = await given(dispatch, answers, "um")
    await send("um", about(task, "ask_help", units=["wa"], reason="needs_other_powers"))
    await eventually(lambda: "operation.invited" in answers.kinds("wa"))
    operation = answers.items["wa"][0]["operation"]
    for name in ("join", "arrive", "sign_off"):
        command = {"id": f"{operation}:{name}", "name": name, "operation": operation}
        await send("wa", command)
        await eventually(partial(_answered, answers, "wa", command["id"]))
    await eventually(lambda: answers.kinds("um").count("operation.progressed") == 3)
    steps = [i["step"] for i in answers.items["um"] if i["kind"] == "operation.progressed"]
    assert steps == ["joined", "arrived", "signed_off"]
    (asked,) = (a for a in answers.of("um").values() if a["name"] == "ask_help")
    assert asked["operation"] == operation
    lead = {"id": f"{operation}:lead", "name": "sign_off", "operation": operation}
    await send("um", lead)
    await eventually(lambda: "operation.concluded" in answers.kinds("wa"))
    stranger = lead | {"id": "s", "operation": "operation:unknown"}
    await send("wa", stranger)
    await eventually(lambda: "s" in answers.of("wa"))
    assert answers.of("wa")["s"]["code"] == "not_your_operation"


def _answered(answers: Answers, department: str, command: str) -> bool:
    return command in answers.of(department)


async def test_a_burst_of_commands_is_answered_whole(
    dispatch: FakeDispatch, answers: Answers, send: Send
) -> None:
    await dispatch.charter("um")
    tasks = await asyncio.gather(*(dispatch.assign("um") for _ in range(60)))
    await eventually(lambda: len(answers.items["um"]) == 60)
    await asyncio.gather(*(send("um", about(task, "accept")) for task in tasks))
    await eventually(lambda: len(answers.of("um")) == 60)
    assert all(answer["accepted"] for answer in answers.of("um").values())
    assert [i["cursor"] for i in answers.items["um"]] == list(range(1, 121))
