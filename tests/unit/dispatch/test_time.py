"""More time for a handler, and the clocks that run meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import ClockKind
from dispatch.commands.decide_relief import ResumeClock
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.tick import Tick
from dispatch.commands.void_case import VoidCase
from dispatch.domain.state import Status
from dispatch.domain.timers import next_due
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import MANHOLE, START
from tests.unit.dispatch.test_way_of_a_case import opened, said
from tests.unit.dispatch.timed import (
    EIGHT_HOURS_LATER,
    accepted,
    ask_extension,
    ask_pause,
    clock,
    decide,
    local,
    paused,
)


def test_a_department_must_accept_within_a_limit_of_its_own() -> None:
    desk = opened(matter=MANHOLE)
    waits = clock(desk, "accept")
    assert (waits.started_at, waits.due_at) == (START, START + timedelta(hours=4))
    assert waits.due_at == desk.last(events.TaskAssigned).accept_by
    desk.later(hours=1)
    assert desk.do(said(desk, "accept")) == ["task.accepted", "clock.stopped"]
    assert clock(desk, "accept").stopped_at == START + timedelta(hours=1)


def test_handing_on_is_timed_only_where_the_case_waits() -> None:
    assert not [c for c in opened().state.clocks if c.kind == "dispatch"]
    desk = opened(grid="d", grid_path=[], located=False)
    waits = clock(desk, "dispatch")
    assert (waits.party.person, waits.due_at) == ("p-boss", START + timedelta(hours=2))
    desk.later(hours=3)
    desk.do(PlaceCase("p-boss", "u2"))
    assert clock(desk, "dispatch").stopped_at == desk.now


def test_a_pause_stops_the_handlers_clock_and_the_cases() -> None:
    desk = paused()
    for kind in ("handle", "case"):
        assert clock(desk, kind).pause is not None
        assert clock(desk, kind).due_at is None
    assert desk.state.due_at is None
    assert desk.state.task is not None
    assert desk.state.task.due_at is None


def test_at_its_end_what_was_left_is_counted_on_however_late_that_is_noticed() -> None:
    desk = paused()
    assert next_due(desk.state) == local("07T10:00")
    desk.now = local("07T10:09")
    assert desk.do(Tick(desk.now)) == ["clock.resumed", "clock.resumed"]
    resumed = desk.last(events.ClockResumed)
    assert (resumed.resumed_at, resumed.by) == (local("07T10:00"), None)
    assert clock(desk).due_at == local("07T18:00")
    assert clock(desk).near_at == local("07T16:00")
    assert desk.state.due_at == clock(desk, "case").due_at == local("07T18:00")
    assert desk.do(Tick(desk.now)) == []


def test_a_supervisor_or_the_handler_ends_it_earlier() -> None:
    desk = paused()
    desk.now = local("06T09:00")
    with pytest.raises(NotFound):
        desk.do(ResumeClock("p-w1", supervising=False))
    desk.do(ResumeClock("p-boss", supervising=True))
    assert clock(desk).due_at == local("06T17:00")
    with pytest.raises(Refused, match="does not stand still"):
        desk.do(ResumeClock("p-boss", supervising=True))


def test_rule_9_a_lease_waits_while_time_stands_still() -> None:
    desk = paused()
    assert desk.state.task is not None
    assert desk.state.task.lease_until == local("07T10:00") + timedelta(hours=2)
    desk.now = local("06T20:00")
    assert desk.do(Tick(desk.now)) == []
    desk.do(said(desk, "heartbeat"))
    desk.now = local("06T21:00")
    desk.do(ResumeClock("p-boss", supervising=True))
    assert desk.state.task.lease_until == local("07T01:00")


def test_more_time_given_while_it_stands_still_adds_to_what_is_left() -> None:
    desk = paused()
    ask_extension(desk, 2, "working_hours")
    decide(desk)
    assert desk.last(events.ClockExtended).due_at is None
    desk.do(ResumeClock("p-boss", supervising=True))
    assert clock(desk).due_at == local("06T11:00")
    assert desk.state.due_at == local("06T11:00")


def test_an_extension_is_counted_on_from_where_the_limit_would_have_ended() -> None:
    desk = accepted()
    ask_extension(desk, 1, "working_days")
    desk.later(hours=2)
    decide(desk)
    more = desk.last(events.ClockExtended)
    assert (more.number, more.by, more.due_at) == (1, "p-boss", local("07T09:00"))
    assert clock(desk).due_at == clock(desk, "case").due_at == local("07T09:00")
    assert clock(desk).near_at == local("06T15:00")


def test_what_was_told_of_a_time_that_lies_ahead_again_is_told_once_more() -> None:
    desk = accepted()
    ask_extension(desk, 8, "working_hours")
    desk.now = EIGHT_HOURS_LATER
    told = desk.do(Tick(desk.now))
    assert {"task.near_due", "task.overdue"} <= set(told)
    decide(desk)
    desk.now = local("07T09:00")
    told = desk.do(Tick(desk.now))
    assert {"task.near_due", "task.overdue"} <= set(told)
    assert desk.last(events.TaskNearDue).near_at == local("06T15:00")
    assert desk.last(events.TaskOverdue).due_at == local("07T09:00")


def test_near_due_is_told_once_though_time_stands_still_after_it() -> None:
    desk = accepted()
    desk.now = local("05T18:00")
    assert "task.near_due" in desk.do(Tick(desk.now))
    desk.do(said(desk, "accept"))
    ask_pause(desk, "06T18:00")
    decide(desk)
    desk.now = local("06T18:00")
    assert "task.near_due" not in desk.do(Tick(desk.now))
    assert clock(desk).due_at == local("07T09:00")


def test_work_done_while_time_stands_still_is_on_time_and_the_case_goes_on() -> None:
    desk = paused()
    ask_extension(desk, 2, "working_hours")
    desk.now = local("06T09:00")
    desk.do(said(desk, "complete", evidence=["evidence:1"]))
    assert desk.last(events.TaskCompleted).on_time is True
    assert desk.last(events.ReliefRefused).by is None
    assert desk.state.request is None
    assert clock(desk).stopped_at == desk.now
    assert clock(desk, "case").pause is None
    assert desk.state.due_at == local("06T17:00")


@pytest.mark.parametrize(
    "command", [Reassign("p-boss"), VoidCase("linked", "case:2")], ids=["reassigned", "voided"]
)
def test_a_pause_and_a_request_end_with_the_task(command: Any) -> None:
    desk = paused()
    ask_extension(desk, 2, "working_hours")
    desk.later(hours=1)
    desk.do(command)
    assert desk.last(events.ReliefRefused).reason == "work_ended"
    assert desk.state.request is None
    assert all(c.pause is None or c.stopped_at is not None for c in desk.state.clocks)
    assert next_due(desk.state) is None or desk.state.status == Status.ASSIGNED


def test_rule_1_nothing_but_a_recorded_segment_moves_a_deadline() -> None:
    desk = accepted()
    before = {c.id: c.due_at for c in desk.state.clocks}
    desk.do(said(desk, "progress", step="on-site"))
    desk.do(said(desk, "heartbeat"))
    ask_pause(desk, "06T18:00")
    decide(desk, grant=False)
    assert {c.id: c.due_at for c in desk.state.clocks} == before


def test_twice_overdue_is_told_once_with_the_exact_time() -> None:
    desk = accepted()
    desk.later(days=30)
    names = desk.do(Tick(desk.now))
    assert names.count("task.twice_overdue") == 1
    assert desk.last(events.TaskTwiceOverdue).twice_at == local("07T09:00")
    assert desk.do(Tick(desk.now)) == []
    assert desk.state.running(ClockKind.HANDLE) is not None
