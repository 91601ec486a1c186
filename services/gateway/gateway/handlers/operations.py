"""Events of joint operations: who is called, and that it is over."""

from collections.abc import Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.joint import OperationConcluded, OperationConvened
from gateway.domain.rows import CONCLUDED, INVITED, text_of

Draft = Mapping[str, Any]


def on_operation_convened(event: OperationConvened, envelope: Envelope) -> Draft:
    """One invitation for the lead and each unit: the right to act in the operation.

    Made from this event, not from ``unit.invited``, since it says who leads and where.
    """
    return {
        "kind": INVITED,
        "about": event.operation,
        "department": None,
        "called": list(dict.fromkeys((event.lead, *event.units))),
        "traceparent": envelope.traceparent,
        "data": {
            "operation": event.operation,
            "case": event.case,
            "grid": event.grid,
            "lead": event.lead,
            "units": list(event.units),
            "arrive_by": text_of(event.arrive_by),
        },
    }


def on_operation_concluded(event: OperationConcluded, envelope: Envelope) -> Draft:
    return {
        "kind": CONCLUDED,
        "about": event.operation,
        "department": None,
        "traceparent": envelope.traceparent,
        "data": {"operation": event.operation, "case": event.case},
    }
