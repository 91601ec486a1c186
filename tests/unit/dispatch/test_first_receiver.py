"""The first receiver (首接负责) is carried until somebody has taken the work on, then released."""

from typing import Any

from case_contracts import commands as said
from case_contracts.events import dispatch as events
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.department_command import DepartmentCommand
from dispatch.commands.open_case import OpenCase
from dispatch.commands.verify import Verify
from tests.unit.dispatch.district import LITTER, Desk, filed


def by_department(desk: Desk, command: type, **more: object) -> None:
    task = desk.state.task
    assert task is not None
    given = command(
        id=f"c{desk.steps}", case=desk.state.case, taskid=task.id, assignment=task.assignment,
        **more,
    )  # fmt: skip
    desk.do(DepartmentCommand(f"f{desk.steps}", task.handler.id, given))


def opened(**change: Any) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(receiver="p-operator", **change)))
    assert desk.state.receiver == "p-operator"
    return desk


def test_a_department_s_acceptance_releases_them_once() -> None:
    desk = opened()
    by_department(desk, said.Accept)
    assert desk.last(events.TaskAccepted).receiver == "p-operator"
    by_department(desk, said.Complete, evidence=("evidence:1",))
    assert desk.last(events.TaskCompleted).receiver is None
    assert desk.state.receiver is None


def test_a_sign_of_work_without_a_word_of_acceptance_releases_nobody() -> None:
    desk = opened()
    by_department(desk, said.Heartbeat)
    assert desk.state.receiver == "p-operator"
    by_department(desk, said.Complete, evidence=("evidence:1",))
    assert desk.last(events.TaskCompleted).receiver == "p-operator"


def test_done_at_once_is_accepted_too() -> None:
    desk = opened()
    by_department(desk, said.Complete, evidence=("evidence:1",))
    assert desk.last(events.TaskAccepted).receiver == "p-operator"
    assert desk.last(events.TaskCompleted).receiver is None


def test_a_post_accepts_by_doing_it_and_rework_releases_nobody_again() -> None:
    desk = opened(matter=LITTER)
    task = desk.state.task
    assert task is not None
    assert task.handler.person is not None
    desk.do(CompleteTask(task.handler.person, task.id))
    assert desk.last(events.TaskCompleted).receiver == "p-operator"
    asked = desk.state.verification
    assert asked is not None
    assert asked.verifier is not None
    desk.do(Verify(str(asked.verifier.person), passed=False))
    desk.do(CompleteTask(task.handler.person, task.id))
    assert desk.last(events.TaskCompleted).receiver is None
