"""What becomes of a case elsewhere, as rows of ``fact_progress``: for the reporter to read.

A row is {case, kind, at, due_at}; that of a notice, or of an answer to a wish, belongs to one
``report`` of the case. ``hands`` are the ids of who works on it or checks it: no reporter is ever
shown them, they are there so that none of those calls the reporter back.
"""

from collections.abc import Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import (
    AnswerGiven,
    CaseClosed,
    CaseReopened,
    CaseVoided,
    ReopeningReferred,
    ReopeningRefused,
    TaskAssigned,
    TaskOverdue,
    VerificationRequested,
)
from case_contracts.events.notification import NoticeSent
from case_contracts.values import Party, PartyKind
from intake.domain.progress import Kind

Row = Mapping[str, Any]


def assigned(data: TaskAssigned, _: Envelope) -> Row:
    return _row(
        data.case,
        Kind.ASSIGNED,
        data.assigned_at,
        due_at=data.due_at,
        taskid=data.taskid,
        by_grid=data.handler.kind is PartyKind.POST,
        hands=_hands(data.handler),
    )


def overdue(data: TaskOverdue, _: Envelope) -> Row:
    return _row(data.case, Kind.OVERDUE, data.due_at, due_at=data.due_at)


def done(data: VerificationRequested, _: Envelope) -> Row:
    return _row(data.case, Kind.DONE, data.requested_at, hands=_hands(data.verifier))


def closed(data: CaseClosed, _: Envelope) -> Row:
    return _row(data.case, Kind.CLOSED, data.closed_at, due_at=data.due_at, on_time=data.on_time)


def reopened(data: CaseReopened, _: Envelope) -> Row:
    return _row(data.case, Kind.REOPENED, data.reopened_at)


def referred(data: ReopeningReferred, _: Envelope) -> Row:
    return _row(data.case, Kind.REFERRED, data.referred_at, report=data.report)


def refused(data: ReopeningRefused, _: Envelope) -> Row:
    return _row(data.case, Kind.REFUSED, data.refused_at, report=data.report, reason=data.reason)


def voided(data: CaseVoided, _: Envelope) -> Row:
    """``by_hand``: people of the district have decided it, and a reporter may object."""
    by_hand = data.by is not None and data.into is None
    return _row(
        data.case, Kind.VOIDED, data.voided_at, reason=data.reason, into=data.into, by_hand=by_hand
    )


def answered(data: AnswerGiven, _: Envelope) -> Row:
    return _row(data.case, Kind.ANSWERED, data.given_at, statement=data.statement)


def told(data: NoticeSent, _: Envelope) -> Row:
    return _row(data.case, Kind.TOLD, data.sent_at, report=data.report)


def _hands(party: Party | None) -> list[str]:
    return [] if party is None else sorted({party.id, party.person or party.id})


def _row(case: str, kind: Kind, at: Any, **more: Any) -> Row:
    return {"case": case, "kind": kind.value, "at": at, **more}
