"""What reporters may ask of their case: open it again, take their report back."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.intake import ReportWithdrawn
from case_contracts.values import About
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.hear_withdrawal import HearWithdrawal
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reopen import Reopen
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.commands.void_case import VoidCase
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from dispatch.handlers.on_case import on_report_withdrawn
from service_kit.errors import NotFound, NotYet, Refused
from tests.unit.dispatch.district import LITTER, START, Desk, filed

HAZARD = "hazard/fire/blocked-exit"


def opened(**change: Any) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(**{"matter": LITTER, **change})))
    return desk


def finish(desk: Desk) -> Desk:
    task = desk.state.task
    assert task is not None
    assert task.handler.person is not None
    desk.do(CompleteTask(task.handler.person, task.id))
    asked = desk.state.verification
    assert asked is not None
    assert asked.verifier is not None
    assert asked.verifier.person is not None
    desk.do(Verify(asked.verifier.person, passed=True, confirms=True))
    return desk


def closed(**change: Any) -> Desk:
    return finish(opened(**change))


def wish(desk: Desk, report: str, *, voted: bool = False) -> list[str]:
    if voted:
        return desk.do(HearRating(report, solved=False, rated_at=desk.now))
    return desk.do(Reopen(report, desk.now, "not_done"))


def referred() -> Desk:
    """Opened again once, closed again, and another reporter objects."""
    desk = closed()
    wish(desk, "report:1")
    finish(desk)
    wish(desk, "report:2")
    return desk


@pytest.mark.parametrize("voted", [True, False])
def test_one_wish_opens_it_again_once_and_the_next_goes_to_a_higher_level(voted: bool) -> None:
    desk = closed()
    assert wish(desk, "report:1", voted=voted)[0] == "case.reopened"
    assert desk.last(events.CaseReopened).reason == ("dissent" if voted else "not_done")
    finish(desk)
    assert wish(desk, "report:2", voted=voted) == ["reopening.referred"]
    assert desk.state.status == Status.CLOSED
    assert desk_of(desk.state) == "reopening:d"


def test_the_same_reporter_twice_goes_to_a_higher_level_too_and_a_third_time_waits() -> None:
    desk = closed()
    wish(desk, "report:1")
    finish(desk)
    assert wish(desk, "report:1") == ["reopening.referred"]
    assert wish(desk, "report:1", voted=True) == []


def test_a_case_that_is_open_again_needs_no_answer() -> None:
    desk = closed()
    wish(desk, "report:1")
    assert wish(desk, "report:2") == []


def test_a_wish_counts_by_when_it_was_said_and_only_within_the_window() -> None:
    desk = closed()
    window = desk.world.policy.reopen_window
    late = Reopen("report:1", desk.now + window + timedelta(seconds=1), "not_done")
    assert desk.do(late) == ["reopening.refused"]
    assert desk.last(events.ReopeningRefused).reason == "too_late"
    said = Reopen("report:1", desk.now + window, "not_done")
    desk.later(days=30)
    assert desk.do(said)[0] == "case.reopened"


def test_the_higher_level_opens_it_again_for_everybody() -> None:
    desk = referred()
    assert desk.do(DecideReopening("p-boss", True, "not_done"))[0] == "case.reopened"
    assert desk.state.referred == ()
    assert desk.state.is_open


def test_its_no_is_the_last_word_on_this_closing() -> None:
    desk = referred()
    wish(desk, "report:3")
    names = desk.do(DecideReopening("p-boss", False, "done_as_the_standard_says"))
    assert names == ["reopening.refused", "reopening.refused"]
    assert desk_of(desk.state) == "answers:d", "it stays closed, and the answer is still owed"
    assert wish(desk, "report:4") == ["reopening.refused"]
    assert desk.last(events.ReopeningRefused).reason == "decided_before"


def test_whoever_worked_on_it_does_not_decide() -> None:
    desk = referred()
    handler = desk.state.handled_by[0]
    verifier = desk.last(events.VerificationPassed).by
    for person in (handler, verifier):
        with pytest.raises(Refused) as refusal:
            desk.do(DecideReopening(person, False, "done"))
        assert refusal.value.code == "own_work"


def test_whom_the_complaint_is_about_does_not_even_see_it() -> None:
    desk = referred()
    about = About(kind="person", id="p-boss")
    desk.state = desk.state.model_copy(update={"about": about})
    with pytest.raises(NotFound):
        desk.do(DecideReopening("p-boss", False, "done"))


def test_nothing_to_decide() -> None:
    with pytest.raises(Refused) as refusal:
        closed().do(DecideReopening("p-boss", True, "not_done"))
    assert refusal.value.code == "nothing_referred"


def test_a_case_that_was_voided_is_not_opened_again() -> None:
    desk = opened()
    desk.do(VoidCase("linked", "case:other"))
    assert wish(desk, "report:1") == ["reopening.refused"]
    assert desk.last(events.ReopeningRefused).reason == "voided"


def test_a_withdrawal_ends_a_case_that_nobody_has_begun_to_work_on() -> None:
    desk = opened()
    names = desk.do(HearWithdrawal("report:1"))
    assert names[0] == "task.revoked"
    assert names[-1] == "case.voided"
    assert desk.last(events.CaseVoided).reason == "reporter_withdrew"
    assert desk.last(events.TaskRevoked).reason == "reporter_withdrew"
    assert all(clock.stopped_at for clock in desk.state.clocks)


def test_so_does_it_when_the_acceptance_was_missed() -> None:
    desk = opened(matter="part/utilities/manhole-cover")
    desk.later(hours=5)
    desk.do(Tick(START))
    assert desk.state.status == Status.LAPSED
    assert desk.do(HearWithdrawal("report:1"))[-1] == "case.voided"


def test_work_that_has_begun_goes_on() -> None:
    desk = opened()
    task = desk.state.task
    assert task is not None
    desk.do(CompleteTask(task.handler.person or "", task.id))
    assert desk.do(HearWithdrawal("report:1")) == ["withdrawal.noted"]
    assert desk.last(events.WithdrawalNoted).reason == "work_has_begun"
    assert desk.state.status == Status.VERIFYING


def test_what_staff_saw_on_duty_goes_on() -> None:
    desk = opened(by="p-w2")
    assert desk.do(HearWithdrawal("report:1")) == ["withdrawal.noted"]
    assert desk.last(events.WithdrawalNoted).reason == "seen_on_duty"


@pytest.mark.parametrize(("matter", "why"), [(HAZARD, "hazard"), (LITTER, "urgent")])
def test_public_safety_goes_on(matter: str, why: str) -> None:
    desk = opened()
    if why == "urgent":
        conditions = desk.world.standards.conditions["s", 1]
        urgent = conditions[LITTER, "seen"].model_copy(update={"urgent": True})
        desk.world.standards.conditions["s", 1][LITTER, "seen"] = urgent  # type: ignore[index]
    desk.state = desk.state.model_copy(update={"matter": matter})
    assert desk.do(HearWithdrawal("report:1")) == ["withdrawal.noted"]
    assert desk.last(events.WithdrawalNoted).reason == why


def test_a_closed_case_stays_closed_and_an_unknown_one_is_waited_for() -> None:
    assert closed().do(HearWithdrawal("report:1")) == []
    with pytest.raises(NotYet):
        Desk().do(HearWithdrawal("report:1"))


def test_only_the_last_withdrawal_is_heard() -> None:
    said = ReportWithdrawn.model_validate(ReportWithdrawn.EXAMPLE)
    envelope: Any = None
    assert on_report_withdrawn(said, envelope) is not None
    assert on_report_withdrawn(said.model_copy(update={"last": False}), envelope) is None
