"""One assignment of a task, from acceptance to its outcome."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog

from case_contracts import clock
from case_contracts import commands as said
from case_contracts.inbox import AnswerItem, TaskItem
from case_contracts.values import Limit
from department_sdk.asking import Asker
from department_sdk.failures import lines_of
from department_sdk.handlers import TaskHandler, work_on
from department_sdk.metrics import HANDLER_RETRIES, HANDLER_SECONDS, class_of, task_ended
from department_sdk.outcomes import Completed, NeedHelp, Outcome, Returned
from department_sdk.task import Task
from department_sdk.tracing import span

log = structlog.get_logger()
BEATS_PER_LEASE = 3
LEAST_PAUSE_SECONDS = 0.2
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 2.0
NO_HANDLER = Returned("no_handler")
NAMES: dict[type[Outcome], str] = {
    Completed: "completed",
    Returned: "returned",
    NeedHelp: "need_help",
}


class TaskRun:
    """Accepts, keeps the lease while the handler works, and reports the outcome.

    Command ids are ``<taskid>:<assignment>:<step>``: a run that is repeated after a crash says
    the same things, and each is done once.
    """

    def __init__(
        self,
        item: TaskItem,
        handler: TaskHandler | None,
        asker: Asker,
        *,
        retry_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._item, self._handler, self._asker = item, handler, asker
        self._retry_seconds = retry_seconds
        self._working: asyncio.Task[Outcome] | None = None
        self._traceparent = item.traceparent

    async def run(self) -> None:
        """Until the outcome is answered; a handler that fails for good lets the lease lapse."""
        item = self._item
        about = {"case.subject": item.case, "task": item.taskid, "matter": item.matter}
        with span("department.task", item.traceparent, **about) as self._traceparent:
            try:
                ended = await self._to_its_end()
            except Exception:
                task_ended(item, "failed")
                raise
        task_ended(item, ended)

    async def _to_its_end(self) -> str:
        """How it ended, as the metrics name it."""
        if self._handler is None:
            log.error("no_handler", matter=self._item.matter, task=self._item.taskid)
            return _named(NO_HANDLER, await self._report(NO_HANDLER))
        accepted = await self._asker.ask_until_settled(
            lambda n: self._say(said.Accept, "accept", n)
        )
        if not accepted.accepted:
            log.warning("not_accepted", task=self._item.taskid, code=accepted.code)
            return "not_accepted"
        beats = asyncio.create_task(self._keep_lease(accepted.lease_until))
        try:
            outcome, answer = await self._round(self._handler)
            if isinstance(outcome, Returned) and not answer.accepted:
                outcome, answer = await self._round(self._handler, answer.code)
            return _named(outcome, answer)
        except asyncio.CancelledError:
            if self._working is not None:
                self._working.cancel()
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            log.warning("lease_lost", task=self._item.taskid)
            return "lease_lost"
        finally:
            beats.cancel()

    async def _round(
        self, handler: TaskHandler, return_refused: str | None = None
    ) -> tuple[Outcome, AnswerItem]:
        """The handler once, its outcome, and what was answered to that."""
        self._working = asyncio.create_task(self._work(handler, return_refused))
        outcome = await self._working
        return outcome, await self._report(outcome)

    async def _work(self, handler: TaskHandler, return_refused: str | None) -> Outcome:
        task = Task(self._item, self._progress, self._ask_time, return_refused)
        labels = (self._item.department, class_of(self._item))
        for attempt in range(1, ATTEMPTS):
            try:
                with HANDLER_SECONDS.labels(*labels).time():
                    return await work_on(handler, task)
            except Exception as error:
                HANDLER_RETRIES.labels(*labels).inc()
                failed = {"task": self._item.taskid, "attempt": attempt}
                log.error("handler_failed", **failed, exception=lines_of(error))
                await asyncio.sleep(self._retry_seconds * 2.0 ** (attempt - 1))
        return await work_on(handler, task)

    async def _progress(self, step: str) -> None:
        await self._asker.ask(self._say(said.Progress, f"progress-{step}", step=step))

    async def _ask_time(self, reason: str, more: datetime | Limit) -> AnswerItem:
        """A pause until then, or an extension by the limit; the id says which."""
        if isinstance(more, datetime):
            tail = f"pause-{more.timestamp():.0f}"
            asked = self._say(said.AskPause, tail, reason=reason, until=more)
        else:
            tail = f"extension-{more.amount:g}-{more.unit}"
            asked = self._say(said.AskExtension, tail, reason=reason, limit=more)
        return await self._asker.ask(asked)

    async def _keep_lease(self, until: datetime | None) -> None:
        """A heartbeat at each third of the lease, in domain time; a final refusal ends the work."""
        while until is not None:
            share = (until - clock.now()) / BEATS_PER_LEASE
            real = clock.clock().real_seconds(max(share, timedelta(0)))
            await asyncio.sleep(max(real, LEAST_PAUSE_SECONDS))
            number = int(clock.now().timestamp() * 1000)
            answer = await self._asker.ask(self._say(said.Heartbeat, f"heartbeat-{number}"))
            if not answer.accepted and not answer.retry:
                log.warning("heartbeat_refused", task=self._item.taskid, code=answer.code)
                if self._working is not None:
                    self._working.cancel()
                return
            until = answer.lease_until or until

    async def _report(self, outcome: Outcome) -> AnswerItem:
        answer = await self._asker.ask_until_settled(lambda n: self._command(outcome, n))
        if not answer.accepted:
            log.warning("outcome_refused", task=self._item.taskid, code=answer.code)
        return answer

    def _command(self, outcome: Outcome, again: str) -> said.Command:
        if isinstance(outcome, Completed):
            return self._say(said.Complete, "complete", again, evidence=outcome.evidence)
        if isinstance(outcome, NeedHelp):
            help_with = {"units": outcome.units, "reason": outcome.reason}
            return self._say(said.AskHelp, "ask-help", again, **help_with)
        why = {"reason": outcome.reason, "proposed": outcome.proposed}
        return self._say(said.Return, "return", again, **why)

    def _say(
        self, command: type[said.TaskCommand], tail: str, again: str = "", **fields: Any
    ) -> said.Command:
        item = self._item
        return command(
            id=f"{item.taskid}:{item.assignment}:{tail}{again}",
            sent_at=clock.now(),
            traceparent=self._traceparent,
            case=item.case,
            taskid=item.taskid,
            assignment=item.assignment,
            **fields,
        )


def _named(outcome: Outcome, answer: AnswerItem) -> str:
    return NAMES[type(outcome)] if answer.accepted else "refused"
