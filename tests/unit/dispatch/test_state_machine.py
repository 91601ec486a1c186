"""Whatever is done to a case, in whatever order: what must always hold."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from case_contracts.events import dispatch as events
from case_contracts.events.registry import PostingEnded
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.conclude_operation import ConcludeOperation
from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.hand_on import HandOn
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.hear_withdrawal import HearWithdrawal
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.routing import involved
from dispatch.domain.state import CaseState, Status
from dispatch.domain.succession import left_behind
from dispatch.domain.timers import desk as desk_of
from service_kit.errors import CivicError
from service_kit.postings import build_postings
from tests.unit.dispatch.district import (
    IDLE,
    LITTER,
    MANHOLE,
    POSTINGS,
    QUARREL,
    Desk,
    filed,
    post,
    world,
)
from tests.unit.dispatch.test_way_of_a_case import said

PEOPLE = st.sampled_from(["p-w1", "p-w2", "p-lead", "p-boss", "p-nobody"])
DEPARTMENTS = st.sampled_from(["um", "wa", "mr"])
COMMANDS = st.sampled_from(
    [
        ("accept", {}),
        ("heartbeat", {}),
        ("complete", {"evidence": ["evidence:1"]}),
        ("complete", {}),
        ("return", {"reason": "not_ours", "proposed": "wa"}),
        ("ask_help", {"units": ["mr"], "reason": "needs_other_powers"}),
    ]
)


class CaseMachine(RuleBasedStateMachine):
    @initialize(
        matter=st.sampled_from([MANHOLE, LITTER, QUARREL, IDLE]),
        grid=st.sampled_from(["u1", "u2"]),
        by=st.sampled_from([None, "p-w1"]),
    )
    def open(self, matter: str, grid: str, by: str | None) -> None:
        self.desk, self.left = Desk(), list[Any]()
        self.desk.do(OpenCase(filed(matter=matter, grid=grid, by=by)))

    def attempt(self, command: Any) -> None:
        try:
            self.desk.do(command)
        except CivicError:
            return

    @rule(department=DEPARTMENTS, command=COMMANDS)
    def department_says(self, department: str, command: tuple[str, dict[str, Any]]) -> None:
        self.attempt(said(self.desk, command[0], department, **command[1]))

    @rule(command=COMMANDS)
    def the_department_says(self, command: tuple[str, dict[str, Any]]) -> None:
        task = self.desk.state.task
        assert task is not None
        self.attempt(said(self.desk, command[0], task.handler.id, **command[1]))

    @rule()
    def the_handler_completes(self) -> None:
        task = self.desk.state.task
        assert task is not None
        self.attempt(CompleteTask(task.handler.person or "", task.id, ("evidence:1",)))

    @rule(passed=st.booleans())
    def the_verifier_verifies(self, passed: bool) -> None:
        asked = self.desk.state.verification
        if asked is not None and asked.verifier is not None:
            self.attempt(Verify(asked.verifier.person or "", passed, confirms=True))

    @rule(person=PEOPLE)
    def completes(self, person: str) -> None:
        task = self.desk.state.task
        assert task is not None
        self.attempt(CompleteTask(person, task.id, ("evidence:1",)))

    @rule(person=PEOPLE, passed=st.booleans(), supervising=st.booleans())
    def verifies(self, person: str, passed: bool, supervising: bool) -> None:
        self.attempt(Verify(person, passed, supervising=supervising, confirms=True))

    @rule()
    def reassigns(self) -> None:
        self.attempt(Reassign("p-boss"))

    @rule(number=st.integers(0, len(POSTINGS) - 1), replaced=st.booleans())
    def a_post_is_left(self, number: int, replaced: bool) -> None:
        leaving, now = POSTINGS[number], self.desk.now
        self.left.append(PostingEnded(posting=leaving.posting, valid_to=now))
        if replaced:
            new = post(f"p-new{number}", leaving.role, leaving.grid)
            self.left.append(new.model_copy(update={"valid_from": now}))
        self.desk.world = replace(world(), postings=build_postings([*POSTINGS, *self.left]))
        self.attempt(HandOn())
        everybody = self.desk.world.postings.in_grid("d", now)
        if any(post.person not in involved(self.desk.state) for post in everybody):
            assert left_behind(self.desk.state, self.desk.world, now) is None

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.desk.later(hours=hours)
        self.attempt(Tick(self.desk.now))

    @rule(solved=st.booleans(), report=st.sampled_from(["report:1", "report:2"]))
    def rated(self, solved: bool, report: str) -> None:
        self.attempt(HearRating(report, solved, self.desk.now))

    @rule(person=PEOPLE, reopen=st.booleans())
    def a_higher_level_decides(self, person: str, reopen: bool) -> None:
        self.attempt(DecideReopening(person, reopen, "not_done"))

    @rule()
    def the_last_reporter_withdraws(self) -> None:
        self.attempt(HearWithdrawal("report:1"))

    @rule()
    def operation_ends(self) -> None:
        self.attempt(ConcludeOperation(self.desk.state.operation or "operation:none"))

    @invariant()
    def an_open_case_is_somebodys(self) -> None:
        if self.desk.state.is_open:
            assert desk_of(self.desk.state) is not None

    @invariant()
    def the_state_is_the_fold_of_its_events(self) -> None:
        state = CaseState(case=self.desk.state.case)
        for event in self.desk.happened:
            state = self.desk.aggregate.evolve(state, event)
        assert state == self.desk.state

    @invariant()
    def one_clock_a_kind_runs_and_segments_follow_each_other(self) -> None:
        by_kind = defaultdict(list)
        for clock in self.desk.state.clocks:
            by_kind[clock.kind].append(clock)
        for clocks in by_kind.values():
            for before, after in pairwise(clocks):
                assert before.stopped_at is not None
                assert before.stopped_at <= after.started_at

    @invariant()
    def closed_means_verified_by_somebody_else(self) -> None:
        if self.desk.state.status == Status.CLOSED:
            passed = self.desk.last(events.VerificationPassed)
            handlers = {
                e.handler.person for e in self.desk.happened if isinstance(e, events.TaskAssigned)
            }
            assert passed.by not in handlers
            assert passed.by != self.desk.state.by
            assert all(c.stopped_at is not None for c in self.desk.state.clocks)

    @invariant()
    def assignment_numbers_count_up_by_one(self) -> None:
        assigned = [e for e in self.desk.happened if isinstance(e, events.TaskAssigned)]
        assert [e.assignment for e in assigned] == list(range(1, len(assigned) + 1))
        assert len({e.taskid for e in assigned}) == 1

    @invariant()
    def at_most_one_return(self) -> None:
        returns = [e for e in self.desk.happened if isinstance(e, events.TaskReturned)]
        assert len(returns) <= 1


CaseMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestCase = CaseMachine.TestCase
