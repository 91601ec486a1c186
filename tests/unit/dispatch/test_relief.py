"""Asking for more time: who grants it, how often, and when (domain rule 1)."""

from datetime import timedelta

import pytest

from case_contracts.values import Limit, LimitUnit
from dispatch.commands.ask_relief import AskExtension, AskPause
from dispatch.commands.decide_relief import DecideRelief, ResumeClock
from dispatch.commands.open_case import OpenCase
from dispatch.commands.tick import Tick
from service_kit.errors import Refused
from tests.unit.dispatch.district import IDLE, LITTER, MANHOLE, START, Desk, filed
from tests.unit.dispatch.test_way_of_a_case import opened, refusal, said
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


def test_rule_1_a_pause_ends_when_it_was_to_end_however_late_that_is_noticed() -> None:
    """Found by ``make soak``: no timer had fired since, and the task was taken away."""
    desk = paused(until="07T10:00")
    desk.now = local("08T15:00")
    by_timer = paused(until="07T10:00")
    by_timer.now = local("07T10:00")
    by_timer.do(Tick(by_timer.now))
    desk.do(ResumeClock("p-boss", supervising=True))
    for kind in ("case", "handle"):
        assert clock(desk, kind).pauses[-1].end == local("07T10:00")
        assert clock(desk, kind).due_at == clock(by_timer, kind).due_at
