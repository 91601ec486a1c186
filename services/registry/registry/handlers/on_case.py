"""Events of cases, as rows of ``fact_turn``: in whose hands a case is from then on.

Of a case the row with the highest ``sequence`` holds; one without a person is nobody's of ours
(a department's, a closed case's).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import (
    CaseClosed,
    CaseReceived,
    CaseVoided,
    PlacingRequested,
    RulingRequested,
    TaskAssigned,
    VerificationRequested,
)
from case_contracts.values import Party

Row = Mapping[str, Any]


def received(data: CaseReceived, envelope: Envelope) -> Row:
    """Whether it complains of somebody (``about``) is known from here on."""
    row = _row(data.case, envelope, "placing", data.placer, data.reported_at)
    return row if data.about is None else {**row, "about": True}


def asked_to_place(data: PlacingRequested, envelope: Envelope) -> Row:
    return _row(data.case, envelope, "placing", data.placer, data.requested_at)


def assigned(data: TaskAssigned, envelope: Envelope) -> Row:
    return _row(data.case, envelope, "task", data.handler, data.assigned_at, data.due_at)


def asked_to_verify(data: VerificationRequested, envelope: Envelope) -> Row:
    since, due = data.requested_at, data.due_at
    return _row(data.case, envelope, "verification", data.verifier, since, due)


def asked_to_rule(data: RulingRequested, envelope: Envelope) -> Row:
    since, due = data.requested_at, data.due_at
    return _row(data.case, envelope, "ruling", data.arbiter, since, due)


def closed(data: CaseClosed | CaseVoided, envelope: Envelope) -> Row:
    return {"case": data.case, "sequence": envelope.number}


def _row(
    case: str, envelope: Envelope, kind: str, by: Party | None, since: datetime,
    due_at: datetime | None = None,
) -> Row:  # fmt: skip
    row: dict[str, Any] = {"case": case, "sequence": envelope.number}
    if by is None or by.person is None:
        return row
    return row | {
        "kind": kind,
        "person": by.person,
        "posting": by.id,
        "grid": by.grid,
        "since": since,
        "due_at": due_at,
    }
