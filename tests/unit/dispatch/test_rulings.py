"""Who is responsible where handlers differ: one return, then an arbiter (domain rule 2)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Versioned
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.hand_on import HandOn
from dispatch.commands.reassign import Reassign
from dispatch.commands.return_task import ReturnTask
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.arbiters import levels
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from service_kit.charters import build_charters
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import (
    CHARTERS,
    LITTER,
    POSTINGS,
    QUARREL,
    post,
)
from tests.unit.dispatch.ruled import JUDGE, LEADER, arbiter, handler, known, returned_twice, rule
from tests.unit.dispatch.test_left_posts import ended
from tests.unit.dispatch.test_way_of_a_case import opened, refusal, said


def test_rule_2_a_handler_returns_once_and_the_second_return_goes_to_an_arbiter() -> None:
    desk = opened(grid="u2")
    desk.world = known()
    first = desk.do(said(desk, "return", "wa", reason="not_ours", proposed="um"))
    assert first[0] == "task.returned"
    assert (handler(desk), desk.state.status) == ("um", Status.ASSIGNED)
    second = desk.do(said(desk, "return", "um", reason="not_ours_either", proposed="mr"))
    assert [n for n in second if not n.startswith("clock.")] == [
        "task.returned",
        "ruling.requested",
    ]
    asked = desk.last(events.RulingRequested)
    assert (asked.reason, asked.proposed, asked.asked_by.id) == ("returned_twice", "mr", "um")
    assert desk.state.status == Status.RULING
    assert desk_of(desk.state) == "person:p-boss", "the case is in the arbiter's hands"
    running = {c.kind: c for c in desk.state.clocks if c.stopped_at is None}
    assert set(running) == {ClockKind.CASE, ClockKind.DISPATCH}, "no handler's time runs"
    assert running[ClockKind.DISPATCH].due_at == asked.due_at == next_due(desk.state)
    assert asked.due_at == desk.now + timedelta(days=2), "two working days"


def test_rule_2_a_ruling_is_binding_and_its_task_is_not_returned() -> None:
    desk = returned_twice()
    ruling = desk.last(events.RulingRequested).ruling
    names = desk.do(rule(desk))
    assert [n for n in names if not n.startswith("clock.")] == ["ruling.made", "task.assigned"]
    assigned = desk.last(events.TaskAssigned)
    assert (assigned.handler.id, assigned.ruling) == ("wa", ruling)
    assert assigned.charter == Versioned(id="charter:wa", version=1)
    assert [r.code for r in assigned.reasons] == ["ground_of_its_charter", "charter_lead"]
    assert desk.state.running(ClockKind.DISPATCH) is None
    assert desk.do(said(desk, "return", "wa", reason="not_ours")) == ["command.refused"]
    assert refusal(desk) == "ruled"


def test_what_was_ruled_stays_ruled_in_rework() -> None:
    desk = returned_twice()
    desk.do(rule(desk))
    desk.do(said(desk, "accept", "wa"))
    desk.do(said(desk, "complete", "wa", evidence=["evidence:1"]))
    desk.do(Verify("p-w2", passed=False))
    desk.do(said(desk, "return", "wa", reason="not_ours"))
    assert refusal(desk) == "ruled"


def test_rule_2_a_ruling_binds_though_its_task_lapses() -> None:
    """Given anew it is still the one's who was ruled to have it, and still cannot be returned."""
    desk = returned_twice()
    desk.do(rule(desk, lead="mr"))
    desk.later(hours=5)
    assert "task.lapsed" in desk.do(Tick(desk.now))
    desk.do(Reassign("p-boss"))
    assert handler(desk) == "mr"
    desk.do(said(desk, "return", "mr", reason="not_ours"))
    assert refusal(desk) == "ruled"


def test_a_ruling_does_not_outlive_the_charter_that_it_relied_on() -> None:
    desk = returned_twice()
    desk.do(rule(desk, lead="mr"))
    desk.world = replace(desk.world, charters=build_charters(CHARTERS))
    desk.later(hours=5)
    assert "task.lapsed" in desk.do(Tick(desk.now))
    desk.do(Reassign("p-boss"))
    assert handler(desk) != "mr"


def test_who_returned_it_can_do_nothing_while_it_is_ruled_on() -> None:
    desk = returned_twice()
    for name in ("accept", "complete", "return"):
        extra = {"return": {"reason": "not_ours"}}.get(name, {})
        desk.do(said(desk, name, "um", **extra))
        assert refusal(desk) == "assignment_is_over"


def test_a_post_holder_returns_over_the_counter_once() -> None:
    desk = opened(matter=LITTER)
    assert handler(desk) == "p-w1"
    names = desk.do(ReturnTask("p-w1", "not_here", statement="statement:1"))
    assert names[0] == "task.returned"
    assert desk.last(events.TaskReturned).statement == "statement:1"
    assert handler(desk) == "p-lead"
    with pytest.raises(NotFound):
        desk.do(ReturnTask("p-w1", "not_here"))
    desk.do(ReturnTask("p-lead", "not_here"))
    assert desk.last(events.RulingRequested).reason == "returned_twice"


def test_where_nobody_else_could_have_it_the_first_return_is_ruled_on() -> None:
    desk = opened(matter=QUARREL)
    desk.world = known(posts=tuple(ended(f"posting:{p.grid}:{p.person}", desk.now) for p in (
        POSTINGS[0], POSTINGS[1], POSTINGS[3])))  # fmt: skip
    assert handler(desk) == "p-lead"
    desk.do(ReturnTask("p-lead", "not_ours"))
    asked = desk.last(events.RulingRequested)
    assert (asked.reason, asked.arbiter) == ("nobody_else", None)
    assert desk_of(desk.state) == "arbiter:d"


def test_only_the_own_task_is_returned_and_only_while_it_is_open() -> None:
    desk = opened(matter=LITTER)
    with pytest.raises(NotFound):
        desk.do(ReturnTask("p-w2", "not_here"))
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    with pytest.raises(Refused) as refused:
        desk.do(ReturnTask("p-w1", "not_here"))
    assert refused.value.code == "already_done"


def test_the_post_that_the_rules_name_rules_before_the_districts_own() -> None:
    desk = returned_twice(known(named=JUDGE.posting, portfolios=(LEADER,)))
    found = levels(desk.state, desk.world, desk.now)
    assert [p.person for p in found] == ["p-judge", "p-boss", "p-chief"]
    assert arbiter(desk) == "p-judge"


def test_a_limit_that_runs_out_takes_it_a_level_up_and_never_further_than_there_are() -> None:
    desk = returned_twice(known(named=JUDGE.posting, portfolios=(LEADER,)))
    asked: list[str | None] = []
    while (due := next_due(desk.state)) is not None and len(asked) < 9:
        desk.now = due
        names = desk.do(Tick(due))
        assert names[0] in ("ruling.overdue", "task.overdue")
        if names[0] == "ruling.overdue":
            assert desk.last(events.RulingOverdue).due_at == due, "exact"
            asked.append(arbiter(desk))
    assert asked == ["p-boss", "p-chief", None, None]
    assert desk_of(desk.state) == "arbiter:d"
    assert len({e.ruling for e in desk.happened if isinstance(e, events.RulingRequested)}) == 1
    with pytest.raises(NotFound):
        desk.do(rule(desk, "p-judge"))
    assert "ruling.made" in desk.do(rule(desk, "p-else", standing_in=True))


def test_without_a_limit_it_waits_for_ever() -> None:
    desk = returned_twice(known(limit=False))
    assert next_due(desk.state) is None


def test_the_next_level_has_its_whole_limit_from_when_it_is_asked() -> None:
    desk = returned_twice(known(portfolios=(LEADER,)))
    desk.later(days=30)
    names = desk.do(Tick(desk.now))
    assert names.count("ruling.requested") == 1
    assert desk.last(events.RulingRequested).requested_at == desk.now
    due = next_due(desk.state)
    assert due is not None
    assert due > desk.now


def test_an_arbiter_who_left_hands_it_to_the_successor() -> None:
    desk = returned_twice()
    new = post("p-new", "leader", "d").model_copy(update={"valid_from": desk.now})
    desk.world = known(posts=(ended("posting:d:p-boss", desk.now), new))
    with pytest.raises(Refused) as refused:
        desk.do(rule(desk))
    assert refused.value.code == "posting_ended"
    names = desk.do(HandOn())
    assert names == ["clock.stopped", "ruling.requested", "clock.started"]
    assert arbiter(desk) == "p-new"
    assert desk.do(HandOn()) == []
    assert "task.assigned" in desk.do(rule(desk, "p-new"))


def test_where_nobody_follows_the_next_level_or_anybody_entitled_is_asked() -> None:
    desk = returned_twice()
    desk.world = known(posts=(ended("posting:d:p-boss", desk.now),))
    desk.do(HandOn())
    assert desk_of(desk.state) == "arbiter:d"
    with pytest.raises(NotFound):
        desk.do(rule(desk, "p-any"))
    assert "task.assigned" in desk.do(rule(desk, "p-any", standing_in=True))
