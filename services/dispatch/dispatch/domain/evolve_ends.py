"""How answers, voiding, mediations and on-behalf services change the state of a case."""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain.case_parts import Answer, Mediation, Voiding
from dispatch.domain.state import CaseState, Status


def _given(state: CaseState, e: events.AnswerGiven) -> CaseState:
    before = state.answer or Answer()
    given = before.model_copy(update={"statement": e.statement, "given_at": e.given_at})
    return state.model_copy(update={"answer": given})


def _late_answer(state: CaseState, _: events.AnswerOverdue) -> CaseState:
    late = (state.answer or Answer()).model_copy(update={"overdue": True})
    return state.model_copy(update={"answer": late})


def _voiding(state: CaseState, e: events.VoidingRequested) -> CaseState:
    asked = Voiding(by=e.by, reason=e.reason, statement=e.statement, requested_at=e.requested_at)
    return state.model_copy(update={"voiding": asked})


def _not_void(state: CaseState, _: events.VoidingRefused) -> CaseState:
    return state.model_copy(update={"voiding": None})


def _voided(state: CaseState, e: events.CaseVoided) -> CaseState:
    """Only what was voided by hand keeps by whom: its reporters may object to that."""
    by_hand = state.voiding is not None and e.by is not None and e.into is None
    approved = {"approved_by": e.by, "approved_at": e.voided_at}
    voiding = state.voiding.model_copy(update=approved) if state.voiding and by_hand else None
    return state.model_copy(update={"status": Status.VOIDED, "operation": None, "voiding": voiding})


def _late_check(state: CaseState, _: events.VerificationOverdue) -> CaseState:
    assert state.verification is not None
    late = state.verification.model_copy(update={"overdue": True})
    return state.model_copy(update={"verification": late})


def _sitting(state: CaseState, e: events.MediationHeld) -> CaseState:
    held = state.mediation or Mediation()
    return state.model_copy(update={"mediation": held.model_copy(update={"sittings": e.number})})


def _mediated(state: CaseState, e: events.MediationEnded) -> CaseState:
    held = state.mediation or Mediation()
    return state.model_copy(update={"mediation": held.model_copy(update={"outcome": e.outcome})})


def _papers(state: CaseState, e: events.DocumentsHandedOn) -> CaseState:
    return state.model_copy(update={"papers": e.to})


EVOLVE: Mapping[type[EventData], Callable[[CaseState, Any], CaseState]] = {
    events.AnswerGiven: _given,
    events.AnswerOverdue: _late_answer,
    events.VoidingRequested: _voiding,
    events.VoidingRefused: _not_void,
    events.CaseVoided: _voided,
    events.VerificationOverdue: _late_check,
    events.MediationHeld: _sitting,
    events.MediationEnded: _mediated,
    events.DocumentsHandedOn: _papers,
}
