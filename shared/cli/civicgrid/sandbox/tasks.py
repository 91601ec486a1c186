"""What the sandbox knows of a task, and why it refuses a command about it, as dispatch does.

``tests/unit/cli/sandbox/test_as_dispatch.py`` compares ``NEEDS`` with dispatch's own rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from case_contracts.commands import TaskCommand
from case_contracts.inbox import TaskItem

PAUSES, EXTENSIONS = 2, 1
"""How often a case may be given more time, where a district has no rules of its own."""


class State(StrEnum):
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    RETURNED = "returned"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


WORK = frozenset({State.ASSIGNED, State.ACCEPTED, State.LAPSED})
GONE = frozenset({State.RETURNED, State.WITHDRAWN})


@dataclass
class Wish:
    """More time that was asked for: a pause ``until``, or longer by ``more``."""

    request: str
    until: datetime | None = None
    more: timedelta | None = None


@dataclass
class SandboxTask:
    """``item`` as it was given last; times in the machine's time, moved on by the clock."""

    item: TaskItem
    state: State = State.ASSIGNED
    accept_by: datetime | None = None
    due_at: datetime | None = None
    lease_until: datetime | None = None
    overdue: bool = False
    lapses: int = 0
    beats: int = 0
    steps: list[str] = field(default_factory=list)
    outcome: str = ""
    evidence: tuple[str, ...] = ()
    refusals: list[str] = field(default_factory=list)
    wish: Wish | None = None
    paused: tuple[datetime, datetime] | None = None
    pauses: int = 0
    extensions: int = 0
    operation: str | None = None

    def move(self, span: timedelta) -> None:
        """So much time has passed at once: everything that is awaited is nearer."""
        for name in ("accept_by", "due_at", "lease_until"):
            at: datetime | None = getattr(self, name)
            setattr(self, name, at and at - span)
        if self.paused is not None:
            self.paused = (self.paused[0] - span, self.paused[1] - span)
        if self.wish is not None and self.wish.until is not None:
            self.wish.until -= span


Holds = Callable[[SandboxTask, Any, datetime], bool]
Need = tuple[str, Holds]

NO_OPERATION: Need = ("operation_open", lambda task, _, __: task.operation is None)
EVIDENCE: Need = (
    "evidence_missing",
    lambda task, command, _: bool(command.evidence) or not task.item.evidence,
)
ACCEPTED: Need = ("not_accepted", lambda task, _, __: task.state == State.ACCEPTED)
HAS_LIMIT: Need = ("no_limit", lambda task, _, __: task.due_at is not None)
IN_TIME: Need = ("limit_ended", lambda task, _, now: task.due_at is None or now < task.due_at)
ONE_REQUEST: Need = ("request_pending", lambda task, _, __: task.wish is None)
NEEDS: Mapping[str, tuple[Need, ...]] = {
    "accept": (("already_accepted", lambda task, _, __: task.state != State.ACCEPTED),),
    "heartbeat": (),
    "progress": (),
    "return": (),
    "complete": (NO_OPERATION, EVIDENCE),
    "ask_help": (NO_OPERATION,),
    "ask_pause": (
        ACCEPTED,
        HAS_LIMIT,
        IN_TIME,
        ONE_REQUEST,
        ("paused_already", lambda task, _, __: task.paused is None),
        ("no_pauses_left", lambda task, _, __: task.pauses < PAUSES),
        ("until_is_past", lambda _, command, now: command.until > now),
    ),
    "ask_extension": (
        ACCEPTED,
        HAS_LIMIT,
        IN_TIME,
        ONE_REQUEST,
        ("no_extensions_left", lambda task, _, __: task.extensions < EXTENSIONS),
    ),
}


def refusal(task: SandboxTask | None, command: TaskCommand, now: datetime) -> str | None:
    """The code, or None where the command is good."""
    if task is None or task.item.case != command.case:
        return "not_your_task"
    if command.assignment != task.item.assignment:
        earlier = command.assignment < task.item.assignment
        return "assignment_is_over" if earlier else "not_your_task"
    if task.state in GONE:
        return "assignment_is_over"
    if task.state not in WORK:
        return "already_done"
    failed = (code for code, holds in NEEDS[command.name] if not holds(task, command, now))
    return next(failed, None)
