"""Tasks are leased (domain rule 9): accepted under a lease that signs of work renew; where none
comes the case is back in view at the exact time, however late that is noticed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.values import Limit, LimitUnit
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.state import Status
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from dispatch.domain.waits import Wait, waits
from service_kit.charters import build_charters
from service_kit.worktime import deadline, working_between
from tests.unit.dispatch.district import LITTER, MANHOLE, Desk, charter, filed
from tests.unit.dispatch.test_way_of_a_case import completed, opened, refusal, said
from tests.unit.dispatch.timed import accepted, clock

LEASE = timedelta(hours=4)
SIGNS = st.lists(
    st.tuples(st.integers(0, 239), st.sampled_from(["heartbeat", "progress"])), max_size=8
)
"""How many minutes after the one before, always within the lease, and what the department says."""


def lease(desk: Desk) -> Any:
    assert desk.state.task is not None
    return desk.state.task.lease_until


def signals(desk: Desk, sign: str) -> None:
    desk.do(said(desk, sign, **({"step": "on-site"} if sign == "progress" else {})))


def lapsed() -> Desk:
    desk = accepted()
    desk.now = lease(desk)
    assert "task.lapsed" in desk.do(Tick(desk.now))
    return desk


def test_rule_9_a_department_accepts_under_a_lease() -> None:
    desk = opened()
    assert lease(desk) is None
    desk.later(minutes=30)
    desk.do(said(desk, "accept"))
    taken = desk.last(events.TaskAccepted)
    assert taken.lease_until == lease(desk) == desk.now + LEASE
    assert next_due(desk.state) == lease(desk), "that is when it is looked at again"


@settings(deadline=None)
@given(SIGNS, st.integers(0, 20_000))
def test_rule_9_signs_of_work_renew_the_lease_and_silence_lets_it_lapse(
    signs: list[tuple[int, str]], noticed: int
) -> None:
    desk = accepted()
    for later, sign in signs:
        desk.later(minutes=later)
        assert "task.lapsed" not in desk.do(Tick(desk.now))
        signals(desk, sign)
        assert desk.last(events.TaskProgressed).lease_until == lease(desk) == desk.now + LEASE
    ends = lease(desk)
    desk.now = ends - timedelta(microseconds=1)
    assert "task.lapsed" not in desk.do(Tick(desk.now))
    desk.now = ends + timedelta(minutes=noticed)
    assert desk.do(Tick(desk.now)).count("task.lapsed") == 1
    found = desk.last(events.TaskLapsed)
    assert (found.lapsed_at, found.missed) == (ends, "heartbeat")
    assert "task.lapsed" not in desk.do(Tick(desk.now))


def test_rule_9_a_lapsed_task_is_in_view_of_the_supervisor_and_can_be_given_anew() -> None:
    desk = opened()
    desk.later(hours=4)
    assert desk.do(Tick(desk.now)) == ["task.lapsed"]
    assert desk_of(desk.state) == "supervisor:c"
    assert desk.do(Reassign("p-boss"))[0] == "task.revoked"
    assert desk.state.status == Status.ASSIGNED


def test_rule_9_a_lapsed_lease_brings_the_case_back_to_the_supervisors_desk() -> None:
    desk = lapsed()
    assert desk.state.status == Status.LAPSED
    assert waits(desk.state)[0] == Wait("supervisor:c", "lapsed", clock(desk).due_at)
    old = said(desk, "complete", evidence=["evidence:1"])
    desk.do(Reassign("p-boss"))
    desk.do(old)
    assert refusal(desk) == "assignment_is_over"


def test_rule_9_a_lapse_gives_nobody_more_time() -> None:
    desk = accepted()
    before = clock(desk).due_at
    desk.now = lease(desk)
    desk.do(Tick(desk.now))
    assert (clock(desk).due_at, clock(desk).stopped_at) == (before, None)
    desk.now = before
    assert "task.overdue" in desk.do(Tick(desk.now)), "also while nobody is heard of"


def test_rule_9_rework_that_lapsed_is_still_rework() -> None:
    desk = completed(accepted())
    desk.do(Verify("p-w1", passed=False, reason="not_done", evidence=("evidence:2",)))
    assert desk.last(events.TaskAssigned).rework
    desk.later(hours=4)
    assert "task.lapsed" in desk.do(Tick(desk.now))
    desk.do(Reassign("p-boss"))
    assert desk.last(events.TaskAssigned).rework


@pytest.mark.parametrize("sign", ["accept", "heartbeat", "progress"])
def test_rule_9_who_is_heard_of_again_before_it_is_given_away_goes_on(sign: str) -> None:
    desk = lapsed()
    desk.later(hours=1)
    signals(desk, sign)
    assert desk.state.status == Status.ACCEPTED
    assert lease(desk) == desk.now + LEASE
    assert desk_of(desk.state) == "department:um"


@settings(deadline=None)
@given(st.integers(0, 14 * 24 * 60))
def test_leases_in_working_time_end_in_working_time_where_the_limit_counts_it(minutes: int) -> None:
    desk = in_working_time()
    desk.later(minutes=minutes)
    desk.do(OpenCase(filed(matter=MANHOLE)))
    desk.do(said(desk, "accept"))
    calendar = desk.world.calendar(desk.state.calendar or pytest.fail("no calendar"))
    four = Limit(amount=4, unit=LimitUnit.WORKING_HOURS)
    assert desk.last(events.TaskAssigned).accept_by == lease(desk)
    assert lease(desk) == deadline(desk.now, four, calendar)
    assert working_between(desk.now, lease(desk), calendar) == LEASE


def test_leases_in_working_time_are_elapsed_time_where_the_limit_is() -> None:
    desk = in_working_time()
    cleans = charter("li", "um", LITTER)
    desk.world = replace(desk.world, charters=build_charters([cleans]))
    desk.later(hours=9)
    desk.do(OpenCase(filed(matter=LITTER)))
    desk.do(said(desk, "accept"))
    assert desk.last(events.TaskAssigned).accept_by == lease(desk) == desk.now + LEASE


def in_working_time() -> Desk:
    desk = Desk()
    desk.world = replace(desk.world, policy=replace(desk.world.policy, working=True))
    return desk
