"""What must hold after every event and every commit of a case."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import PartyKind
from dispatch.domain.case_parts import Clock
from dispatch.domain.evolve import evolve
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import WORK
from dispatch.domain.timers import desk as desk_of

MOVES_DEADLINES = (
    events.ClockStarted, events.ClockPaused, events.ClockResumed, events.ClockExtended,
)  # fmt: skip
IN_TURN = (ClockKind.HANDLE, ClockKind.VERIFY, ClockKind.DISPATCH)
"""Of an open case always one party's time runs."""


class Watcher:
    """Replays each event as it comes, and remembers what the rules need."""

    def __init__(self, case: str) -> None:
        self.state = CaseState(case=case)
        self.seen = 0
        self.open_task: int | None = None
        self.assignments = 0
        self.passed: events.VerificationPassed | None = None
        self.people: set[str] = set()
        self.ended: set[object] = set()

    def see(self, happened: Sequence[EventData]) -> None:
        for event in happened[self.seen :]:
            before, self.state = self.state, evolve(self.state, event)
            _only_a_clock_moves_a_deadline(before, event, self.state)
            self._one_lead_task(event)
            self._closed_means_verified(event)
        self.seen = len(happened)

    def _one_lead_task(self, event: EventData) -> None:
        if isinstance(event, events.TaskAssigned):
            assert self.open_task is None, "two lead tasks are open"
            self.assignments += 1
            assert event.assignment == self.assignments, "assignments are counted one by one"
            self.open_task = event.assignment
            if event.handler.kind == PartyKind.POST:
                self.people.add(event.handler.person or event.handler.id)
        over = events.TaskRevoked | events.TaskReturned | events.TaskCompleted
        if isinstance(event, over):
            assert event.assignment == self.open_task, "what ends was the open task"
            self.open_task = None
        if isinstance(event, events.CaseVoided | events.CaseClosed):
            assert self.open_task is None, "a case ended with a task in somebody's hands"
            self.ended.add(event.voided_at if isinstance(event, events.CaseVoided) else
                           event.closed_at)  # fmt: skip

    def _closed_means_verified(self, event: EventData) -> None:
        """Domain rule 4."""
        if isinstance(event, events.TaskCompleted):
            self.passed = None
        if isinstance(event, events.VerificationPassed):
            self.passed = event
        if isinstance(event, events.CaseClosed) and not event.recorded:
            assert self.passed is not None, "closed without a verification that passed"
            assert self.passed.by not in self.people, "verified by a handler"
            assert self.passed.by != self.state.by, "verified by who reported it"
            self.passed = None


def _only_a_clock_moves_a_deadline(before: CaseState, event: EventData, after: CaseState) -> None:
    """Domain rule 1."""
    if isinstance(event, MOVES_DEADLINES):
        return
    assert after.due_at == before.due_at, f"{event.SPEC.name} moved the case's deadline"
    ends = {clock.id: clock.due_at for clock in before.clocks}
    assert {clock.id: clock.due_at for clock in after.clocks} == ends, event.SPEC.name
    if before.task and after.task and not isinstance(event, events.TaskAssigned):
        assert after.task.due_at == before.task.due_at, f"{event.SPEC.name} moved the task's"


def somebodys(state: CaseState) -> None:
    """Never without an owner."""
    if state.is_open:
        assert desk_of(state) is not None, f"nobody's turn while it is {state.status}"


def ledger(state: CaseState, ended: set[object]) -> None:
    """Segments of one kind follow each other; somebody's time runs as long as it is open, without
    a gap; what stands still has no deadline."""
    by_kind = defaultdict(list)
    for clock in state.clocks:
        by_kind[clock.kind].append(clock)
        _pauses(clock)
    for clocks in by_kind.values():
        for before, after in pairwise(clocks):
            assert before.stopped_at is not None, f"{before.id} and {after.id} run at once"
            assert before.stopped_at <= after.started_at, f"{before.id} overlaps {after.id}"
    _without_a_gap([c for c in state.clocks if c.kind in IN_TURN], ended)
    running = [c.kind for c in state.clocks if c.stopped_at is None]
    if state.is_open:
        assert ClockKind.CASE in running
        assert sum(kind in IN_TURN for kind in running) == 1, f"{state.status}: {running}"
    else:
        assert set(running) <= {ClockKind.ANSWER}, f"{state.status}: {running}"
    accepting = state.status in (Status.ASSIGNED, Status.LAPSED)
    assert accepting or ClockKind.ACCEPT not in running, f"{state.status}: nobody is to accept"
    handle = state.running(ClockKind.HANDLE)
    assert (handle is not None) == (state.status in WORK)
    if handle is not None and state.task is not None:
        assert handle.due_at == state.task.due_at, "the task's deadline is its clock's"
        assert handle.party == state.task.handler


def _without_a_gap(clocks: Sequence[Clock], ended: set[object]) -> None:
    for before, after in pairwise(clocks):
        assert before.stopped_at is not None, f"{before.id} and {after.id} run at once"
        met = before.stopped_at == after.started_at or before.stopped_at in ended
        assert met, f"between {before.id} and {after.id} it was nobody's"


def _pauses(clock: Clock) -> None:
    """A handler's clock can stop while it stands still: the work was done, or taken away."""
    if clock.pause is not None:
        assert clock.due_at is None, f"{clock.id} stands still and has a deadline"
        assert clock.near_at is None
        assert clock.twice_at is None
        ends = clock.kind == ClockKind.HANDLE
        assert ends or clock.stopped_at is None, f"{clock.id} was stopped while it stood still"
    for before, after in pairwise(clock.pauses):
        assert before.end is not None
        assert before.end <= after.start
    for pause in clock.pauses:
        assert clock.started_at <= pause.start
        assert pause.end is None or pause.start <= pause.end <= pause.until


def finished(state: CaseState) -> None:
    if state.status == Status.CLOSED:
        assert state.closed_at is not None
    if not state.is_open and state.status != Status.UNKNOWN:
        assert state.operation is None or state.status == Status.CLOSED
