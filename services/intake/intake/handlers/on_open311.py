"""Which reports may stand in Open311's lists, as rows of ``fact_requests``: by the day on which
they were made. What has become of them is read from their own state.
"""

from collections.abc import Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.intake import Said
from intake.domain.open311 import day_of, is_listed


def offered(data: Said, _: Envelope) -> Mapping[str, Any] | None:
    """Nothing for a complaint about somebody, nor for a matter that is about people."""
    if data.about is not None or not is_listed(data.matter):
        return None
    at = data.reported_at
    return {"report": data.report, "matter": data.matter, "day": day_of(at), "at": at}
