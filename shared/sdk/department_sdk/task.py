"""What a handler gets: a task, or the call to an operation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from case_contracts import clock
from case_contracts.inbox import AnswerItem, InvitationItem, TaskItem
from case_contracts.values import Limit

Step = Literal["join", "arrive"]


@dataclass(frozen=True)
class Task:
    """A task of ours. ``item`` is all that the department may know about it.

    ``progress`` reports a step of the work, named by a code of the department's own.
    ``return_refused`` is set when the handler has returned the task and may not: it is called
    once more, and the task is the department's to do.
    """

    item: TaskItem
    progress: Callable[[str], Awaitable[None]] = field(repr=False)
    ask_time: Callable[[str, datetime | Limit], Awaitable[AnswerItem]] = field(repr=False)
    return_refused: str | None = None

    @property
    def id(self) -> str:
        return self.item.taskid

    @property
    def matter(self) -> str:
        return self.item.matter

    @property
    def remaining(self) -> timedelta | None:
        """Until the limit; negative when it has run out, None where there is none."""
        due = self.item.due_at
        return None if due is None else due - clock.now()

    async def ask_pause(self, reason: str, until: datetime) -> AnswerItem:
        """Ask that time stands still until then at the latest (挂账). Accepted means that it waits
        to be granted; the same asked again is the same request."""
        return await self.ask_time(reason, until)

    async def ask_extension(self, reason: str, limit: Limit) -> AnswerItem:
        """Ask for so much more time (延期). Accepted means that it waits to be granted; the same
        asked again is the same request."""
        return await self.ask_time(reason, limit)


@dataclass(frozen=True)
class Call:
    """A call to an operation that another department leads (部门报到)."""

    item: InvitationItem
    take: Callable[[Step], Awaitable[None]] = field(repr=False)

    async def join(self) -> None:
        """Say that we come."""
        await self.take("join")

    async def arrive(self) -> None:
        """Say that we are on the spot; joins first where that was not said."""
        await self.take("join")
        await self.take("arrive")
