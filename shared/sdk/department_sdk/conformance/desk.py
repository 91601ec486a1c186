"""The other end of the line: gateway and dispatch, as far as a department notices them."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from case_contracts import clock
from case_contracts.commands import Command, TaskCommand
from case_contracts.inbox import EXAMPLES, TaskItem, WithdrawnItem
from department_sdk.testing import DEPARTMENT, RehearsalLine

OUTCOMES = frozenset({"complete", "return", "ask_help"})
LOOK_SECONDS = 0.1
OVER = "assignment_is_over"


class Desk(RehearsalLine):
    """Notes what is sent and when; may hold back answers, and refuses what was withdrawn."""

    def __init__(self, lease_seconds: float, department: str = DEPARTMENT) -> None:
        super().__init__(timedelta(seconds=lease_seconds), department)
        self.times: list[float] = []
        self.hold: set[str] = set()
        self._held: list[Command] = []
        self._withdrawn: set[str] = set()
        self._moved = asyncio.Event()

    async def send(self, command: Command) -> None:
        self.times.append(time.monotonic())
        await super().send(command)
        self._moved.set()

    async def assign(self, matter: str, number: int, **fields: Any) -> TaskItem:
        """Put a task into the inbox (fields of TaskItem; the others are an example's)."""
        new = {"taskid": f"task:tried-{number}", "case": f"case:tried-{number}", "matter": matter}
        now = clock.now()
        times = {"assigned_at": now, "accept_by": None, "due_at": now + timedelta(hours=8)}
        given = EXAMPLES["task.assigned"] | new | times | fields | self.head()
        item = TaskItem.model_validate(given)
        await self.give(item)
        return item

    async def withdraw(self, task: TaskItem, reason: str = "charter_revoked") -> int:
        """Tell it that the task is no longer its own; how many commands were sent before."""
        self._withdrawn.add(work(task))
        gone = {"case": task.case, "taskid": task.taskid, "assignment": task.assignment}
        told = {**self.head(), **gone, "reason": reason}
        await self.give(WithdrawnItem.model_validate(told))
        return len(self.sent)

    async def release(self) -> None:
        """Give the answers that were held back."""
        self.hold.clear()
        held, self._held = self._held, []
        for command in held:
            await self._answer(command)

    def of(self, task: TaskItem, since: int = 0) -> list[TaskCommand]:
        """What was sent for the task, from the so-manieth command on."""
        said = [c for c in self.sent[since:] if isinstance(c, TaskCommand)]
        return [c for c in said if (c.taskid, c.assignment) == (task.taskid, task.assignment)]

    def signs(self, task: TaskItem) -> list[float]:
        """When it gave a sign of life: its acceptance, heartbeats and progress."""
        alive = {"accept", "heartbeat", "progress"}
        pairs = zip(self.times, self.sent, strict=False)
        return [at for at, c in pairs if c in self.of(task) and c.name in alive]

    async def until(self, there: Callable[[], bool], seconds: float) -> bool:
        """Whether it came true in time; looked at whenever something was sent, and meanwhile."""
        end = time.monotonic() + seconds
        while not there():
            self._moved.clear()
            if time.monotonic() >= end:
                return False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._moved.wait()
        return True

    def _refusal(self, command: Command) -> str | None:
        over = isinstance(command, TaskCommand) and work(command) in self._withdrawn
        return OVER if over else super()._refusal(command)

    async def _answer(self, command: Command) -> None:
        if command.name in self.hold:
            self._held.append(command)
        else:
            await super()._answer(command)


def work(of: TaskItem | TaskCommand) -> str:
    return f"{of.taskid}:{of.assignment}"
