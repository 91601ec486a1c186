"""Escalation, pressing, taking over, naming: what supervisors and handlers rely on."""

from datetime import timedelta

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import Colour, Trigger
from case_contracts.values import About
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.supervise import Escalate, IssueSlip, Press, TakeOver
from dispatch.domain.supervision import DEFAULT
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from service_kit.errors import Refused
from tests.unit.dispatch.district import LITTER, MANHOLE, Desk, filed
from tests.unit.dispatch.supervised import CHIEF, OTHER_CHIEF, supervised
from tests.unit.dispatch.supervised_desk import HOUR, opened, slips, tick, until, until_due


def test_by_rule_it_goes_up_level_by_level_and_past_the_top_to_the_leader_once() -> None:
    desk = opened(escalate=(Trigger.OVERDUE,), slips=())
    until(desk, "task.overdue")
    assert desk.last(events.CaseEscalated).to_grid == "c"
    seen = []
    for _ in range(2):
        desk.do(Escalate("p-x", "stuck"))
        up = desk.last(events.CaseEscalated)
        assert up.to is not None
        seen.append((up.from_grid, up.to_grid, up.to.person, up.by))
    assert seen == [("c", "d", "p-boss", "p-x"), ("d", "d", "p-chief", "p-x")]
    with pytest.raises(Refused) as refused:
        desk.do(Escalate("p-x", "stuck"))
    assert refused.value.code == "at_the_top"


def test_two_leaders_do_not_hand_it_to_and_fro() -> None:
    desk = Desk()
    desk.world = supervised(leaders=(CHIEF, OTHER_CHIEF))
    desk.do(OpenCase(filed()))
    for _ in range(3):
        desk.do(Escalate("p-x", "stuck"))
    assert desk.state.watch is not None
    assert desk.state.watch.by is not None
    assert desk.state.watch.by.person == "p-chief"
    with pytest.raises(Refused):
        desk.do(Escalate("p-x", "stuck"))


def test_only_the_third_breach_of_a_case_has_the_slip_of_the_third() -> None:
    desk = opened()
    while desk.state.breaches < 3:
        until_due(desk)
    assert len(slips(desk, Trigger.THIRD_BREACH)) == 1
    desk.do(Reassign("p-boss"))
    while desk.state.breaches < 5:
        until_due(desk)
    assert len(slips(desk, Trigger.THIRD_BREACH)) == 1


def test_nobody_who_is_complained_of_watches() -> None:
    desk = Desk()
    desk.world = supervised()
    desk.do(OpenCase(filed(about=About(kind="person", id="p-lead"))))
    desk.do(Escalate("p-boss", "stuck"))
    assert desk.last(events.CaseEscalated).to_grid == "d"


def test_a_level_above_takes_the_task_over() -> None:
    desk = opened()
    names = desk.do(TakeOver("p-boss", "beyond_our_powers"))
    assert names[:2] == ["case.escalated", "task.revoked"]
    assert "task.assigned" in names
    assert desk.state.task is not None
    assert (desk.state.task.handler.person, desk.state.task.assignment) == ("p-lead", 2)
    assigned = desk.last(events.TaskAssigned)
    assert [(r.code, r.refers_to) for r in assigned.reasons] == [("taken_over", "p-boss")]
    assert desk.last(events.CaseEscalated).takes_over is True


def test_pressing_is_told_and_nobody_presses_themselves() -> None:
    desk = opened(matter=LITTER)
    assert desk.do(Press("p-boss", "reporter_waits", "statement:1")) == ["task.pressed"]
    for command in (Press("p-w1", "hurry"), IssueSlip("p-w1", Colour.BLUE, "statement:1")):
        with pytest.raises(Refused) as refused:
            desk.do(command)
        assert refused.value.code == "own_work"


def test_a_slip_by_hand_has_the_limit_given_or_that_of_its_colour() -> None:
    desk = opened()
    desk.do(IssueSlip("p-boss", Colour.RED, "statement:1", HOUR))
    slip = desk.last(events.SlipIssued)
    assert (slip.trigger, slip.by, slip.rules) == ("by_hand", "p-boss", None)
    assert slip.answer_by == desk.now + timedelta(hours=1)
    desk.do(IssueSlip("p-boss", Colour.RED, "statement:1"))
    assert desk.last(events.SlipIssued).answer_by == desk.now + timedelta(days=1)
    assert [s.id for s in desk.state.slips] == ["slip:1", "slip:2"]


@pytest.mark.parametrize(
    ("matter", "named", "code"),
    [
        (MANHOLE, {"department": "mr"}, "no_charter"),
        (MANHOLE, {"department": "wa"}, "no_charter"),
        (MANHOLE, {"post": "posting:u2:p-w2"}, "not_on_the_path"),
        (MANHOLE, {"post": "posting:x:nobody"}, "no_such_post"),
        (MANHOLE, {"post": "posting:u1:p-w1"}, "matter_not_admitted"),
    ],
)
def test_only_whoever_is_entitled_can_be_named(
    matter: str, named: dict[str, str], code: str
) -> None:
    desk = opened(matter)
    with pytest.raises(Refused) as refused:
        desk.do(Reassign("p-boss", **named))
    assert refused.value.code == code


def test_a_named_post_or_department_gets_the_task() -> None:
    desk = opened()
    desk.do(Reassign("p-boss", "better_placed", post="posting:c:p-lead"))
    assert desk.state.task is not None
    assert desk.state.task.handler.person == "p-lead"
    desk.do(Reassign("p-boss", "better_placed", department="um"))
    assert desk.state.task.handler.id == "um"
    assert desk.state.task.charter is not None


def test_rule_9_a_lapsed_task_comes_back_to_the_level_that_watches() -> None:
    desk = opened()
    desk.do(Escalate("p-x", "stuck"))
    desk.do(Escalate("p-x", "stuck"))
    until(desk, "task.lapsed")
    assert desk_of(desk.state) == "supervisor:d"
    plain = opened()
    until(plain, "task.lapsed")
    assert desk_of(plain.state) == "supervisor:c"


def test_however_late_a_timer_is_looked_at_slips_have_exact_times() -> None:
    late, prompt = opened(), opened()
    tick(late, days=9)
    while (due := next_due(prompt.state)) is not None and due <= late.now:
        until_due(prompt)
    assert [e for e in late.happened if isinstance(e, events.SlipIssued)] == [
        e for e in prompt.happened if isinstance(e, events.SlipIssued)
    ]


def test_defaults_escalate_what_is_twice_overdue_and_what_is_not_answered() -> None:
    assert DEFAULT.escalate == (Trigger.TWICE_OVERDUE, Trigger.SLIP_OVERDUE)
