"""What the sandbox answers to commands, as gateway, dispatch and joint would together."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from case_contracts import clock
from case_contracts.commands import COMMAND, AskHelp, Command, OperationCommand, SignOff
from case_contracts.inbox import AnswerItem, InboxItem, OperationConcludedItem, WithdrawnItem
from case_contracts.refusals import OF_COMMANDS
from civicgrid.sandbox import operations
from civicgrid.sandbox.effects import EFFECTS
from civicgrid.sandbox.operations import BECOMES, Operation
from civicgrid.sandbox.tasks import WORK, SandboxTask, State, refusal
from department_sdk.conformance.desk import Desk

NOT_COMPARED = {"sent_at", "traceparent"}


class AnsweringDesk(Desk):
    """The same command id is the same command: it is done once, and answered alike for ever."""

    def __init__(self, department: str, lease: timedelta) -> None:
        super().__init__(lease.total_seconds(), department)
        self.tasks: dict[str, SandboxTask] = {}
        self.operations: dict[str, Operation] = {}
        self._answered: dict[str, tuple[str, dict[str, Any]]] = {}

    async def take(self, body: bytes, *, wrong_sender: bool = False) -> str:
        """A command as it came; ``forwarded``, ``parked`` or the code with which it is turned
        away at the door."""
        try:
            command = COMMAND.validate_json(body)
        except ValidationError:
            return await self._unreadable(body)
        before = self._answered.get(command.id)
        if wrong_sender or (before is not None and before[0] != _content(command)):
            code = "wrong_sender" if wrong_sender else "command_id_reused"
            await self._refuse(command.id, command.name, code)
            return code
        await self._answer(command)
        return "forwarded"

    def _said(self, command: Command) -> dict[str, Any]:
        if command.id not in self._answered:
            self._answered[command.id] = (_content(command), self._decided(command))
        return self._answered[command.id][1]

    def _decided(self, command: Command) -> dict[str, Any]:
        if isinstance(command, OperationCommand):
            return self._of_operation(command)
        task, now = self.tasks.get(command.taskid), clock.now()
        code = refusal(task, command, now)
        if task is None or code is not None:
            if task is not None:
                task.refusals.append(f"{command.name}: {code}")
            return _answer(code)
        return _answer(None) | EFFECTS[command.name](task, command, now, self.lease)

    def _of_operation(self, command: OperationCommand) -> dict[str, Any]:
        operation = self.operations.get(command.operation)
        code = operations.refusal(operation, command)
        if operation is not None and code is None:
            operation.presence = BECOMES[command.name]
        return _answer(code)

    async def _answer(self, command: Command) -> None:
        first = command.id not in self._answered
        await super()._answer(command)
        if first and self._answered[command.id][1]["accepted"]:
            for item in self._follows(command):
                await self.give(item)

    def _follows(self, command: Command) -> Iterator[InboxItem]:
        if isinstance(command, AskHelp):
            task = self.tasks[command.taskid]
            assert task.operation is not None
            self.operations[task.operation] = Operation(task)
            yield from operations.told(task, command, self.head, clock.now())
        elif isinstance(command, SignOff):
            yield from self._concluded(command.operation)

    def _concluded(self, name: str) -> Iterator[InboxItem]:
        """The lead's sign-off concludes the operation, and with it the task."""
        task = self.operations[name].task
        yield OperationConcludedItem(**self.head(), operation=name, case=task.item.case)
        if task.state in WORK:
            task.state, task.outcome = State.COMPLETED, "completed by the operation"
            gone = task.item.model_dump(include={"case", "taskid", "assignment"})
            over = {**self.head(), **gone, "reason": "completed_otherwise"}
            yield WithdrawnItem.model_validate(over)

    async def _unreadable(self, body: bytes) -> str:
        """What has an id can be answered; of all else the department does not hear."""
        try:
            said = json.loads(body)
            await self._refuse(said["id"], str(said.get("name", "unknown")), "invalid")
        except (ValueError, TypeError, KeyError, AttributeError):
            return "parked"
        return "invalid"

    async def _refuse(self, command: str, name: str, code: str) -> None:
        await self.give(AnswerItem(**self.head(), command=command, name=name, **_answer(code)))


def _answer(code: str | None) -> dict[str, Any]:
    retry = code is not None and OF_COMMANDS[code].retry
    return {"accepted": code is None, "code": code, "retry": retry}


def _content(command: Command) -> str:
    return command.model_dump_json(exclude=NOT_COMPARED)
