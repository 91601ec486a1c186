"""What became of each task, for people and programs."""

from datetime import datetime

from pydantic import BaseModel

from civicgrid.sandbox.tasks import SandboxTask


class Row(BaseModel):
    """``beats`` and ``steps`` are signs of work; ``refusals`` say which command, and its code."""

    taskid: str
    assignment: int
    matter: str
    state: str
    accepted: bool
    beats: int
    steps: list[str]
    lapses: int
    overdue: bool
    lease_until: datetime | None
    due_at: datetime | None
    asks: str | None
    operation: str | None
    outcome: str
    evidence: tuple[str, ...]
    refusals: list[str]


def row_of(task: SandboxTask) -> Row:
    wish = task.wish
    asks = None if wish is None else ("pause" if wish.until is not None else "extension")
    item = task.item
    return Row(
        taskid=item.taskid,
        assignment=item.assignment,
        matter=item.matter,
        state=task.state,
        accepted=task.lease_until is not None,
        beats=task.beats,
        steps=task.steps,
        lapses=task.lapses,
        overdue=task.overdue,
        lease_until=task.lease_until,
        due_at=task.due_at,
        asks=asks,
        operation=task.operation,
        outcome=task.outcome,
        evidence=task.evidence,
        refusals=task.refusals,
    )
