"""Events of tasks that give a department a right, or take it away."""

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import TaskAssigned, TaskRevoked
from case_contracts.values import Party, PartyKind
from gateway.domain.rows import ASSIGNED, WITHDRAWN, Row, text_of


def department_of(handler: Party) -> str | None:
    """The handling department; None where a post in a grid handles."""
    return handler.id if handler.kind == PartyKind.DEPARTMENT else None


def on_task_assigned(event: TaskAssigned, envelope: Envelope) -> Row:
    """Also kept where a post has got the task: an earlier department's right is over then."""
    return {
        "kind": ASSIGNED,
        "about": event.taskid,
        "department": department_of(event.handler),
        "assignment": event.assignment,
        "case": event.case,
        "charter": event.charter.model_dump() if event.charter else None,
        "traceparent": envelope.traceparent,
        "data": {
            "case": event.case,
            "taskid": event.taskid,
            "assignment": event.assignment,
            "matter": event.matter,
            "condition": event.condition,
            "grid": event.grid,
            "urgent": event.urgent,
            "rework": event.rework,
            "ruling": event.ruling,
            "assigned_at": text_of(event.assigned_at),
            "accept_by": text_of(event.accept_by),
            "due_at": text_of(event.due_at),
            "closing": event.closing.model_dump(),
            "evidence": list(event.evidence),
        },
    }


def on_task_revoked(event: TaskRevoked, envelope: Envelope) -> Row | None:
    department = department_of(event.handler)
    if department is None:
        return None
    return {
        "kind": WITHDRAWN,
        "about": event.taskid,
        "department": department,
        "assignment": event.assignment,
        "case": event.case,
        "traceparent": envelope.traceparent,
        "data": {
            "case": event.case,
            "taskid": event.taskid,
            "assignment": event.assignment,
            "reason": event.reason,
        },
    }
