"""Trying handlers without a broker: a rehearsal gives tasks and answers every command.

```python
async with Rehearsal(dept_handlers) as rehearsal:
    said = await rehearsal.task(matter="part/utilities/manhole-cover")
    assert said[-1].name == "complete"
```
"""

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any

from case_contracts import clock
from case_contracts.commands import Command
from case_contracts.inbox import EXAMPLES, AnswerItem, InboxItem, InvitationItem, TaskItem
from department_sdk.department import Department
from department_sdk.line import OnItem

LEASE = timedelta(hours=1)
DEPARTMENT = "rehearsing-department"


class RehearsalLine:
    """Stands in for the gateway: notes commands and accepts all but those in ``refuse``
    (command name to code). ``lease`` is what an acceptance and each heartbeat gives."""

    def __init__(self, lease: timedelta = LEASE, department: str = DEPARTMENT) -> None:
        self.lease, self.department = lease, department
        self.sent: list[Command] = []
        self.refuse: dict[str, str] = {}
        self.cursor = 0
        self._on_item: OnItem | None = None
        self._answers: set[asyncio.Task[None]] = set()

    async def start(self, on_item: OnItem) -> None:
        self._on_item = on_item

    async def send(self, command: Command) -> None:
        """Note it; its answer comes a moment later, as over a broker."""
        self.sent.append(command)
        answer = asyncio.create_task(self._answer(command))
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def give(self, item: InboxItem) -> None:
        """Put an item into the inbox."""
        assert self._on_item is not None, "the department has not been started"
        await self._on_item(item.model_dump_json().encode())

    def head(self) -> dict[str, Any]:
        """Id, cursor and department of the next item."""
        self.cursor += 1
        return {"id": str(uuid.uuid4()), "cursor": self.cursor, "department": self.department}

    async def close(self) -> None:
        await asyncio.gather(*self._answers, return_exceptions=True)

    def healthy(self) -> bool:
        return self._on_item is not None

    def _refusal(self, command: Command) -> str | None:
        return self.refuse.get(command.name)

    def _said(self, command: Command) -> dict[str, Any]:
        """What the answer says besides of which command it is."""
        code = self._refusal(command)
        until = clock.now() + self.lease if code is None else None
        return {"accepted": code is None, "code": code, "lease_until": until}

    async def _answer(self, command: Command) -> None:
        said = self._said(command)
        head = self.head()
        await self.give(AnswerItem(**head, command=command.id, name=command.name, **said))


class Rehearsal:
    """Runs a department's handlers; ``register`` puts them on the department it is given."""

    def __init__(self, register: Callable[[Department], None], **options: Any) -> None:
        self.line = RehearsalLine()
        self.department = Department(DEPARTMENT, self.line, **options)
        register(self.department)

    async def __aenter__(self) -> "Rehearsal":
        await self.department.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.department.stop(grace_seconds=0)

    async def task(self, **fields: Any) -> list[Command]:
        """Give a task (fields of TaskItem; the others are an example's) and wait until it is
        worked off; the commands that the department sent for it."""
        item = self.task_item(**fields)
        before = len(self.line.sent)
        await self.line.give(item)
        await self.idle()
        return self.line.sent[before:]

    def task_item(self, **fields: Any) -> TaskItem:
        """A task for this department."""
        fresh = {"taskid": f"task:{uuid.uuid4()}", "case": f"case:{uuid.uuid4()}"}
        given = EXAMPLES["task.assigned"] | fresh | fields | self.line.head()
        return TaskItem.model_validate(given)

    async def call(self, **fields: Any) -> list[Command]:
        """Give a call to an operation of another lead; what the department answered."""
        given = EXAMPLES["operation.invited"] | fields | self.line.head()
        before = len(self.line.sent)
        await self.line.give(InvitationItem.model_validate(given))
        await self.idle()
        return self.line.sent[before:]

    async def idle(self) -> None:
        """Until nothing is being worked on."""
        await self.department.idle()
