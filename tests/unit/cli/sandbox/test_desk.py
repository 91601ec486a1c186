"""The sandbox's desk with a department that works with the SDK, and with bare commands."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from case_contracts import clock
from case_contracts.commands import Command
from case_contracts.inbox import INBOX_ITEM
from case_contracts.values import Limit, LimitUnit
from civicgrid.local import LocalError
from civicgrid.sandbox.desk import SandboxDesk
from civicgrid.sandbox.tasks import SandboxTask, State
from department_sdk import Completed, Department, NeedHelp, Outcome, Task
from department_sdk.line import OnItem
from tests.support.twin import eventually

MATTER = "part/utilities/manhole-cover"


class Told(SandboxDesk):
    """A desk that notes what the department is told."""

    def __init__(self, lease: timedelta = timedelta(hours=4)) -> None:
        super().__init__("parks", lease)
        self.items: list[Any] = []

    async def note(self, body: bytes) -> bool:
        self.items.append(INBOX_ITEM.validate_json(body))
        return True


class DeskLine:
    """The SDK's line straight to a desk."""

    def __init__(self, desk: SandboxDesk) -> None:
        self._desk = desk

    async def start(self, on_item: OnItem) -> None:
        await self._desk.start(on_item)

    async def send(self, command: Command) -> None:
        await self._desk.take(command.model_dump_json().encode())

    async def close(self) -> None:
        return None

    def healthy(self) -> bool:
        return True


@pytest.fixture
async def desk() -> Told:
    found = Told()
    await found.start(found.note)
    return found


async def say(desk: Told, task: SandboxTask, name: str, **fields: Any) -> Any:
    """Send a command, without the SDK; its answer."""
    about = task.item.model_dump(include={"case", "taskid", "assignment"})
    fields = {"id": f"{task.item.taskid}:{name}:{len(desk.items)}", **about, **fields}
    await desk.take(json.dumps({"name": name, **fields}, default=str).encode())
    return next(i for i in reversed(desk.items) if i.kind == "command.answered")


async def refused(desk: Told, task: SandboxTask, name: str, **fields: Any) -> str:
    return str((await say(desk, task, name, **fields)).code)


async def test_a_lease_lapses_when_the_clock_is_moved_and_a_sign_of_work_ends_the_lapse(
    desk: Told,
) -> None:
    task = await desk.new(MATTER)
    assert (await say(desk, task, "accept")).lease_until == task.lease_until
    assert await desk.move(timedelta(hours=3)) == []
    await say(desk, task, "heartbeat")
    assert await desk.move(timedelta(hours=3, minutes=59)) == []
    (lapse,) = await desk.move(timedelta(minutes=1))
    assert (lapse.what, task.state, task.lapses) == ("lapsed", State.LAPSED, 1)
    await say(desk, task, "progress", step="on-site")
    assert (task.state, task.beats, task.steps) == (State.ACCEPTED, 1, ["on-site"])


async def test_who_does_not_accept_in_time_loses_the_task_from_view(desk: Told) -> None:
    task = await desk.new(MATTER)
    assert [each.what for each in await desk.move(timedelta(hours=4))] == ["lapsed"]
    assert task.state == State.LAPSED


async def test_a_limit_ends_once_with_a_slip(desk: Told) -> None:
    task = await desk.new(MATTER)
    await say(desk, task, "accept")
    happened = await desk.move(timedelta(hours=9))
    assert [each.what for each in happened] == ["lapsed", "overdue"]
    assert desk.items[-1].what == "slip"
    assert desk.items[-1].colour == "yellow"
    assert await desk.move(timedelta(hours=1)) == []
    await say(desk, task, "complete", evidence=["evidence:1"])
    assert (task.state, task.evidence) == (State.COMPLETED, ("evidence:1",))


async def test_refusals_are_those_of_dispatch(desk: Told) -> None:
    task = await desk.new(MATTER)
    assert await refused(desk, task, "complete") == "evidence_missing"
    assert await refused(desk, task, "accept", taskid="task:none") == "not_your_task"
    assert await refused(desk, task, "accept", assignment=2) == "not_your_task"
    limit = {"amount": 2, "unit": "hours"}
    assert await refused(desk, task, "ask_extension", reason="r", limit=limit) == "not_accepted"
    await say(desk, task, "accept")
    assert await refused(desk, task, "accept") == "already_accepted"
    past = clock.now() - timedelta(hours=1)
    assert await refused(desk, task, "ask_pause", reason="r", until=past) == "until_is_past"
    assert await refused(desk, task, "progress", step="Not A Code") == "invalid"
    await desk.again(task.item.taskid)
    assert await refused(desk, task, "heartbeat", assignment=1) == "assignment_is_over"
    await desk.take_away(task.item.taskid, "charter_revoked")
    assert await refused(desk, task, "accept") == "assignment_is_over"
    assert task.refusals[0] == "complete: evidence_missing"
    with pytest.raises(LocalError, match="is withdrawn"):
        await desk.take_away(task.item.taskid, "charter_revoked")


async def test_the_same_id_is_answered_alike_and_with_another_body_refused(desk: Told) -> None:
    task = await desk.new(MATTER)
    first = await say(desk, task, "accept", id="one")
    again = await say(desk, task, "accept", id="one")
    assert (again.accepted, again.lease_until) == (True, first.lease_until)
    assert await refused(desk, task, "heartbeat", id="one") == "command_id_reused"
    assert task.beats == 0


async def test_what_the_broker_does_not_vouch_for_is_refused_and_rubbish_parked(desk: Told) -> None:
    task = await desk.new(MATTER)
    about = task.item.model_dump(include={"case", "taskid", "assignment"})
    body = json.dumps({"name": "accept", "id": "x", **about}).encode()
    assert await desk.take(body, wrong_sender=True) == "wrong_sender"
    assert task.state == State.ASSIGNED
    assert await desk.take(b"{}") == await desk.take(b"no json") == await desk.take(b"[]")


async def test_a_pause_that_is_granted_keeps_lease_and_limit_and_ends_by_itself(
    desk: Told,
) -> None:
    task = await desk.new(MATTER)
    await say(desk, task, "accept")
    until = clock.now() + timedelta(hours=48)
    assert (await say(desk, task, "ask_pause", reason="r", until=until)).request
    assert await refused(desk, task, "ask_pause", reason="r", until=until) == "request_pending"
    await desk.settle(task.item.taskid, granted=True)
    assert desk.items[-1].what == "paused"
    assert await refused(desk, task, "ask_pause", reason="r", until=until) == "paused_already"
    assert await desk.move(timedelta(hours=47)) == []
    assert [each.what for each in await desk.move(timedelta(hours=1))] == ["resumed"]
    assert desk.items[-1].due_at == task.due_at
    assert task.due_at is not None
    assert timedelta(hours=7) < task.due_at - clock.now() < timedelta(hours=8, minutes=1)


async def test_an_extension_moves_the_limit_once(desk: Told) -> None:
    task = await desk.new(MATTER)
    await say(desk, task, "accept")
    before = task.due_at
    assert before is not None
    limit = Limit(amount=1, unit=LimitUnit.WORKING_DAYS).model_dump(mode="json")
    await say(desk, task, "ask_extension", reason="r", limit=limit)
    await desk.settle(task.item.taskid, granted=True)
    assert desk.items[-1].due_at == task.due_at == before + timedelta(days=1)
    assert await refused(desk, task, "ask_extension", reason="r", limit=limit) == (
        "no_extensions_left"
    )
    await say(desk, task, "ask_pause", reason="r", until=clock.now() + timedelta(hours=1))
    await desk.settle(task.item.taskid, granted=False)
    assert desk.items[-1].what == "relief_refused"


async def test_a_department_of_the_sdk_leads_an_operation_to_its_end() -> None:
    desk = SandboxDesk("parks", timedelta(hours=4))
    department = Department("parks", DeskLine(desk))

    @department.handles("part/*")
    async def call_others(task: Task) -> Outcome:
        return NeedHelp(units=("water-affairs",), reason="needs_other_powers")

    await department.start()
    task = await desk.new(MATTER)
    await eventually(lambda: task.outcome)
    await department.stop()
    assert task.outcome == "completed by the operation"


async def test_a_department_of_the_sdk_stops_what_is_withdrawn() -> None:
    desk = SandboxDesk("parks", timedelta(hours=4))
    department = Department("parks", DeskLine(desk))
    begun = asyncio.Event()

    @department.handles("part/*")
    async def never(task: Task) -> Outcome:
        begun.set()
        await asyncio.Event().wait()
        return Completed()

    await department.start()
    task = await desk.new(MATTER)
    await begun.wait()
    await desk.take_away(task.item.taskid, "charter_revoked")
    await department.idle()
    await department.stop()
    assert task.refusals == []
