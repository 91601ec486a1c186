"""How supervision and rulings change the state of a case."""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain.case_parts import Ruling, Slip, Watch
from dispatch.domain.state import CaseState, Status

BREACHES = (
    events.TaskLapsed,
    events.TaskOverdue,
    events.TaskTwiceOverdue,
    events.VerificationFailed,
    events.SlipOverdue,
)
"""What counts against a case: the third of them has a slip of its own."""


def counted(state: CaseState, event: EventData) -> CaseState:
    """The breach that this event is, if it is one, counted."""
    if not isinstance(event, BREACHES):
        return state
    return state.model_copy(update={"breaches": state.breaches + 1})


def _near(state: CaseState, _: events.TaskNearDue) -> CaseState:
    assert state.task is not None
    return state.model_copy(update={"task": state.task.model_copy(update={"near": True})})


def _slip(state: CaseState, e: events.SlipIssued) -> CaseState:
    assert state.task is not None
    slip = Slip(
        id=e.slip, colour=e.colour, trigger=e.trigger, assignment=state.task.assignment, to=e.to,
        leader=e.leader, issued_at=e.issued_at, answer_by=e.answer_by,
    )  # fmt: skip
    return state.model_copy(update={"slips": (*state.slips, slip)})


def _slip_answered(state: CaseState, e: events.SlipAnswered) -> CaseState:
    return _one_slip(state, e.slip, answered_at=e.answered_at)


def _slip_overdue(state: CaseState, e: events.SlipOverdue) -> CaseState:
    return _one_slip(state, e.slip, breached=True)


def _one_slip(state: CaseState, slip: str, **change: Any) -> CaseState:
    slips = (s.model_copy(update=change) if s.id == slip else s for s in state.slips)
    return state.model_copy(update={"slips": tuple(slips)})


def _escalated(state: CaseState, e: events.CaseEscalated) -> CaseState:
    return state.model_copy(update={"watch": Watch(grid=e.to_grid, by=e.to)})


def _alerted(state: CaseState, e: events.EmergencyAlerted) -> CaseState:
    return state.model_copy(update={"alerted": e.posts})


def _ruling(state: CaseState, e: events.RulingRequested) -> CaseState:
    before = state.ruling if state.ruling is not None and state.ruling.id == e.ruling else None
    person = e.arbiter.person if e.arbiter is not None else None
    ruling = Ruling(
        id=e.ruling, asked_by=e.asked_by, arbiter=e.arbiter, reason=e.reason, proposed=e.proposed,
        charters=e.charters, statement=e.statement, requested_at=e.requested_at, due_at=e.due_at,
        asked=(*(before.asked if before else ()), *([person] if person else [])),
        missed=before.missed if before else 0,
    )  # fmt: skip
    return state.model_copy(update={"ruling": ruling, "status": Status.RULING})


def _ruling_overdue(state: CaseState, _: events.RulingOverdue) -> CaseState:
    assert state.ruling is not None
    late = state.ruling.model_copy(update={"overdue": True, "missed": state.ruling.missed + 1})
    return state.model_copy(update={"ruling": late})


EVOLVE: Mapping[type[EventData], Callable[[CaseState, Any], CaseState]] = {
    events.TaskNearDue: _near,
    events.SlipIssued: _slip,
    events.SlipAnswered: _slip_answered,
    events.SlipOverdue: _slip_overdue,
    events.CaseEscalated: _escalated,
    events.EmergencyAlerted: _alerted,
    events.RulingRequested: _ruling,
    events.RulingOverdue: _ruling_overdue,
}
"""A ruling that is made shows in the assignment that follows it."""
