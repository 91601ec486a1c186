"""The task in one handler's hands, from assignment to completion."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.dispatch.examples import AT, CASE, DEPARTMENT, DUE, TASK
from case_contracts.values import (
    Code,
    ConditionCode,
    Instant,
    MatterCode,
    Party,
    Ref,
    Text,
    Versioned,
)


class Reason(EventData):
    """Why a routing decision was made: a stable code and what it refers to."""

    code: Code
    refers_to: Ref | None = None


@event("task.assigned", owner="dispatch", aggregate="case")
class TaskAssigned(EventData):
    """A task is in one handler's hands. ``assignment`` counts up with every new handler.

    A department has its right to see and act from ``charter``; a command under an older
    assignment number is refused. The handler must accept before ``accept_by``. With ``ruling`` an
    arbiter has said so: it cannot be returned.
    """

    case: Ref
    taskid: Ref
    assignment: Annotated[int, Field(ge=1)]
    handler: Party
    charter: Versioned | None = None
    matter: MatterCode
    condition: ConditionCode
    grid: Ref
    reasons: tuple[Reason, ...]
    assigned_at: Instant
    accept_by: Instant | None = None
    due_at: Instant | None = None
    urgent: bool = False
    closing: Text
    evidence: tuple[str, ...] = ()
    rework: bool = False
    ruling: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "case": CASE,
        "taskid": TASK,
        "assignment": 1,
        "handler": DEPARTMENT,
        "charter": {"id": "charter:urban-management:parts", "version": 1},
        "matter": "part/utilities/manhole-cover",
        "condition": "missing",
        "grid": "410199001001001",
        "reasons": [{"code": "charter_lead", "refers_to": "charter:urban-management:parts"}],
        "assigned_at": AT,
        "accept_by": "2026-01-05T09:42:30+08:00",
        "due_at": DUE,
        "urgent": True,
        "closing": {"zh": "井盖复位", "en": "Cover in place"},
        "evidence": ["photo-after"],
        "rework": False,
        "ruling": None,
    }


class _TaskFact(EventData):
    case: Ref
    taskid: Ref
    assignment: Annotated[int, Field(ge=1)]
    handler: Party


_TASK_FACT = {"case": CASE, "taskid": TASK, "assignment": 1, "handler": DEPARTMENT}


@event("task.accepted", owner="dispatch", aggregate="case")
class TaskAccepted(_TaskFact):
    """The handler has accepted; it must send a heartbeat before ``lease_until``. ``receiver``
    took the report first and is released by it (首接负责); null where nobody is."""

    accepted_at: Instant
    lease_until: Instant
    receiver: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_TASK_FACT,
        "accepted_at": AT,
        "lease_until": "2026-01-05T10:12:30+08:00",
        "receiver": "p-000123",
    }


@event("task.progressed", owner="dispatch", aggregate="case")
class TaskProgressed(_TaskFact):
    """A heartbeat or a step of the work: the lease is renewed. ``step`` names the step."""

    step: Code
    lease_until: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_TASK_FACT,
        "step": "heartbeat",
        "lease_until": "2026-01-05T11:12:30+08:00",
    }


@event("task.returned", owner="dispatch", aggregate="case")
class TaskReturned(_TaskFact):
    """The handler gave the task back, once, with a reason and a proposed owner."""

    reason: Code
    proposed: Ref | None = None
    returned_at: Instant
    statement: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_TASK_FACT,
        "reason": "not_ours",
        "proposed": "water-affairs",
        "returned_at": AT,
        "statement": None,
    }


@event("task.completed", owner="dispatch", aggregate="case")
class TaskCompleted(_TaskFact):
    """The handler says that the work is done; ``evidence`` refers to what shows it. ``receiver``
    as in ``task.accepted``, of a task that was done without having been accepted; ``answer`` the
    words that the handler proposes for the reporters."""

    completed_at: Instant
    evidence: tuple[Ref, ...] = ()
    on_time: bool | None = None
    receiver: Ref | None = None
    answer: Ref | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_TASK_FACT,
        "completed_at": "2026-01-05T10:40:00+08:00",
        "evidence": ["evidence:1"],
        "on_time": True,
        "receiver": None,
        "answer": None,
    }


@event("task.lapsed", owner="dispatch", aggregate="case")
class TaskLapsed(_TaskFact):
    """No acceptance or heartbeat came in time: the task is visible to the supervisor."""

    lapsed_at: Instant
    missed: Annotated[str, Field(pattern="^(acceptance|heartbeat)$")]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_TASK_FACT,
        "lapsed_at": "2026-01-05T09:42:30+08:00",
        "missed": "acceptance",
    }


@event("task.revoked", owner="dispatch", aggregate="case")
class TaskRevoked(_TaskFact):
    """The task is taken from the handler; its right to see and act ends with this event."""

    reason: Code
    revoked_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_TASK_FACT,
        "reason": "charter_revoked",
        "revoked_at": AT,
    }


@event("task.overdue", owner="dispatch", aggregate="case")
class TaskOverdue(_TaskFact):
    """The handler's limit has run out with the work not done. ``due_at`` is exact."""

    due_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {**_TASK_FACT, "due_at": DUE}


@event("task.twice_overdue", owner="dispatch", aggregate="case")
class TaskTwiceOverdue(_TaskFact):
    """The handler's limit has passed twice with the work not done. ``twice_at`` is exact."""

    due_at: Instant
    twice_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        **_TASK_FACT,
        "due_at": DUE,
        "twice_at": "2026-01-05T13:12:30+08:00",
    }
