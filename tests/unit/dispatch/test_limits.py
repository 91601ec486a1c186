"""From when each limit runs, and what may move a deadline (domain rule 1)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.events import intake
from case_contracts.events.dispatch import Colour
from case_contracts.events.registry import CalendarPublished
from case_contracts.values import Limit, LimitUnit
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.hear_withdrawal import HearWithdrawal
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reopen import Reopen
from dispatch.commands.supervise import Escalate, IssueSlip, Press
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.evolve import evolve
from dispatch.domain.state import CaseState, Status
from dispatch.subscriptions import SUBSCRIPTIONS
from dispatch.views.clock import explained
from tests.unit.dispatch.district import LITTER, START, Desk, filed, registry_events
from tests.unit.dispatch.test_clock_explained import CLOSE, LIMITS, attempt, district
from tests.unit.dispatch.test_way_of_a_case import completed, opened, said
from tests.unit.dispatch.timed import accepted, ask_extension, clock, decide
from tests.unit.dispatch.walk.way import next_on_its_way
from tests.unit.kit.worktime_reference import INSTANTS, MINUTE, Reference

CALENDAR = next(e for e in registry_events() if isinstance(e, CalendarPublished))
REFERENCE = Reference(CALENDAR)
TWO_HOURS = timedelta(hours=2)
WHILES = st.integers(0, 2000)
"""Minutes, up to a day and a half."""

AGES = st.integers(0, 60_000)
"""Minutes, up to six weeks."""


def test_rule_1_the_limit_runs_from_the_report_and_the_handlers_own_from_the_assignment() -> None:
    desk = Desk()
    desk.now = START + timedelta(minutes=30)
    desk.do(OpenCase(filed()))
    case, handle, _ = desk.state.clocks
    assert case.due_at == datetime(2026, 1, 6, 1, 0, tzinfo=UTC)  # eight working hours later
    assert handle.due_at == datetime(2026, 1, 6, 1, 30, tzinfo=UTC)


@settings(deadline=None)
@given(INSTANTS, LIMITS, WHILES, WHILES)
def test_rule_1_report_assignment_and_completion_begin_a_limit_each_as_the_standard_says(
    reported: datetime, limit: Limit, filing: int, working: int
) -> None:
    desk = Desk()
    desk.world, desk.now = district(CALENDAR, limit), reported + filing * MINUTE
    desk.do(OpenCase(filed(matter=LITTER, reported_at=reported, opened_at=desk.now)))
    assigned = desk.now
    desk.later(minutes=working)
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    check = Limit(amount=4, unit=LimitUnit.WORKING_HOURS)
    wanted = {"case": (reported, limit), "handle": (assigned, limit), "verify": (desk.now, check)}
    for kind, (begins, standard) in wanted.items():
        segment, due = clock(desk, kind), REFERENCE.due(begins, [standard], [])
        assert (segment.started_at, segment.limit) == (begins, standard)
        assert due is not None
        assert abs(segment.due_at - due) < CLOSE


def test_rule_1_a_slow_verifier_makes_nobody_late() -> None:
    desk = completed(opened())
    desk.later(days=30)
    desk.do(Verify("p-w1", passed=True, confirms=True))
    assert desk.last(events.CaseClosed).on_time is True


def worked(minutes: int) -> Desk:
    """Litter, due two hours after its report, whose work took so long."""
    desk = opened(matter=LITTER)
    desk.later(minutes=minutes)
    desk.do(Tick(desk.now))
    desk.do(next_on_its_way(desk, well=True))
    assert desk.state.status == Status.VERIFYING
    return desk


@settings(deadline=None)
@given(st.integers(0, 300), AGES)
def test_rule_1_however_long_the_check_takes_the_completion_is_what_counts(
    working: int, checking: int
) -> None:
    desk, in_time = worked(working), working <= 120
    desk.later(minutes=checking)
    told = {"task.near_due", "task.overdue", "task.twice_overdue"}
    assert not told & set(desk.do(Tick(desk.now))), "the handler is done and can be late no more"
    desk.do(next_on_its_way(desk, well=True))
    assert desk.last(events.TaskCompleted).on_time is in_time
    assert desk.last(events.CaseClosed).on_time is in_time
    assert clock(desk).stopped_at == START + timedelta(minutes=working)


@settings(deadline=None)
@given(AGES)
def test_rule_1_work_sent_back_by_a_slow_check_has_its_whole_limit_anew(checking: int) -> None:
    desk = worked(60)
    desk.later(minutes=checking)
    desk.do(Tick(desk.now))
    desk.do(next_on_its_way(desk, well=False))
    again = clock(desk)
    assert (again.started_at, again.due_at) == (desk.now, desk.now + TWO_HOURS)
    desk.later(hours=2)
    desk.do(next_on_its_way(desk, well=True))
    assert desk.last(events.TaskCompleted).on_time is True


def _asks_in_vain(desk: Desk) -> None:
    ask_extension(desk, 1, "working_days")
    if desk.state.request is not None:
        decide(desk, grant=False)


def does(command: Callable[[Desk], Any]) -> Callable[[Desk], None]:
    return lambda desk: attempt(desk, command(desk))


NOTE = "statement:1"
REMARKS: dict[str, Callable[[Desk], None]] = {
    "progress": does(lambda desk: said(desk, "progress", step="on-site")),
    "heartbeat": does(lambda desk: said(desk, "heartbeat")),
    "completed without evidence": does(lambda desk: said(desk, "complete")),
    "more time is refused": _asks_in_vain,
    "pressed in words": does(lambda desk: Press("p-boss", "reporter_waits", NOTE)),
    "a slip": does(lambda desk: IssueSlip("p-boss", Colour.BLUE, NOTE)),
    "up a level": does(lambda desk: Escalate("p-boss", "needs_attention", NOTE)),
    "withdrawn in vain": does(lambda desk: HearWithdrawal("report:1")),
    "dissent while it is open": does(lambda desk: HearRating("report:1", False, desk.now)),
    "reopening while it is open": does(lambda desk: Reopen("report:1", desk.now, "not_done")),
    "nothing": lambda desk: None,
}
"""What is said and shown of an open case, and moves no deadline."""


def deadlines(state: CaseState) -> Any:
    assert state.task is not None
    segments = {c.id: (c.started_at, c.due_at, c.near_at, c.twice_at) for c in state.clocks}
    return state.due_at, state.task.due_at, segments


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(REMARKS)), WHILES), max_size=12))
def test_rule_1_no_comment_progress_or_evidence_moves_a_deadline(
    remarks: list[tuple[str, int]],
) -> None:
    desk = accepted()
    before = deadlines(desk.state)
    for remark, later in remarks:
        desk.later(minutes=later)
        desk.do(Tick(desk.now))
        REMARKS[remark](desk)
        assert deadlines(desk.state) == before, remark


def test_rule_1_what_is_attached_or_added_to_a_report_reaches_no_clock() -> None:
    """Dispatch, which keeps the clocks, does not even hear of it."""
    added = (intake.EvidenceAttached, intake.EvidenceRemoved, intake.ReportSupplemented)
    assert [SUBSCRIPTIONS.of(event.SPEC.type) for event in added] == [(), (), ()]


@settings(deadline=None)
@given(AGES, st.integers(0, 15 * 24 * 60))
def test_rule_1_a_reopening_restarts_no_clock_but_records_a_segment_of_its_own(
    checking: int, later: int
) -> None:
    desk = worked(60)
    desk.later(minutes=checking)
    desk.do(Tick(desk.now))
    desk.do(next_on_its_way(desk, well=True))
    before, closed = explained(desk.state, desk.world), desk.state
    ended = [s for s in before.segments if s.stopped_at is not None]
    desk.later(minutes=later)
    so_far = len(desk.happened)
    assert desk.do(Reopen("report:1", desk.now, "not_done"))[0] == "case.reopened"
    shown = {s.id: s for s in explained(desk.state, desk.world).segments}
    assert [shown[s.id] for s in ended] == ended, "what was counted stays as it was"
    recorded = [e for e in desk.happened[so_far:] if isinstance(e, events.ClockStarted)]
    assert set(shown) - {s.id for s in before.segments} == {e.clock for e in recorded}
    assert {e.clock for e in recorded} == {"case:2", "handle:2"}
    assert {e.started_at for e in recorded} == {desk.now}
    assert desk.state.due_at == shown["case:2"].due_at == desk.now + TWO_HOURS
    silent = evolve(closed, desk.last(events.CaseReopened))
    assert (silent.due_at, silent.clocks) == (closed.due_at, closed.clocks)
