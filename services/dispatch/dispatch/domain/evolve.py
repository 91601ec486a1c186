"""How each event of dispatch changes the state of its case."""

from collections.abc import Callable
from typing import Any

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain import evolve_ends, evolve_supervision, evolve_time
from dispatch.domain.case_parts import LAPSED, TAKEN, Answer, Clock, Task, Verification
from dispatch.domain.state import CaseState, Status

HEARTBEAT = "heartbeat"
"""The step that only says that the handler is still there."""


def _received(state: CaseState, e: events.CaseReceived) -> CaseState:
    return state.model_copy(
        update={
            "status": Status.UNPLACED,
            "report": e.report,
            "matter": e.matter,
            "condition": e.condition,
            "grid": e.grid,
            "grid_path": e.grid_path,
            "located": e.located,
            "standard": e.standard,
            "calendar": e.calendar,
            "reported_at": e.reported_at,
            "about": e.about,
            "by": e.by,
            "receiver": e.receiver,
            "placer": e.placer,
            "recorded": e.recorded,
        }
    )


def _placed(state: CaseState, e: events.CasePlaced) -> CaseState:
    return state.model_copy(
        update={"grid": e.grid, "grid_path": e.grid_path, "located": True, "placer": None}
    )


def _asked_to_place(state: CaseState, e: events.PlacingRequested) -> CaseState:
    return state.model_copy(update={"placer": e.placer})


def _assigned(state: CaseState, e: events.TaskAssigned) -> CaseState:
    again = _same_hands(state, e)
    task = Task(
        id=e.taskid,
        assignment=e.assignment,
        handler=e.handler,
        charter=e.charter,
        evidence=e.evidence,
        accept_by=e.accept_by,
        due_at=e.due_at,
        ruled=e.ruling is not None or (again is not None and again.ruled),
        rework=e.rework,
        taken=_because(e, TAKEN) or (again is not None and again.taken),
    )
    who = e.handler.person or e.handler.id
    handled = state.handled_by if who in state.handled_by else (*state.handled_by, who)
    return state.model_copy(
        update={
            "status": Status.ASSIGNED,
            "task": task,
            "verification": None,
            "handled_by": handled,
            "operation": None,
            "ruling": None,
        }
    )


def _same_hands(state: CaseState, e: events.TaskAssigned) -> Task | None:
    """Rework, or a task that had lapsed, is still the task of whom a ruling gave it to, or who
    came for an emergency."""
    before = state.task
    same = before is not None and before.handler == e.handler
    return before if same and (e.rework or _because(e, LAPSED)) else None


def _because(e: events.TaskAssigned, code: str) -> bool:
    return any(reason.code == code for reason in e.reasons)


def _task(state: CaseState, status: Status, **change: Any) -> CaseState:
    assert state.task is not None
    task = state.task.model_copy(update=change)
    return state.model_copy(update={"status": status, "task": task})


def _accepted(state: CaseState, e: events.TaskAccepted) -> CaseState:
    return _released(_begun(_task(state, Status.ACCEPTED, lease_until=e.lease_until)))


def _released(state: CaseState) -> CaseState:
    """Whoever took the report first answers for it no longer (首接负责)."""
    return state.model_copy(update={"receiver": None}) if state.receiver else state


def _progressed(state: CaseState, e: events.TaskProgressed) -> CaseState:
    assert state.task is not None
    moved = state.task.moved or e.step != HEARTBEAT
    return _begun(_task(state, Status.ACCEPTED, lease_until=e.lease_until, moved=moved))


def _begun(state: CaseState) -> CaseState:
    return state if state.begun else state.model_copy(update={"begun": True})


def _lapsed(state: CaseState, _: events.TaskLapsed) -> CaseState:
    return _task(state, Status.LAPSED, accept_by=None, lease_until=None, moved=False)


def _overdue(state: CaseState, _: events.TaskOverdue) -> CaseState:
    return _task(state, state.status, overdue=True)


def _twice_overdue(state: CaseState, _: events.TaskTwiceOverdue) -> CaseState:
    return _task(state, state.status, twice=True)


def _completed(state: CaseState, e: events.TaskCompleted) -> CaseState:
    done = _task(
        state,
        Status.VERIFYING,
        completed_at=e.completed_at,
        on_time=e.on_time,
        shown=e.evidence,
        accept_by=None,
        lease_until=None,
    )
    proposed = Answer(statement=e.answer) if e.answer else None
    return _released(_begun(done)).model_copy(update={"answer": proposed})


def _returned(state: CaseState, e: events.TaskReturned) -> CaseState:
    return state.model_copy(update={"returned_by": (*state.returned_by, e.handler.id)})


def _clock_started(state: CaseState, e: events.ClockStarted) -> CaseState:
    clock = Clock(
        id=e.clock,
        kind=e.kind,
        party=e.party,
        started_at=e.started_at,
        limit=e.limit,
        due_at=e.due_at,
        near_at=e.near_at,
        twice_at=e.twice_at,
    )
    due = e.due_at if e.kind == events.ClockKind.CASE else state.due_at
    return state.model_copy(update={"clocks": (*state.clocks, clock), "due_at": due})


def _clock_stopped(state: CaseState, e: events.ClockStopped) -> CaseState:
    clocks = tuple(
        c.model_copy(update={"stopped_at": e.stopped_at, "reason": e.reason})
        if c.id == e.clock
        else c
        for c in state.clocks
    )
    return state.model_copy(update={"clocks": clocks})


def _verification(state: CaseState, e: events.VerificationRequested) -> CaseState:
    before, asked = state.verification, tuple[str, ...]()
    if before is not None:
        last = before.verifier
        asked = (*before.asked, last.person or last.id) if last else before.asked
    asked_for = Verification(round=e.round, verifier=e.verifier, due_at=e.due_at, asked=asked)
    return state.model_copy(update={"verification": asked_for, "status": Status.VERIFYING})


def _closed(state: CaseState, e: events.CaseClosed) -> CaseState:
    return state.model_copy(
        update={"status": Status.CLOSED, "closed_at": e.closed_at, "on_time": e.on_time}
    )


def _reopened(state: CaseState, e: events.CaseReopened) -> CaseState:
    dissents = (*state.dissents, e.by_report) if e.by_report else state.dissents
    return state.model_copy(
        update={
            "reopened": state.reopened + 1,
            "dissents": dissents,
            "closed_at": None,
            "referred": (),
            "decided": False,
            "answer": None,
            "voiding": None,
        }
    )


def _referred(state: CaseState, e: events.ReopeningReferred) -> CaseState:
    return state.model_copy(update={"referred": (*state.referred, e.report)})


def _refused(state: CaseState, e: events.ReopeningRefused) -> CaseState:
    if e.by is None:
        return state
    waiting = tuple(report for report in state.referred if report != e.report)
    return state.model_copy(update={"referred": waiting, "decided": True})


def _whistle(state: CaseState, e: events.WhistleBlown) -> CaseState:
    return state.model_copy(update={"operation": e.operation})


EVOLVE: dict[type[EventData], Callable[[CaseState, Any], CaseState]] = {
    events.CaseReceived: _received,
    events.CasePlaced: _placed,
    events.PlacingRequested: _asked_to_place,
    events.TaskAssigned: _assigned,
    events.TaskAccepted: _accepted,
    events.TaskProgressed: _progressed,
    events.TaskLapsed: _lapsed,
    events.TaskOverdue: _overdue,
    events.TaskTwiceOverdue: _twice_overdue,
    events.TaskCompleted: _completed,
    events.TaskReturned: _returned,
    events.ClockStarted: _clock_started,
    events.ClockStopped: _clock_stopped,
    events.VerificationRequested: _verification,
    events.CaseClosed: _closed,
    events.CaseReopened: _reopened,
    events.ReopeningReferred: _referred,
    events.ReopeningRefused: _refused,
    events.WhistleBlown: _whistle,
    **evolve_time.EVOLVE,
    **evolve_supervision.EVOLVE,
    **evolve_ends.EVOLVE,
}
"""Events that are not here (a refused command, a verification's result) change nothing that
later decisions rest on: what follows from them is an event of its own."""


def evolve(state: CaseState, event: EventData) -> CaseState:
    change = EVOLVE.get(type(event))
    changed = state if change is None else change(state, event)
    return evolve_supervision.counted(changed, event)


def evolve_all(state: CaseState, happened: list[EventData]) -> CaseState:
    for event in happened:
        state = evolve(state, event)
    return state
