"""Slips (督办单): each breach yields exactly those that the rules say, and they are answered."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import Colour, SlipRule, Trigger
from case_contracts.values import About, Limit, LimitUnit
from dispatch.commands.answer_slip import AnswerSlip
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.supervise import Escalate, IssueSlip
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.commands.void_case import VoidCase
from dispatch.domain.state import Status
from dispatch.domain.timers import next_due
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import QUARREL, Desk, filed
from tests.unit.dispatch.supervised import Expected, Told, expected, supervised
from tests.unit.dispatch.supervised_desk import HOUR, opened, slips, tick, until, until_due
from tests.unit.dispatch.test_way_of_a_case import said


def accept(desk: Desk) -> None:
    desk.do(said(desk, "accept"))


def heartbeat(desk: Desk) -> None:
    desk.do(said(desk, "heartbeat"))


def on_site(desk: Desk) -> None:
    desk.do(said(desk, "progress", step="on_site"))


def complete(desk: Desk) -> None:
    desk.do(said(desk, "complete", evidence=["evidence:1"]))


def fail(desk: Desk) -> None:
    check = desk.state.verification
    desk.do(Verify(str(check and check.verifier and check.verifier.person), passed=False))


def answer(desk: Desk) -> None:
    number = next((s.id for s in desk.state.slips if s.answered_at is None), "slip:0")
    desk.do(AnswerSlip(number, "p-u", "statement:1", "um"))


def due(desk: Desk) -> None:
    if next_due(desk.state) is not None:
        until_due(desk)


POSSIBLE: dict[str, Callable[[Desk], object]] = {
    "accept": accept,
    "heartbeat": heartbeat,
    "on_site": on_site,
    "complete": complete,
    "fail": fail,
    "answer": answer,
    "due": due,
    "reassign": lambda desk: desk.do(Reassign("p-boss")),
    "escalate": lambda desk: desk.do(Escalate("p-boss", "stuck")),
    "hour": lambda desk: tick(desk, hours=1),
    "half_day": lambda desk: tick(desk, hours=12),
}
STEPS = st.lists(st.sampled_from(["due", *POSSIBLE]), min_size=4, max_size=28)
RULES = st.lists(
    st.builds(
        SlipRule,
        trigger=st.sampled_from([t for t in Trigger if t != Trigger.BY_HAND]),
        colour=st.sampled_from(Colour),
        answer=st.sampled_from([None, HOUR, Limit(amount=1, unit=LimitUnit.WORKING_DAYS)]),
    ),
    max_size=6,
)


def told_by(happened: Sequence[EventData]) -> list[Told]:
    """Each event that is no slip, with the slips that came right after it."""
    found: list[Told] = []
    for event in happened:
        if isinstance(event, events.SlipIssued):
            slip = Expected(event.trigger, event.colour, event.to.id, event.issued_at)
            found[-1][1].append(slip)
        else:
            found.append((event, []))
    return found


@settings(max_examples=150, deadline=None)
@given(STEPS, RULES, st.booleans())
def test_each_breach_yields_exactly_the_slips_that_the_rules_say(
    steps: list[str], rules: list[SlipRule], urgent: bool
) -> None:
    desk = opened(urgent=urgent, slips=tuple(rules))
    for step in steps:
        with suppress(Refused, NotFound):  # as far as it is possible now
            POSSIBLE[step](desk)
    issued = [e for e in desk.happened if isinstance(e, events.SlipIssued)]
    assert told_by(desk.happened) == list(expected(desk.happened, rules, urgent))
    assert [s.slip for s in issued] == [f"slip:{n + 1}" for n in range(len(issued))]
    assert all(s.rules is not None and s.rules.version == 3 for s in issued)


def test_the_default_colours_are_those_of_the_district() -> None:
    desk = opened()
    until(desk, "task.twice_overdue")
    found = {e.trigger: e.colour for e in desk.happened if isinstance(e, events.SlipIssued)}
    assert found == {
        "near_due": "blue",
        "overdue": "yellow",
        "twice_overdue": "orange",
        "third_breach": "red",
    }


def test_an_urgent_matter_overdue_is_public_safety() -> None:
    desk = opened(urgent=True)
    until(desk, "task.overdue")
    [slip] = slips(desk, Trigger.PUBLIC_SAFETY)
    assert (slip.colour, slip.issued_at) == ("red", desk.last(events.TaskOverdue).due_at)
    assert not slips(opened(urgent=False), Trigger.PUBLIC_SAFETY)


def test_work_that_is_under_way_has_no_slip_when_it_is_near_due() -> None:
    desk = opened()
    desk.do(said(desk, "accept"))
    desk.do(said(desk, "progress", step="on_site"))
    while not any(isinstance(e, events.TaskNearDue) for e in desk.happened):
        desk.later(hours=3)
        desk.do(Tick(desk.now))
        desk.do(said(desk, "heartbeat"))
    assert desk.state.status == Status.ACCEPTED
    assert slips(desk, Trigger.NEAR_DUE) == []


def test_a_slip_goes_to_the_handler_and_the_leader_in_charge_of_it() -> None:
    desk = opened()
    until(desk, "task.near_due")
    [slip] = slips(desk, Trigger.NEAR_DUE)
    assert slip.to.id == "um"
    assert slip.leader is not None
    assert (slip.leader.person, slip.leader.id) == ("p-chief", "portfolio:chief")
    assert slip.rules is not None
    assert (slip.rules.id, slip.rules.version) == ("supervision:d", 3)


def test_the_leader_in_charge_is_nobody_who_is_complained_of() -> None:
    desk = Desk()
    desk.world = supervised()
    about = About(kind="person", id="p-chief")
    desk.do(OpenCase(filed(matter=QUARREL, about=about)))
    desk.do(IssueSlip("p-boss", Colour.RED, "statement:1"))
    assert desk.last(events.SlipIssued).leader is None


def test_the_answer_is_due_in_working_time_of_the_case() -> None:
    desk = opened()
    until(desk, "task.overdue")
    [slip] = slips(desk, Trigger.OVERDUE)
    assert slip.answer_by == slip.issued_at + timedelta(days=1)


def test_a_slip_is_answered_by_whom_it_is_for_or_the_leader_and_once() -> None:
    desk = opened()
    until(desk, "task.near_due")
    number = desk.state.slips[0].id
    for person, department in (("p-x", None), ("p-x", "wa"), ("p-lead", None)):
        with pytest.raises(NotFound):
            desk.do(AnswerSlip(number, person, "statement:1", department))
    desk.do(AnswerSlip(number, "p-u", "statement:1", "um"))
    assert desk.last(events.SlipAnswered).on_time is True
    with pytest.raises(Refused, match="has its answer"):
        desk.do(AnswerSlip(number, "p-chief", "statement:2"))


def test_a_late_answer_is_a_breach_goes_up_a_level_and_is_still_taken() -> None:
    desk = opened()
    until(desk, "slip.overdue")
    late = desk.last(events.SlipOverdue)
    assert late.answer_by == desk.state.slips[0].answer_by
    up = desk.last(events.CaseEscalated)
    assert (up.reason, up.by, up.to_grid, up.escalated_at) == (
        "slip_overdue", None, "c", late.answer_by,
    )  # fmt: skip
    desk.do(AnswerSlip(late.slip, "p-chief", "statement:1"))
    assert desk.last(events.SlipAnswered).on_time is False


def test_an_answer_that_comes_late_but_before_the_timer_is_a_breach_too() -> None:
    desk = opened()
    until(desk, "task.near_due")
    slip = desk.state.slips[0]
    assert slip.answer_by is not None
    desk.now = slip.answer_by + timedelta(milliseconds=1)
    before = desk.state.breaches
    names = desk.do(AnswerSlip(slip.id, "p-u", "statement:1", "um"))
    assert [n for n in names if n.startswith("slip.") and n != "slip.issued"] == [
        "slip.overdue", "slip.answered",
    ]  # fmt: skip
    assert desk.state.breaches == before + 1


def test_a_closed_case_still_asks_for_the_answer_and_a_void_one_does_not() -> None:
    desk = opened()
    until(desk, "task.near_due")
    desk.do(said(desk, "complete", evidence=["evidence:1"]))
    desk.do(Verify("p-w1", passed=True, confirms=True))
    assert desk.state.status == Status.CLOSED
    before = len(slips(desk, Trigger.SLIP_OVERDUE))
    until(desk, "slip.overdue")
    assert desk.last(events.SlipOverdue).answer_by <= desk.now
    assert len(slips(desk, Trigger.SLIP_OVERDUE)) == before
    assert not any(isinstance(e, events.CaseEscalated) for e in desk.happened)

    void = opened()
    until(void, "task.near_due")
    void.do(VoidCase("linked", "case:2"))
    assert next_due(void.state) is None
