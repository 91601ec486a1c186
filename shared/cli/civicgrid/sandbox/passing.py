"""What time does to tasks: leases lapse, limits end, pauses are over."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from case_contracts.values import Text
from civicgrid.sandbox.tasks import WORK, SandboxTask, State

ANSWER_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Happened:
    """``what`` is a code, ``said`` the same for people; ``notice`` tells the department."""

    taskid: str
    what: str
    said: Text
    notice: dict[str, Any] | None = None


def tick(task: SandboxTask, now: datetime) -> Iterator[Happened]:
    """What has come about until now, once each; a lapse and a limit give nobody more time."""
    if task.state not in WORK:
        return
    if task.paused is not None and task.paused[1] <= now:
        yield _resumed(task)
    missed = _missed(task, now)
    if missed is not None:
        task.state, task.lapses = State.LAPSED, task.lapses + 1
        yield Happened(task.item.taskid, "lapsed", missed)
    if not task.overdue and task.paused is None and task.due_at and task.due_at <= now:
        task.overdue = True
        yield _overdue(task, now)


def _missed(task: SandboxTask, now: datetime) -> Text | None:
    if task.state == State.ASSIGNED and task.accept_by and task.accept_by <= now:
        return Text(
            zh="逾期未接收：任务回到督办人",
            en="not accepted in time: the supervisor has the task back",
        )
    if task.state == State.ACCEPTED and task.lease_until and task.lease_until <= now:
        return Text(
            zh="没有心跳，租约失效：任务回到督办人",
            en="no heartbeat, the lease has lapsed: the supervisor has the task back",
        )
    return None


def _overdue(task: SandboxTask, now: datetime) -> Happened:
    slip = {
        "what": "slip",
        "reason": "overdue",
        "slip": f"slip:{uuid.uuid4().hex[:8]}",
        "colour": "yellow",
        "answer_by": now + ANSWER_WITHIN,
    }
    said = Text(
        zh="时限已到：发出黄色督办单", en="the limit has ended: a yellow supervision slip is issued"
    )
    return Happened(task.item.taskid, "overdue", said, slip)


def _resumed(task: SandboxTask) -> Happened:
    assert task.paused is not None
    began, ended = task.paused
    task.paused = None
    task.due_at = task.due_at and task.due_at + (ended - began)
    said = Text(zh="挂账结束，继续计时", en="the pause is over, time runs again")
    return Happened(task.item.taskid, "resumed", said, {"what": "resumed", "due_at": task.due_at})
