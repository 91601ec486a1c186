"""What a good command does to its task."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from case_contracts.values import Limit, LimitUnit
from civicgrid.sandbox.tasks import SandboxTask, State, Wish

DAYS = frozenset({LimitUnit.DAYS, LimitUnit.WORKING_DAYS})
Answer = dict[str, Any]


def accept(task: SandboxTask, _: Any, now: datetime, lease: timedelta) -> Answer:
    return _alive(task, now, lease)


def heartbeat(task: SandboxTask, _: Any, now: datetime, lease: timedelta) -> Answer:
    task.beats += 1
    return _alive(task, now, lease)


def progress(task: SandboxTask, command: Any, now: datetime, lease: timedelta) -> Answer:
    task.steps.append(command.step)
    return _alive(task, now, lease)


def give_back(task: SandboxTask, command: Any, _: datetime, __: timedelta) -> Answer:
    task.state, task.outcome = State.RETURNED, f"returned: {command.reason}"
    return {}


def complete(task: SandboxTask, command: Any, _: datetime, __: timedelta) -> Answer:
    task.state, task.outcome, task.evidence = State.COMPLETED, "completed", command.evidence
    return {}


def ask_help(task: SandboxTask, command: Any, _: datetime, __: timedelta) -> Answer:
    task.operation = f"operation:{uuid.uuid4().hex[:8]}"
    return {"operation": task.operation}


def ask_pause(task: SandboxTask, command: Any, _: datetime, __: timedelta) -> Answer:
    task.wish = Wish(_request(), until=command.until)
    return {"request": task.wish.request}


def ask_extension(task: SandboxTask, command: Any, _: datetime, __: timedelta) -> Answer:
    task.wish = Wish(_request(), more=length(command.limit))
    return {"request": task.wish.request}


EFFECTS: Mapping[str, Callable[[SandboxTask, Any, datetime, timedelta], Answer]] = {
    "accept": accept,
    "heartbeat": heartbeat,
    "progress": progress,
    "return": give_back,
    "complete": complete,
    "ask_help": ask_help,
    "ask_pause": ask_pause,
    "ask_extension": ask_extension,
}


def length(limit: Limit) -> timedelta:
    """The sandbox has no calendar: a working hour is an hour, and a working day a day."""
    return timedelta(days=limit.amount) if limit.unit in DAYS else timedelta(hours=limit.amount)


def _alive(task: SandboxTask, now: datetime, lease: timedelta) -> Answer:
    """While time stands still the lease waits: it is counted from the end of the pause."""
    since = now if task.paused is None else max(now, task.paused[1])
    task.state, task.accept_by, task.lease_until = State.ACCEPTED, None, since + lease
    return {"lease_until": task.lease_until}


def _request() -> str:
    return f"request:{uuid.uuid4().hex[:8]}"
