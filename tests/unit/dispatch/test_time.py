"""More time for a handler, and the clocks that run meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Limit, LimitUnit
from dispatch.commands.ask_relief import AskExtension, AskPause
from dispatch.commands.decide_relief import DecideRelief, ResumeClock
from dispatch.commands.open_case import OpenCase
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.tick import Tick
from dispatch.commands.void_case import VoidCase
from dispatch.domain.state import Status
from dispatch.domain.timers import next_due
from service_kit.errors import NotFound, Refused
from tests.unit.dispatch.district import IDLE, LITTER, MANHOLE, START, Desk, filed
from tests.unit.dispatch.test_way_of_a_case import opened, refusal, said

EIGHT_HOURS_LATER = START + timedelta(days=1)
"""Of working time: Monday 09:00 to Tuesday 09:00 in Shanghai."""


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}+08:00").astimezone(UTC)


def clock(desk: Desk, kind: str = "handle") -> Any:
    return [c for c in desk.state.clocks if c.kind == kind][-1]


def accepted(**change: Any) -> Desk:
    desk = opened(matter=MANHOLE, **change)
    desk.do(said(desk, "accept"))
    return desk


def ask_pause(desk: Desk, until: str) -> None:
    desk.do(said(desk, "ask_pause", reason="needs_approval", until=local(until).isoformat()))


def ask_extension(desk: Desk, amount: float, unit: str) -> None:
    limit = {"amount": amount, "unit": unit}
    desk.do(said(desk, "ask_extension", reason="parts_ordered", limit=limit))


def decide(desk: Desk, grant: bool = True, by: str = "p-boss") -> list[str]:
    assert desk.state.request is not None
    return desk.do(DecideRelief(by, None, desk.state.request.id, grant, "no_need_seen"))


def paused(until: str = "07T10:00") -> Desk:
    """From Monday 11:00 on, when two of eight hours have passed."""
    desk = accepted()
    desk.now = local("05T11:00")
    ask_pause(desk, until)
    decide(desk)
    return desk


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


def test_a_lease_waits_while_time_stands_still() -> None:
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


def test_whoever_asks_or_works_on_it_does_not_grant_it() -> None:
    desk = opened(matter=LITTER)
    desk.do(AskPause("p-w1", "needs_approval", START + timedelta(hours=1), "statement:1"))
    with pytest.raises(Refused, match="does not grant"):
        decide(desk, by="p-w1")
    assert decide(desk) == ["clock.paused", "clock.paused"]
    desk = accepted()
    ask_pause(desk, "05T18:00")
    assert desk.state.request is not None
    with pytest.raises(Refused, match="does not grant"):
        desk.do(DecideRelief("p-2", "um", desk.state.request.id, True, "no_need_seen"))


def test_a_refusal_moves_nothing_and_another_request_may_follow() -> None:
    desk = accepted()
    before = clock(desk)
    ask_pause(desk, "06T18:00")
    assert decide(desk, grant=False) == ["relief.refused"]
    assert clock(desk) == before
    ask_pause(desk, "06T18:00")
    assert desk.happened[-1].SPEC.name == "pause.requested"


def test_requests_are_counted_over_the_case_and_bounded() -> None:
    desk = accepted()
    ask_pause(desk, "20T18:00")
    assert refusal(desk) == "too_long"
    ask_pause(desk, "05T09:00")
    assert refusal(desk) == "until_is_past"
    ask_extension(desk, 6, "working_days")
    assert refusal(desk) == "too_long"
    for _ in range(2):
        desk.later(minutes=5)
        ask_pause(desk, "05T18:00")
        decide(desk)
        ask_pause(desk, "05T18:00")
        assert refusal(desk) == "paused_already"
        desk.do(ResumeClock("p-boss", supervising=True))
    ask_pause(desk, "05T18:00")
    assert refusal(desk) == "no_pauses_left"
    ask_extension(desk, 1, "working_hours")
    ask_extension(desk, 1, "working_hours")
    assert refusal(desk) == "request_pending"
    decide(desk)
    ask_extension(desk, 1, "working_hours")
    assert refusal(desk) == "no_extensions_left"


def test_not_before_acceptance_nor_after_the_limit_nor_without_one() -> None:
    desk = opened(matter=MANHOLE)
    ask_pause(desk, "05T18:00")
    assert refusal(desk) == "not_accepted"
    desk.do(said(desk, "accept"))
    ask_pause(desk, "07T18:00")
    desk.now = EIGHT_HOURS_LATER
    with pytest.raises(Refused, match="limit has ended"):
        decide(desk)
    decide(desk, grant=False)
    desk.do(said(desk, "heartbeat"))
    ask_extension(desk, 1, "hours")
    assert refusal(desk) == "limit_ended"
    idle = opened(matter=IDLE)
    limit = Limit(amount=1, unit=LimitUnit.HOURS)
    with pytest.raises(Refused, match="no limit"):
        idle.do(AskExtension("p-lead", "parts_ordered", limit))


def test_a_case_that_has_run_out_is_not_paused_with_its_handler() -> None:
    desk = Desk()
    desk.later(hours=3)
    desk.do(OpenCase(filed(matter=LITTER)))
    desk.do(AskPause("p-w1", "needs_approval", START + timedelta(hours=4)))
    assert decide(desk) == ["clock.paused"]
    assert clock(desk, "case").due_at == START + timedelta(hours=2)
    desk.do(ResumeClock("p-w1", supervising=False))
    assert clock(desk).due_at == START + timedelta(hours=5)


def test_nothing_but_a_recorded_segment_moves_a_deadline() -> None:
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
