"""When cases were closed and opened again, as rows of ``fact_request_ends`` by their days."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import CaseClosed, CaseReopened
from intake.domain.listed import day_of


def closed(data: CaseClosed, _: Envelope) -> Mapping[str, Any]:
    return _end(data.case, data.closed_at, over=True)


def reopened(data: CaseReopened, _: Envelope) -> Mapping[str, Any]:
    return _end(data.case, data.reopened_at, over=False)


def _end(case: str, at: datetime, *, over: bool) -> Mapping[str, Any]:
    return {"case": case, "over": over, "day": day_of(at), "at": at}
