"""The answer to the reporters: with the closing, or owed from then on; anew for each closing."""

from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.intake import CaseOpened
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.give_answer import GiveAnswer
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reopen import Reopen
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import LITTER, START, Desk, filed

PROPOSED, GIVEN = "statement:proposed", "statement:given"


def closed(answer: str | None = None, **change: Any) -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(matter=LITTER, **change)))
    _work(desk, answer)
    return desk


def _work(desk: Desk, answer: str | None = None) -> list[str]:
    assert desk.state.task is not None
    desk.do(CompleteTask(desk.state.task.handler.person or "", desk.state.task.id, answer=answer))
    asked = desk.state.verification
    assert asked is not None
    assert asked.verifier is not None
    return desk.do(Verify(asked.verifier.person or "", passed=True))


def test_what_the_handler_proposed_is_given_with_the_closing_by_who_verified_it() -> None:
    desk = closed(PROPOSED)
    given = desk.last(events.AnswerGiven)
    assert (given.statement, given.by, given.on_time) == (PROPOSED, "p-lead", True)
    assert desk.state.running(ClockKind.ANSWER) is None
    assert (desk_of(desk.state), next_due(desk.state)) == (None, None)


def test_without_words_an_answer_is_owed_from_the_closing_on() -> None:
    desk = closed()
    clock = desk.state.running(ClockKind.ANSWER)
    assert clock is not None
    assert clock.started_at == desk.last(events.CaseClosed).closed_at
    assert desk_of(desk.state) == "answers:d"
    assert next_due(desk.state) == clock.due_at
    desk.do(GiveAnswer("p-boss", GIVEN, supervising=True))
    assert desk.last(events.AnswerGiven).on_time is True
    assert (desk_of(desk.state), next_due(desk.state)) == (None, None)


def test_a_late_answer_is_told_once_at_its_exact_time_and_still_owed() -> None:
    desk = closed()
    clock = desk.state.running(ClockKind.ANSWER)
    assert clock is not None
    assert clock.due_at is not None
    desk.later(days=5)
    assert desk.do(Tick(clock.due_at)) == ["answer.overdue"]
    assert desk.last(events.AnswerOverdue).due_at == clock.due_at
    assert desk_of(desk.state) == "answers:d"
    assert next_due(desk.state) is None
    desk.do(GiveAnswer("p-w1", GIVEN))
    assert desk.last(events.AnswerGiven).on_time is False


def test_the_last_handlers_post_or_a_supervisor_answers_and_only_once() -> None:
    desk = closed()
    with pytest.raises(NotFound):
        desk.do(GiveAnswer("p-w2", GIVEN))
    desk.do(GiveAnswer("p-w1", GIVEN))
    with pytest.raises(Refused) as refusal:
        desk.do(GiveAnswer("p-boss", "statement:other", supervising=True))
    assert refusal.value.code == "answered_before"


def test_an_open_case_is_not_answered() -> None:
    desk = Desk()
    desk.do(OpenCase(filed(matter=LITTER)))
    with pytest.raises(Refused) as refusal:
        desk.do(GiveAnswer("p-boss", GIVEN, supervising=True))
    assert refusal.value.code == "not_closed"


def test_nobody_waits_for_an_answer_to_what_staff_saw_on_duty() -> None:
    desk = closed(by="p-w2")
    assert desk.state.running(ClockKind.ANSWER) is None
    assert desk_of(desk.state) is None
    desk.do(GiveAnswer("p-boss", GIVEN, supervising=True))
    assert desk.last(events.AnswerGiven).on_time is None, "it may be answered all the same"


def test_nobody_waits_for_an_answer_to_a_citys_past() -> None:
    desk = Desk()
    past = CaseOpened.model_validate(
        filed(matter=LITTER).model_dump(mode="json")
        | {"recorded": {"ref": "r1", "closed_at": START}}
    )
    desk.do(OpenCase(past))
    assert desk.state.status == Status.CLOSED
    assert desk.state.running(ClockKind.ANSWER) is None


def test_failed_work_takes_the_proposed_words_with_it() -> None:
    desk = Desk()
    desk.do(OpenCase(filed(matter=LITTER)))
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id, answer=PROPOSED))
    desk.do(Verify("p-lead", passed=False))
    _work(desk)
    assert not any(isinstance(e, events.AnswerGiven) for e in desk.happened)


def test_rule_5_reopening_keeps_the_clocks_and_asks_for_a_new_answer() -> None:
    desk = closed()
    before = desk.state.clocks
    desk.later(days=1)
    desk.do(Reopen("report:1", desk.now, "not_done"))
    kept = {clock.id: clock for clock in desk.state.clocks}
    for clock in before:
        changed = kept[clock.id]
        assert (changed.started_at, changed.due_at) == (clock.started_at, clock.due_at)
        assert changed.stopped_at is not None
    assert len(desk.state.clocks) > len(before)
    assert desk.state.answer is None
    _work(desk, PROPOSED)
    assert desk.last(events.AnswerGiven).statement == PROPOSED


def test_rule_5_an_answer_given_before_does_not_answer_the_new_closing() -> None:
    desk = closed(PROPOSED)
    desk.do(Reopen("report:1", desk.now, "not_done"))
    _work(desk)
    assert desk.state.running(ClockKind.ANSWER) is not None
    assert desk_of(desk.state) == "answers:d"
