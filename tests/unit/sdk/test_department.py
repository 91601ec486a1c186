"""A department's handlers, rehearsed without a broker."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from case_contracts.inbox import EXAMPLES, TaskItem, WithdrawnItem
from case_contracts.values import Limit, LimitUnit
from department_sdk import Completed, Department, Outcome, Returned, Task
from department_sdk.memory import SqliteMemory, key_of
from department_sdk.testing import Rehearsal
from tests.unit.sdk.handlers import MANHOLE, completing, names


async def test_a_task_is_accepted_and_completed_under_ids_made_from_it() -> None:
    async with Rehearsal(completing) as rehearsal:
        said = await rehearsal.task(matter=MANHOLE, taskid="task:7", assignment=2)
    assert [command.id for command in said] == ["task:7:2:accept", "task:7:2:complete"]
    assert said[1].model_dump()["evidence"] == ("evidence:1",)


async def test_a_plain_function_handles_too_and_the_first_fitting_pattern_wins() -> None:
    def register(dept: Department) -> None:
        @dept.handles("part/utilities/*")
        def give_back(task: Task) -> Outcome:
            return Returned("not_ours", proposed="water-affairs")

        completing(dept)

    async with Rehearsal(register) as rehearsal:
        said = await rehearsal.task(matter=MANHOLE)
    assert names(said) == ["accept", "return"]
    assert said[1].model_dump()["proposed"] == "water-affairs"


async def test_a_department_that_may_not_return_a_task_is_asked_once_more() -> None:
    def register(dept: Department) -> None:
        @dept.handles("*")
        def give_back(task: Task) -> Outcome:
            return Completed() if task.return_refused == "returned_before" else Returned("not_ours")

    async with Rehearsal(register) as rehearsal:
        rehearsal.line.refuse["return"] = "returned_before"
        assert names(await rehearsal.task()) == ["accept", "return", "complete"]


async def test_more_time_is_asked_for_under_an_id_that_says_for_how_much() -> None:
    until = datetime(2026, 1, 7, 9, tzinfo=UTC)

    def register(dept: Department) -> None:
        @dept.handles("*")
        async def slow(task: Task) -> Outcome:
            for _ in range(2):
                await task.ask_pause("needs_approval", until)
            answer = await task.ask_extension(
                "parts_ordered", Limit(amount=8, unit=LimitUnit.WORKING_HOURS)
            )
            return Completed(evidence=(str(answer.code),))

    async with Rehearsal(register) as rehearsal:
        rehearsal.line.refuse["ask_extension"] = "no_extensions_left"
        _, pause, again, extension, complete = await rehearsal.task(taskid="task:1")
    assert pause.model_dump(exclude={"sent_at"}) == again.model_dump(exclude={"sent_at"})
    assert pause.id == "task:1:1:pause-1767776400"
    assert extension.id == "task:1:1:extension-8-working_hours"
    assert complete.model_dump()["evidence"] == ("no_extensions_left",)


async def test_a_matter_without_a_handler_is_returned_at_once() -> None:
    async with Rehearsal(completing) as rehearsal:
        said = await rehearsal.task(matter="event/order/parking")
    assert names(said) == ["return"]
    assert said[0].model_dump()["reason"] == "no_handler"


async def test_the_same_item_again_is_worked_on_once() -> None:
    async with Rehearsal(completing) as rehearsal:
        item = rehearsal.task_item(matter=MANHOLE)
        await rehearsal.line.give(item)
        await rehearsal.line.give(item)
        await rehearsal.idle()
        await rehearsal.line.give(item)
        await rehearsal.idle()
        assert names(rehearsal.line.sent) == ["accept", "complete"]


async def test_a_refused_acceptance_starts_no_work() -> None:
    async with Rehearsal(completing) as rehearsal:
        rehearsal.line.refuse["accept"] = "assignment_is_over"
        assert names(await rehearsal.task(matter=MANHOLE)) == ["accept"]


async def test_rule_9_heartbeats_keep_the_lease_while_the_handler_works(fast: None) -> None:
    def register(dept: Department) -> None:
        @dept.handles("*")
        async def slow(task: Task) -> Outcome:
            await asyncio.sleep(1)
            await task.progress("on-site")
            return Completed()

    async with Rehearsal(register) as rehearsal:
        said = await rehearsal.task(matter=MANHOLE)
    beats = [command.id for command in said if command.name == "heartbeat"]
    assert len(beats) >= 2
    assert len(set(beats)) == len(beats)
    assert names(said)[-2:] == ["progress", "complete"]


async def test_withdrawal_and_a_lost_lease_stop_the_handler(fast: None) -> None:
    stopped: list[str] = []
    started = asyncio.Event()

    def register(dept: Department) -> None:
        @dept.handles("*")
        async def endless(task: Task) -> Outcome:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.append(task.id)
            return Completed()

    async with Rehearsal(register) as rehearsal:
        item = rehearsal.task_item(taskid="task:1")
        await rehearsal.line.give(item)
        await started.wait()
        gone = {"case": item.case, "taskid": "task:1", "assignment": 1, "reason": "lapsed"}
        await rehearsal.line.give(WithdrawnItem.model_validate(rehearsal.line.head() | gone))
        await rehearsal.idle()
        rehearsal.line.refuse["heartbeat"] = "assignment_is_over"
        await rehearsal.task(taskid="task:2")
    assert stopped == ["task:1", "task:2"]


async def test_a_withdrawal_is_told_and_comes_again_where_that_failed() -> None:
    told: list[str] = []

    def register(dept: Department) -> None:
        completing(dept)

        @dept.withdrawn
        async def close(item: WithdrawnItem) -> None:
            told.append(item.reason)
            if len(told) == 1:
                raise OSError("the ticket system is away")

    async with Rehearsal(register) as rehearsal:
        gone = {"case": "case:1", "taskid": "task:1", "assignment": 1, "reason": "lapsed"}
        item = WithdrawnItem.model_validate(rehearsal.line.head() | gone)
        body = item.model_dump_json().encode()
        assert await rehearsal.department.on_item(body) is False, "it stays in the inbox"
        assert await rehearsal.department.on_item(body) is True
    assert told == ["lapsed", "lapsed"]


async def test_a_failing_handler_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("department_sdk.task_run.FIRST_PAUSE_SECONDS", 0.01)

    def register(dept: Department) -> None:
        @dept.handles("*")
        async def flaky(task: Task) -> Outcome:
            calls.append(task.id)
            if len(calls) < 3:
                raise RuntimeError("the crane is away")
            return Completed()

    async with Rehearsal(register) as rehearsal:
        assert names(await rehearsal.task()) == ["accept", "complete"]
    assert len(calls) == 3


async def test_open_work_survives_a_restart_and_finished_work_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    hold = asyncio.Event()

    def register(dept: Department) -> None:
        @dept.handles("*")
        async def work(task: Task) -> Outcome:
            await hold.wait()
            return Completed()

    memory = SqliteMemory(path)
    async with Rehearsal(register, memory=memory) as before:
        item = before.task_item(text="井盖没了")
        await before.line.give(item)
    memory.close()
    hold.set()
    memory = SqliteMemory(path)
    async with Rehearsal(register, memory=memory) as after:
        await after.idle()
        assert names(after.line.sent) == ["accept", "complete"]
        assert not await memory.first(item)
        assert await memory.unfinished() == []
    memory.close()
    assert "井盖没了".encode() not in path.read_bytes()
    assert key_of(item).encode() in path.read_bytes()


async def test_a_command_is_sent_again_until_it_is_answered() -> None:
    async with Rehearsal(completing, resend_seconds=0.05) as rehearsal:
        line, swallowed = rehearsal.line, 3
        answering = line.send

        async def deaf(command: Any) -> None:
            nonlocal swallowed
            if swallowed:
                swallowed -= 1
                line.sent.append(command)
            else:
                await answering(command)

        line.send = deaf  # type: ignore[method-assign]  # the gateway is away for a while
        said = await rehearsal.task(matter=MANHOLE)
    assert names(said) == ["accept"] * 4 + ["complete"]
    assert len({command.id for command in said}) == 2


async def test_what_the_department_leaves_lying_is_not_even_accepted() -> None:
    def urgent_only(item: TaskItem) -> bool:
        return item.urgent

    async with Rehearsal(completing, takes=urgent_only) as rehearsal:
        assert await rehearsal.task(matter=MANHOLE, urgent=False) == []
        assert names(await rehearsal.task(matter=MANHOLE, urgent=True)) == ["accept", "complete"]


async def test_a_notice_and_an_item_of_a_later_version_are_taken_off_and_disturb_nothing() -> None:
    async with Rehearsal(completing) as rehearsal:
        for kind in ("notice", "not.yet.known"):
            item = {**EXAMPLES["notice"], "kind": kind}
            assert await rehearsal.department.on_item(json.dumps(item).encode())
        assert rehearsal.department.open_work == 0
