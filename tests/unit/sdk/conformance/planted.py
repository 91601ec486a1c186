"""Departments with one fault each, with and without the SDK."""

import asyncio
import time
from typing import Any

from case_contracts import clock
from case_contracts import commands as said
from case_contracts.inbox import INBOX_ITEM, AnswerItem, TaskItem, WithdrawnItem
from department_sdk import Completed, Department, Outcome, Returned, Task
from department_sdk.line import AmqpLine, Line

EVIDENCE = ("evidence:photo-17",)


def _department() -> Department:
    return Department("planted", AmqpLine("amqp://nobody:no@127.0.0.1:1/", name="planted"))


good = _department()
returning = _department()
threaded = _department()
without_evidence = _department()
blocking = _department()
crashing = _department()
endless = _department()


@good.handles("part/*")
async def repair(task: Task) -> Outcome:
    return Completed(EVIDENCE)


@returning.handles("*")
async def give_back(task: Task) -> Outcome:
    return Returned("not_ours")


@threaded.handles("event/appearance/*")
def sweep(task: Task) -> Outcome:
    time.sleep(1.2)  # longer than a loop may stand still
    return Completed(EVIDENCE)


@without_evidence.handles("*")
async def forget(task: Task) -> Outcome:
    return Completed()


@blocking.handles("*")
async def block(task: Task) -> Outcome:
    time.sleep(1.2)  # noqa: ASYNC251 the fault itself
    return Completed(EVIDENCE)


@crashing.handles("*")
async def crash(task: Task) -> Outcome:
    raise KeyError("no crew")


@endless.handles("*")
async def wait(task: Task) -> Outcome:
    await asyncio.Event().wait()
    return Completed(EVIDENCE)


class Raw:
    """Speaks the contract by itself, and rightly; a fault is what a subclass does otherwise."""

    beats = True
    minds_withdrawal = True
    remembers = True
    prefix = "{taskid}:{assignment}:"

    def __init__(self, line: Line) -> None:
        self.line = line
        self.seen: set[str] = set()
        self.working: dict[str, asyncio.Task[None]] = {}
        self.answers: dict[str, asyncio.Future[AnswerItem]] = {}
        self.number = 0

    async def start(self) -> None:
        await self.line.start(self.on_item)

    async def stop(self) -> None:
        for task in self.working.values():
            task.cancel()
        await asyncio.gather(*self.working.values(), return_exceptions=True)
        await self.line.close()

    async def on_item(self, body: bytes) -> bool:
        item = INBOX_ITEM.validate_json(body)
        if isinstance(item, AnswerItem):
            answer = self.answers.get(item.command)
            if answer is not None and not answer.done():
                answer.set_result(item)
        elif isinstance(item, TaskItem):
            if self.remembers and item.id in self.seen:
                return True
            self.seen.add(item.id)
            self.number += 1
            self.working[f"{item.taskid}/{self.number}"] = asyncio.create_task(self.work(item))
        elif isinstance(item, WithdrawnItem) and self.minds_withdrawal:
            for key, task in self.working.items():
                if key.startswith(f"{item.taskid}/"):
                    task.cancel()
        return True

    async def work(self, item: TaskItem) -> None:
        beating = asyncio.create_task(self.beat(item)) if self.beats else None
        try:
            await self.say(item, said.Accept, "accept")
            await self.say(item, said.Complete, self.last_step(), evidence=EVIDENCE)
        finally:
            if beating:
                beating.cancel()

    def last_step(self) -> str:
        return "complete"

    async def beat(self, item: TaskItem) -> None:
        for number in range(1000):
            await asyncio.sleep(0.3)
            await self.say(item, said.Heartbeat, f"heartbeat-{number}")

    async def say(
        self, item: TaskItem, kind: type[said.TaskCommand], step: str, **more: Any
    ) -> AnswerItem:
        command = kind(
            id=self.prefix.format(taskid=item.taskid, assignment=item.assignment) + step,
            sent_at=clock.now(), case=item.case, taskid=item.taskid,
            assignment=item.assignment, **more,
        )  # fmt: skip
        answer = self.answers[command.id] = asyncio.Future[AnswerItem]()
        await self.line.send(command)
        return await answer


class WithoutHeartbeat(Raw):
    beats = False


class DeafToWithdrawal(Raw):
    minds_withdrawal = False


class Forgetful(Raw):
    """Works again on what comes again, and says so under an id of its own."""

    remembers = False

    def last_step(self) -> str:
        return f"complete-{self.number}"


class OwnIds(Raw):
    prefix = "mine:{taskid}:{assignment}:"
