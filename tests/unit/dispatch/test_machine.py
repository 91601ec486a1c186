"""The state machine as data: every command has its row; a refusal says what is possible."""

import pytest

from case_contracts.commands import TASK_COMMANDS
from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import ClockKind
from dispatch.commands.aggregate import DECIDE, EVERY, STEPS
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.conclude_operation import ConcludeOperation
from dispatch.commands.department_rows import STEPS as DEPARTMENTS
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain import timers
from dispatch.domain.state import Status
from dispatch.domain.step import FINISHED
from dispatch.domain.steps import overdue
from dispatch.domain.timer import Timer
from service_kit.errors import NotFound, NotYet, Refused
from tests.unit.dispatch.district import START, Desk
from tests.unit.dispatch.test_way_of_a_case import completed, opened, said


def test_every_command_has_its_rows_under_one_name_each() -> None:
    assert set(DECIDE) == set(STEPS)
    assert all(STEPS.values())
    assert set(DEPARTMENTS) == set(TASK_COMMANDS)
    names = [step.name for step in EVERY]
    assert sorted(names) == sorted(set(names))


def test_every_status_is_reached_and_every_open_one_left() -> None:
    assert {t for step in EVERY for t in step.targets} == set(Status) - {Status.UNKNOWN}
    moving = [step for step in EVERY if step.targets != step.sources]
    assert {s for step in moving for s in step.sources} >= set(Status) - FINISHED


def test_what_is_not_possible_is_refused_with_what_is() -> None:
    desk = opened()
    with pytest.raises(Refused) as refused:
        desk.do(Verify("p-w1", passed=True, confirms=True))
    assert refused.value.code == "nothing_to_verify"
    assert {"accept", "complete", "return", "reassign"} <= set(refused.value.extra["possible"])
    assert "verify" not in refused.value.extra["possible"]
    completed(desk)
    with pytest.raises(Refused) as again:
        desk.do(Reassign("p-boss"))
    assert again.value.code == "no_open_task"
    assert "verify" in again.value.extra["possible"]
    assert "accept" not in again.value.extra["possible"]


def test_an_unmet_condition_is_not_among_what_is_possible() -> None:
    desk = opened()
    desk.do(said(desk, "accept"))
    desk.do(said(desk, "ask_help", units=["mr"], reason="needs_other_powers"))
    with pytest.raises(Refused) as refused:
        desk.do(Verify("p-w1", passed=True, confirms=True))
    assert "heartbeat" in refused.value.extra["possible"]
    assert not {"accept", "complete", "ask_help"} & set(refused.value.extra["possible"])


def test_a_case_that_has_not_arrived() -> None:
    desk = Desk()
    assert desk.do(Tick(desk.now)) == []
    with pytest.raises(NotYet):
        desk.do(HearRating("report:1", solved=False, rated_at=desk.now))
    for command in (PlaceCase("p-boss", "u1"), CompleteTask("p-w1", "task:1")):
        with pytest.raises(NotFound):
            desk.do(command)


def test_labels_are_there_in_both_languages_and_alike() -> None:
    for step in EVERY:
        for label in (step.label, *(need.label for need in step.needs)):
            assert label.en[0].islower(), f"{step.name}: {label.en!r} begins small, as the others"
            assert not label.zh.isascii(), f"{step.name}: {label.zh!r} is no Chinese"


def test_a_department_that_is_at_work_is_not_waited_for_to_accept() -> None:
    """Found by the walk: its time to accept ran on, and the next handler's beside it."""
    desk = opened()
    names = desk.do(said(desk, "progress", step="on-site"))
    assert names == ["task.progressed", "clock.stopped"]
    assert desk.state.running(ClockKind.ACCEPT) is None
    assert desk.do(said(desk, "heartbeat")) == ["task.progressed"]


def test_what_departments_did_together_ends_the_time_to_accept() -> None:
    desk = opened()
    desk.do(said(desk, "ask_help", units=["mr"], reason="needs_other_powers"))
    desk.do(ConcludeOperation(desk.last(events.WhistleBlown).operation))
    assert desk.state.status == Status.VERIFYING
    assert desk.state.running(ClockKind.ACCEPT) is None


def test_a_timer_that_is_due_for_ever_is_a_fault_and_no_endless_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = opened()
    timer = Timer("stuck", lambda _: START, lambda s, w, n: overdue(s, s.task) if s.task else ())
    monkeypatch.setattr(timers, "TIMERS", (timer,))
    with pytest.raises(RuntimeError, match="stuck"):
        desk.do(Tick(desk.now))
