"""Voiding by hand needs two people, and every reporter may object to it (domain rule 3)."""

import pytest

from case_contracts.events import dispatch as events
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reopen import Reopen
from dispatch.commands.void_case import VoidCase
from dispatch.commands.voiding import DecideVoiding, RequestVoiding
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import LITTER, Desk, filed

REASON = "no_such_problem"


def asked(by: str = "p-w1", *, supervising: bool = False) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(matter=LITTER)))
    desk.do(RequestVoiding(by, REASON, "statement:1", supervising))
    return desk


def voided() -> Desk:
    desk = asked()
    desk.do(DecideVoiding("p-chief", approve=True))
    return desk


def refused(desk: Desk, command: object) -> str:
    with pytest.raises(Refused) as refusal:
        desk.do(command)
    return refusal.value.code


def test_asking_changes_nothing_and_another_persons_approval_ends_the_case() -> None:
    desk = asked()
    assert desk.state.status == Status.ASSIGNED
    names = desk.do(DecideVoiding("p-chief", approve=True))
    assert names[0] == "task.revoked"
    void = desk.last(events.CaseVoided)
    assert (void.reason, void.by, void.into) == (REASON, "p-chief", None)
    assert all(clock.stopped_at is not None for clock in desk.state.clocks)


def test_nobody_approves_what_they_asked_for_or_work_on() -> None:
    supervisors = asked("p-chief", supervising=True)
    assert refused(supervisors, DecideVoiding("p-chief", approve=True)) == "own_request"
    assert refused(supervisors, DecideVoiding("p-w1", approve=True)) == "own_work"
    assert refused(supervisors, RequestVoiding("p-w1", REASON)) == "voiding_asked"


def test_a_stranger_cannot_ask_and_without_a_wish_nothing_is_decided() -> None:
    desk = Desk()
    desk.do(OpenCase(filed(matter=LITTER)))
    with pytest.raises(NotFound):
        desk.do(RequestVoiding("p-w2", REASON))
    assert refused(desk, DecideVoiding("p-chief", approve=True)) == "no_voiding_asked"


def test_work_that_is_done_is_for_a_supervisor_to_have_voided() -> None:
    desk = Desk()
    desk.do(OpenCase(filed(matter=LITTER)))
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    assert refused(desk, RequestVoiding("p-w1", REASON)) == "already_done"
    desk.do(RequestVoiding("p-boss", REASON, supervising=True))
    assert desk.state.voiding is not None


def test_a_refusal_lets_the_case_go_on_and_it_may_be_asked_again() -> None:
    desk = asked()
    assert desk.do(DecideVoiding("p-chief", approve=False)) == ["voiding.refused"]
    assert desk.state.status == Status.ASSIGNED
    desk.do(RequestVoiding("p-w1", REASON))
    assert desk.state.voiding is not None


def test_rule_3_a_reporter_may_object_to_a_voiding_and_a_higher_level_decides() -> None:
    desk = voided()
    desk.later(days=1)
    assert desk.do(Reopen("report:1", desk.now, "not_done")) == ["reopening.referred"]
    assert desk.do(Reopen("report:1", desk.now, "not_done")) == []
    assert desk_of(desk.state) == "reopening:d"
    for person in ("p-w1", "p-chief"):
        assert refused(desk, DecideReopening(person, True, "it_is_there")) == "own_work"
    assert desk.do(DecideReopening("p-boss", True, "it_is_there"))[0] == "case.reopened"
    assert desk.state.status == Status.ASSIGNED
    assert desk.state.voiding is None


def test_rule_3_the_higher_levels_no_to_an_objection_is_the_last_word() -> None:
    desk = voided()
    desk.do(Reopen("report:1", desk.now, "not_done"))
    desk.do(DecideReopening("p-boss", False, "looked_into"))
    assert desk.state.status == Status.VOIDED
    assert desk.do(Reopen("report:2", desk.now, "not_done")) == ["reopening.refused"]
    assert desk.last(events.ReopeningRefused).reason == "decided_before"


def test_objections_are_heard_within_the_window_only() -> None:
    desk = voided()
    desk.later(days=16)
    assert desk.do(Reopen("report:1", desk.now, "not_done")) == ["reopening.refused"]
    assert desk.last(events.ReopeningRefused).reason == "too_late"


def test_what_is_void_by_rule_stays_void_also_when_somebody_had_asked_for_it() -> None:
    desk = asked()
    desk.do(VoidCase("linked", "case:other", "p-000077"))
    assert desk.do(Reopen("report:1", desk.now, "not_done")) == ["reopening.refused"]
    assert desk.last(events.ReopeningRefused).reason == "voided"
