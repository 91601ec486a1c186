"""Calls between departments and dispatch."""

from typing import Any, ClassVar

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, DEPARTMENT, TASK
from case_contracts.values import (
    About,
    Code,
    Instant,
    Party,
    Ref,
)


@event("whistle.blown", owner="dispatch", aggregate="case")
class WhistleBlown(EventData):
    """A handler or grid calls for departments to act together (吹哨). ``about`` is whom the case
    complains of: none of ``units`` is one of those, and none of them may see the operation."""

    case: Ref
    taskid: Ref
    operation: Ref
    by: Party
    units: tuple[Ref, ...]
    lead: Ref
    grid: Ref
    blown_at: Instant
    reason: Code
    about: About | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "operation": "operation:1a2b",
        "by": DEPARTMENT,
        "units": ["market-regulation"],
        "lead": "urban-management",
        "grid": "410199001001001",
        "blown_at": AT,
        "reason": "needs_other_powers",
        "about": None,
    }


@event("command.refused", owner="dispatch", aggregate="case")
class CommandRefused(EventData):
    """A department's command changed nothing, for this reason; ``retry`` says whether a
    later attempt can succeed."""

    case: Ref
    command: Ref
    department: Ref
    name: Code
    code: Code
    retry: bool

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "command": "command:77",
        "department": "urban-management",
        "name": "complete",
        "code": "assignment_is_over",
        "retry": False,
    }
