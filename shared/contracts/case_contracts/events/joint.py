"""Events of joint enforcement: several departments on one problem. Subject: the operation."""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.values import About, Code, Instant, Ref

_OPERATION = "operation:1a2b"
_CASE = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11"
_AT = "2026-01-05T09:20:00+08:00"


@event("operation.convened", owner="joint", aggregate="operation")
class OperationConvened(EventData):
    """A whistle was blown: these units are called, under this lead, to arrive in time. ``about``
    is whom the case complains of."""

    operation: Ref
    case: Ref
    taskid: Ref
    lead: Ref
    units: tuple[Ref, ...]
    grid: Ref
    convened_at: Instant
    arrive_by: Instant
    about: About | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "operation": _OPERATION,
        "case": _CASE,
        "taskid": "task:6f0b1c52-97e7-5b8f-8d0b-d2a9b3c4d5e6",
        "lead": "urban-management",
        "units": ["market-regulation"],
        "grid": "410199001001001",
        "convened_at": _AT,
        "arrive_by": "2026-01-05T09:50:00+08:00",
        "about": None,
    }


class _UnitFact(EventData):
    operation: Ref
    case: Ref
    unit: Ref
    at: Instant


_UNIT = {"operation": _OPERATION, "case": _CASE, "unit": "market-regulation", "at": _AT}


@event("unit.invited", owner="joint", aggregate="operation")
class UnitInvited(_UnitFact):
    """A department is called, the lead or a supporting one."""

    arrive_by: Instant
    matter: str | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {**_UNIT, "arrive_by": "2026-01-05T09:50:00+08:00"}


@event("unit.joined", owner="joint", aggregate="operation")
class UnitJoined(_UnitFact):
    """A called department has said that it comes."""

    EXAMPLE: ClassVar[dict[str, Any]] = _UNIT


@event("unit.declined", owner="joint", aggregate="operation")
class UnitDeclined(_UnitFact):
    """A called department has said that it does not come, and why."""

    reason: Code

    EXAMPLE: ClassVar[dict[str, Any]] = {**_UNIT, "reason": "no_power"}


@event("unit.arrived", owner="joint", aggregate="operation")
class UnitArrived(_UnitFact):
    """A unit is on the spot. ``on_time``: within the arrival limit."""

    on_time: bool

    EXAMPLE: ClassVar[dict[str, Any]] = {**_UNIT, "on_time": True}


@event("unit.signed_off", owner="joint", aggregate="operation")
class UnitSignedOff(_UnitFact):
    """A unit has done its part."""

    EXAMPLE: ClassVar[dict[str, Any]] = _UNIT


@event("operation.concluded", owner="joint", aggregate="operation")
class OperationConcluded(EventData):
    """The lead has signed off; dispatch goes on with the case."""

    operation: Ref
    case: Ref
    taskid: Ref
    by: Ref
    concluded_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "operation": _OPERATION,
        "case": _CASE,
        "taskid": "task:6f0b1c52-97e7-5b8f-8d0b-d2a9b3c4d5e6",
        "by": "urban-management",
        "concluded_at": _AT,
    }


@event("operation_command.refused", owner="joint", aggregate="operation")
class OperationCommandRefused(EventData):
    """A department's command to an operation changed nothing, for this reason; ``retry`` says
    whether a later attempt can succeed."""

    operation: Ref
    command: Ref
    department: Ref
    name: Code
    code: Code
    retry: bool

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "operation": _OPERATION,
        "command": "command:78",
        "department": "market-regulation",
        "name": "join",
        "code": "operation_is_over",
        "retry": False,
    }
