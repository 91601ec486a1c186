"""Which reports may stand in Open311's lists, as rows of ``fact_requests``, and when cases were
closed and opened again, as rows of ``fact_request_ends``: each by its day.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import CaseClosed, CaseReopened
from case_contracts.events.intake import Said
from intake.domain.open311 import day_of, is_listed


def offered(data: Said) -> Mapping[str, Any] | None:
    """Nothing for a complaint about somebody, nor for a matter that is about people."""
    if data.about is not None or not is_listed(data.matter):
        return None
    at = data.reported_at
    told = {"report": data.report, "case": data.case, "matter": data.matter}
    return {**told, "day": day_of(at), "at": at}


def closed(data: CaseClosed, _: Envelope) -> Mapping[str, Any]:
    return _end(data.case, data.closed_at, over=True)


def reopened(data: CaseReopened, _: Envelope) -> Mapping[str, Any]:
    return _end(data.case, data.reopened_at, over=False)


def _end(case: str, at: datetime, *, over: bool) -> Mapping[str, Any]:
    return {"case": case, "over": over, "day": day_of(at), "at": at}
