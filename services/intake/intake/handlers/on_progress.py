"""What becomes of a case elsewhere, as rows of ``fact_progress``: for the reporter to read.

A row is {case, kind, at, due_at}; that of a notice belongs to one ``report`` of the case.
Nothing says who does the work.
"""

from collections.abc import Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import (
    CaseClosed,
    CaseReopened,
    TaskAssigned,
    TaskOverdue,
    VerificationRequested,
)
from case_contracts.events.notification import NoticeSent
from intake.domain.progress import Kind

Row = Mapping[str, Any]


def assigned(data: TaskAssigned, _: Envelope) -> Row:
    return _row(data.case, Kind.ASSIGNED, data.assigned_at, due_at=data.due_at)


def overdue(data: TaskOverdue, _: Envelope) -> Row:
    return _row(data.case, Kind.OVERDUE, data.due_at, due_at=data.due_at)


def done(data: VerificationRequested, _: Envelope) -> Row:
    return _row(data.case, Kind.DONE, data.requested_at)


def closed(data: CaseClosed, _: Envelope) -> Row:
    return _row(data.case, Kind.CLOSED, data.closed_at, due_at=data.due_at, on_time=data.on_time)


def reopened(data: CaseReopened, _: Envelope) -> Row:
    return _row(data.case, Kind.REOPENED, data.reopened_at)


def told(data: NoticeSent, _: Envelope) -> Row:
    return _row(data.case, Kind.TOLD, data.sent_at, report=data.report)


def _row(case: str, kind: Kind, at: Any, **more: Any) -> Row:
    return {"case": case, "kind": kind.value, "at": at, **more}
