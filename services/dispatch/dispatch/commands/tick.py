"""A limit or a lease has run out: what becomes of it. ``due_at`` in the event is exact, however
late the timer fires."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from dispatch.domain.case_parts import Task
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import facts, overdue
from dispatch.domain.timers import next_due
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Tick:
    """Look at the case's timers; ``at`` is the time for which it was set."""

    at: datetime


def decide(state: CaseState, command: Tick, context: Context) -> Decision:
    task, due = state.task, next_due(state)
    if task is None or due is None or due > context.now:
        return []
    happened: list[EventData] = []
    if task.due_at is not None and not task.overdue and task.due_at <= context.now:
        happened += overdue(state, task)
    return [*happened, *_lapse(state, task, context.now)]


def _lapse(state: CaseState, task: Task, now: datetime) -> list[events.TaskLapsed]:
    """The lease that has run out, unless an operation is under way."""
    if state.operation is not None:
        return []
    waits = {Status.ASSIGNED: task.accept_by, Status.ACCEPTED: task.lease_until}
    at = waits.get(state.status)
    if at is None or at > now:
        return []
    missed = "acceptance" if state.status == Status.ASSIGNED else "heartbeat"
    return [events.TaskLapsed(**facts(state, task), lapsed_at=at, missed=missed)]
