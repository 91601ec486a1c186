"""What users rely on when a case goes through dispatch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.commands import COMMAND
from case_contracts.events import dispatch as events
from case_contracts.events.registry import CharterRevoked
from case_contracts.values import About
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.conclude_operation import ConcludeOperation
from dispatch.commands.department_command import DepartmentCommand
from dispatch.commands.give_answer import GiveAnswer
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.open_case import OpenCase
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign, ReexamineCharter
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import IDLE, LITTER, MANHOLE, START, Desk, filed, world


def said(desk: Desk, name: str, department: str = "um", **extra: Any) -> DepartmentCommand:
    task = desk.state.task
    assert task is not None
    body = {
        "id": f"{name}-{desk.steps}",
        "name": name,
        "case": desk.state.case,
        "taskid": task.id,
        "assignment": task.assignment,
        **extra,
    }
    command: Any = COMMAND.validate_python(body)
    return DepartmentCommand(f"f-{name}-{desk.steps}", department, command)


def opened(**change: Any) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(**change)))
    return desk


def completed(desk: Desk) -> Desk:
    desk.do(said(desk, "accept"))
    desk.later(hours=1)
    desk.do(said(desk, "complete", evidence=["evidence:1"]))
    return desk


def refusal(desk: Desk) -> str:
    code: str = desk.last(events.CommandRefused).code
    return code


def test_a_case_goes_from_filing_to_closing() -> None:
    desk = opened()
    assert desk.state.task is not None
    assert desk.state.task.handler.id == "um"
    assert desk.do(said(desk, "accept")) == ["task.accepted", "clock.stopped"]
    names = desk.do(said(desk, "complete", evidence=["evidence:1"]))
    assert names == ["task.completed", "clock.stopped", "verification.requested", "clock.started"]
    assert desk.do(Verify("p-w1", passed=True, confirms=True))[0] == "verification.passed"
    assert desk.state.status == Status.CLOSED
    assert desk.last(events.CaseClosed).on_time is True
    running = [c.kind for c in desk.state.clocks if c.stopped_at is None]
    assert (running, desk_of(desk.state)) == (["answer"], "answers:d")
    desk.do(GiveAnswer("p-boss", "statement:1", supervising=True))
    assert all(c.stopped_at is not None for c in desk.state.clocks)
    assert desk_of(desk.state) is None


def test_a_matter_without_limit_has_no_deadline() -> None:
    desk = opened(matter=IDLE)
    assert desk.state.due_at is None
    desk.do(CompleteTask("p-lead", desk.state.task.id if desk.state.task else ""))
    desk.do(Verify("p-w1", passed=True, confirms=True))
    assert desk.last(events.CaseClosed).on_time is None


def test_the_nearest_charter_leads() -> None:
    desk = opened(grid="u2")
    assert desk.state.task is not None
    assert desk.state.task.handler.id == "wa"


def test_a_return_goes_on_once_and_never_back() -> None:
    desk = opened(grid="u2")
    names = desk.do(said(desk, "return", "wa", reason="not_ours", proposed="um"))
    assert names[0] == "task.returned"
    assert desk.state.task is not None
    assert desk.state.task.handler.id == "um"
    desk.do(said(desk, "return", "um", reason="not_ours"))
    assert desk.state.status == Status.RULING


@pytest.mark.parametrize("department", ["wa", "mr"])
def test_another_departments_command_is_refused_like_an_unknown_one(department: str) -> None:
    desk = opened()
    desk.do(said(desk, "accept", department))
    assert refusal(desk) == "not_your_task"


def test_an_old_assignment_number_is_refused() -> None:
    desk = opened()
    old = said(desk, "complete", evidence=["evidence:1"])
    desk.do(Reassign("p-boss"))
    desk.do(old)
    assert refusal(desk) == "assignment_is_over"


def test_a_revoked_charter_refuses_at_once_and_takes_the_task_away() -> None:
    desk = opened()
    accept = said(desk, "accept")
    desk.world = world(
        CharterRevoked(charter="charter:um", version=1, department="um", valid_to=desk.now)
    )
    desk.do(accept)
    assert refusal(desk) == "charter_revoked"
    names = desk.do(ReexamineCharter("charter:um", 1))
    assert names[0] == "task.revoked"
    assert desk.state.task is not None
    assert desk.state.task.handler.person == "p-lead"


def test_evidence_is_asked_for_where_the_standard_asks() -> None:
    desk = opened()
    desk.do(said(desk, "complete"))
    assert refusal(desk) == "evidence_missing"


def test_overdue_is_told_once_with_the_exact_time() -> None:
    desk = opened()
    desk.do(said(desk, "accept"))
    desk.later(days=3)
    assert desk.do(Tick(desk.now)).count("task.overdue") == 1
    assert desk.last(events.TaskOverdue).due_at == datetime(2026, 1, 6, 1, 0, tzinfo=UTC)
    assert desk.do(Tick(desk.now)) == []


def test_whoever_handled_it_does_not_verify_it() -> None:
    desk = opened(matter=LITTER)
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    assert desk.state.verification is not None
    assert desk.state.verification.verifier is not None
    assert desk.state.verification.verifier.person == "p-lead"
    with pytest.raises(NotFound):
        desk.do(Verify("p-w1", passed=True, confirms=True))


def test_whoever_reported_it_does_not_verify_it() -> None:
    desk = completed(opened(by="p-w1"))
    assert desk.state.verification is not None
    assert desk.state.verification.verifier is not None
    assert desk.state.verification.verifier.person == "p-lead"


def test_a_failed_verification_sends_it_back_under_a_new_number() -> None:
    desk = completed(opened())
    names = desk.do(Verify("p-w1", passed=False))
    assert names[:2] == ["verification.failed", "clock.stopped"]
    assert desk.state.task is not None
    assert desk.state.task.assignment == 2
    assert desk.last(events.TaskAssigned).rework is True


def test_one_dissent_reopens_once() -> None:
    desk = completed(opened())
    desk.do(Verify("p-w1", passed=True, confirms=True))
    assert desk.do(HearRating("report:1", solved=False, rated_at=desk.now))[0] == "case.reopened"
    assert [c.id for c in desk.state.clocks if c.kind == "case"] == ["case:1", "case:2"]
    completed(desk)
    desk.do(Verify("p-w1", passed=True, confirms=True))
    again = HearRating("report:2", solved=False, rated_at=desk.now)
    assert desk.do(again) == ["reopening.referred"]


def test_a_whistle_holds_the_task_until_the_operation_is_concluded() -> None:
    desk = opened()
    desk.do(said(desk, "accept"))
    desk.do(said(desk, "ask_help", units=["mr"], reason="needs_other_powers"))
    operation = desk.last(events.WhistleBlown).operation
    desk.do(said(desk, "complete", evidence=["evidence:1"]))
    assert refusal(desk) == "operation_open"
    assert desk.last(events.CommandRefused).retry is True
    desk.later(hours=5)
    assert desk.do(Tick(desk.now)) == []
    assert desk.do(ConcludeOperation(operation))[0] == "task.completed"


@pytest.mark.parametrize(
    ("about", "handler"),
    [
        (About(kind="department", id="um"), "p-lead"),
        (About(kind="person", id="p-lead"), "um"),
    ],
)
def test_whom_a_complaint_is_about_does_not_handle_it(about: About, handler: str) -> None:
    desk = opened(about=about)
    assert desk.state.task is not None
    assert handler in (desk.state.task.handler.id, desk.state.task.handler.person)


def test_nobody_under_the_person_complained_of_verifies() -> None:
    desk = completed(opened(about=About(kind="person", id="p-lead")))
    assert desk.state.verification is not None
    assert desk.state.verification.verifier is not None
    assert desk.state.verification.verifier.person == "p-boss"


def test_an_unlocated_case_waits_for_a_named_person_to_place_it() -> None:
    desk = opened(grid="d", grid_path=[], located=False)
    assert desk_of(desk.state) == "person:p-boss"
    with pytest.raises(NotFound):
        desk.do(PlaceCase("p-w1", "u1"))
    assert desk.do(PlaceCase("p-boss", "u2"))[:2] == ["case.placed", "task.assigned"]
    assert desk.state.task is not None
    assert desk.state.task.handler.id == "wa"
    with pytest.raises(Refused):
        desk.do(PlaceCase("p-boss", "u1"))


def test_imported_history_happens_at_its_recorded_times() -> None:
    end = START + timedelta(days=3)
    desk = Desk()
    desk.now = START + timedelta(days=4000)
    names = desk.do(OpenCase(filed(recorded={"closed_at": end})))
    assert names[-1] == "case.closed"
    assert "task.overdue" in names
    closed = desk.last(events.CaseClosed)
    assert (closed.closed_at, closed.on_time, closed.recorded) == (end, False, True)


def test_imported_history_without_a_closing_stays_open_and_wakes_nobody() -> None:
    desk = Desk()
    desk.do(OpenCase(filed(recorded={"closed_at": None})))
    assert desk.state.status == Status.ASSIGNED
    desk.later(days=30)
    assert desk.do(Tick(desk.now)) == []


def test_a_case_is_taken_up_once() -> None:
    desk = opened(matter=MANHOLE)
    assert desk.do(OpenCase(filed())) == []
