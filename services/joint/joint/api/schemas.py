"""What the API answers."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from joint.domain.state import OperationState, Presence, Status, Unit

_EXAMPLE: dict[str, Any] = {
    "operation": "operation:1a2b",
    "case": "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11",
    "taskid": "task:6f0b1c52-97e7-5b8f-8d0b-d2a9b3c4d5e6",
    "status": "open",
    "grid": "410199001001001",
    "lead": "urban-management",
    "convened_at": "2026-01-05T01:20:00Z",
    "arrive_by": "2026-01-05T01:50:00Z",
    "concluded_at": None,
    "units": [
        {"department": "urban-management", "presence": "invited"},
        {
            "department": "market-regulation",
            "presence": "arrived",
            "arrived_at": "2026-01-05T01:41:00Z",
            "on_time": True,
        },
    ],
}


class CalledUnit(BaseModel):
    """A called department. ``on_time``: it arrived within the limit."""

    department: str
    presence: Presence
    arrived_at: datetime | None = None
    on_time: bool | None = None
    reason: str | None = None

    @classmethod
    def of(cls, unit: Unit) -> "CalledUnit":
        return cls(**unit.model_dump())


class Operation(BaseModel):
    """An operation as it stands; the lead is the first of ``units``."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    operation: str
    case: str
    taskid: str
    status: Status
    grid: str
    lead: str
    convened_at: datetime
    arrive_by: datetime
    concluded_at: datetime | None
    units: list[CalledUnit]

    @classmethod
    def of(cls, state: OperationState) -> "Operation":
        return cls.model_validate(state.model_dump())
