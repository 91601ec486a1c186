"""The sandbox's desk: it gives and takes away tasks, and has a clock that can be moved."""

import uuid
from datetime import timedelta
from typing import Any

from case_contracts import clock
from case_contracts.inbox import NoticeItem
from civicgrid.local import LocalError
from civicgrid.sandbox.answers import AnsweringDesk
from civicgrid.sandbox.evidence import EvidenceShelf
from civicgrid.sandbox.passing import Happened, tick
from civicgrid.sandbox.tasks import WORK, SandboxTask, State, Wish

ACCEPT_WITHIN = timedelta(hours=4)
SEE = "see: civicgrid sandbox tasks"


class SandboxDesk(AnsweringDesk):
    """What people do to a department's tasks, and what time does."""

    def __init__(self, department: str, lease: timedelta) -> None:
        super().__init__(department, lease)
        self.shelf = EvidenceShelf(department)

    async def new(self, matter: str, **fields: Any) -> SandboxTask:
        """Give a task; fields as in TaskItem."""
        unique = uuid.uuid4().hex[:8]  # a department may remember tasks of an earlier sandbox
        ids = {"taskid": f"task:{unique}", "case": f"case:{unique}"}
        times = {"accept_by": clock.now() + ACCEPT_WITHIN}
        photo = {"attachments": (self.shelf.photo_of(ids["taskid"]),), "withheld": 0}
        item = await self.assign(matter, len(self.tasks) + 1, **(ids | times | photo | fields))
        task = SandboxTask(item, accept_by=item.accept_by, due_at=item.due_at)
        self.tasks[item.taskid] = task
        return task

    async def take_away(self, taskid: str, reason: str) -> SandboxTask:
        """Withdraw a task, whatever is being done for it."""
        task = self.open_task(taskid)
        task.state, task.outcome = State.WITHDRAWN, f"withdrawn: {reason}"
        await self.withdraw(task.item, reason)
        return task

    async def again(self, taskid: str) -> SandboxTask:
        """As a supervisor who gives a task to the same department anew."""
        task = self.open_task(taskid)
        await self.withdraw(task.item, "reassigned")
        now = clock.now()
        task.state, task.accept_by, task.lease_until = State.ASSIGNED, now + ACCEPT_WITHIN, None
        anew = {"assignment": task.item.assignment + 1, "accept_by": task.accept_by}
        task.item = task.item.model_copy(update={**self.head(), **anew, "assigned_at": now})
        await self.give(task.item)
        return task

    async def settle(self, taskid: str, *, granted: bool) -> SandboxTask:
        """Grant the more time that was asked for, or refuse it; the department is told."""
        task = self.open_task(taskid)
        wish, task.wish = task.wish, None
        if wish is None:
            raise LocalError(f"task {taskid} has not asked for more time", SEE)
        said = self._granted(task, wish) if granted else {"what": "relief_refused"}
        await self._notify(task, {**said, "request": wish.request})
        return task

    def _granted(self, task: SandboxTask, wish: Wish) -> dict[str, Any]:
        now = clock.now()
        if wish.until is not None:
            task.paused, task.pauses = (now, wish.until), task.pauses + 1
            task.lease_until = max(now, wish.until) + self.lease
            return {"what": "paused", "until": wish.until}
        assert wish.more is not None
        task.due_at, task.extensions = task.due_at and task.due_at + wish.more, task.extensions + 1
        return {"what": "extended", "due_at": task.due_at}

    async def move(self, span: timedelta) -> list[Happened]:
        """So much time passes at once. Times told before stay as told; those told from now on
        are the machine's again, so that the department needs no clock of its own for it."""
        for task in self.tasks.values():
            task.move(span)
        return await self.pass_time()

    async def pass_time(self) -> list[Happened]:
        """What has come about until now."""
        happened = [each for task in self.tasks.values() for each in tick(task, clock.now())]
        for each in happened:
            if each.notice is not None:
                await self._notify(self.tasks[each.taskid], each.notice)
        return happened

    def open_task(self, taskid: str) -> SandboxTask:
        """Raises LocalError where there is none, or it is over."""
        task = self.tasks.get(taskid)
        if task is None or task.state not in WORK:
            state = "unknown" if task is None else task.state.value
            raise LocalError(f"task {taskid} is {state}", SEE)
        return task

    async def _notify(self, task: SandboxTask, said: dict[str, Any]) -> None:
        about = {"case": task.item.case, "at": clock.now()}
        await self.give(NoticeItem.model_validate({**self.head(), **about, **said}))
