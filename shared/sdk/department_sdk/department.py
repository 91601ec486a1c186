"""A department's own service: handlers by matter, everything else is done for it."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from case_contracts.inbox import (
    INBOX_ITEM,
    AnswerItem,
    InboxItem,
    InvitationItem,
    NoticeItem,
    OperationConcludedItem,
    OperationProgressItem,
    TaskItem,
    WithdrawnItem,
)
from department_sdk.asking import RESEND_SECONDS, Asker
from department_sdk.failures import lines_of
from department_sdk.handlers import CallHandler, Handlers, TaskHandler, WithdrawnHandler
from department_sdk.line import AmqpLine, Line
from department_sdk.memory import InMemory, Memory, SqliteMemory, Work, key_of
from department_sdk.metrics import INBOX_READ, ITEMS, OPEN_WORK, served, task_ended
from department_sdk.operation_run import DONE, OperationRun
from department_sdk.settings import DepartmentSettings
from department_sdk.task_run import FIRST_PAUSE_SECONDS, TaskRun

log = structlog.get_logger()
GRACE_SECONDS = 10.0
PATIENCE = timedelta(hours=4)


class Department:
    """Takes tasks from the inbox, runs the handler that fits, and says what came of it.

    ``takes`` may leave a task lying (it lapses visibly); ``patience`` is how long after the
    arrival limit, in domain time, a lead waits for units that do not come. ``retry_seconds``: the
    first pause after a handler has failed; the next ones double.
    """

    def __init__(
        self,
        department: str,
        line: Line,
        *,
        memory: Memory | None = None,
        takes: Callable[[TaskItem], bool] = lambda _: True,
        patience: timedelta = PATIENCE,
        resend_seconds: float = RESEND_SECONDS,
        retry_seconds: float = FIRST_PAUSE_SECONDS,
        handlers: Handlers | None = None,
        metrics_port: int | None = None,
    ) -> None:
        self.department, self._line = department, line
        self._memory: Memory = memory or InMemory()
        self._takes, self._patience = takes, patience
        self._asker = Asker(department, line, resend_seconds=resend_seconds)
        self.handlers, self._retry_seconds = handlers or Handlers(), retry_seconds
        self._running: dict[str, asyncio.Task[None]] = {}
        self._operations: dict[str, OperationRun] = {}
        self._stopping, self._metrics_port = False, metrics_port

    @classmethod
    def from_env(cls) -> "Department":
        """Settings from ``CIVICGRID_DEPARTMENT``, ``CIVICGRID_AMQP_URL``, ``CIVICGRID_MEMORY``,
        ``CIVICGRID_METRICS_PORT``."""
        settings = DepartmentSettings()
        line = AmqpLine(settings.amqp_url.get_secret_value(), name=settings.department)
        memory = SqliteMemory(settings.memory) if settings.memory else None
        port = settings.metrics_port
        return cls(settings.department, line, memory=memory, metrics_port=port)

    def on(self, line: Line, handlers: Handlers, *, retry_seconds: float) -> "Department":
        """The same department on another line, remembering nothing: to be tried out."""
        return Department(
            self.department,
            line,
            takes=self._takes,
            patience=self._patience,
            retry_seconds=retry_seconds,
            handlers=handlers,
        )

    def handles(self, pattern: str) -> Callable[[TaskHandler], TaskHandler]:
        """Register a coroutine or plain function for matters like ``part/utilities/*``."""

        def register(handler: TaskHandler) -> TaskHandler:
            self.handlers.add(pattern, handler)
            return handler

        return register

    def joins(self, handler: CallHandler) -> CallHandler:
        """Register who answers calls to operations; without it we come, arrive and sign off."""
        self.handlers.on_call = handler
        return handler

    def withdrawn(self, handler: WithdrawnHandler) -> WithdrawnHandler:
        """Register who is told that a task was taken away, after its handler was cancelled and
        before the item is taken off: where it raises it is told again at the next start."""
        self.handlers.on_withdrawn = handler
        return handler

    async def start(self) -> None:
        """Read the inbox, where answers come too, and resume what was open."""
        OPEN_WORK.labels(self.department).set_function(lambda: self.open_work)
        INBOX_READ.labels(self.department).set_function(self._line.healthy)
        unfinished = await self._memory.unfinished()
        await self._line.start(self.on_item)
        for item in unfinished:
            self._begin(item)
            for unit in await self._memory.units_done(key_of(item)):
                self._is_done(key_of(item), unit)

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take nothing new, let running work finish for a while, then leave it to be resumed."""
        self._stopping = True
        running = list(self._running.values())
        if running:
            await asyncio.wait(running, timeout=grace_seconds)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._line.close()

    def run(self) -> None:
        """Start, and stop gracefully at SIGTERM or Ctrl-C; metrics are served meanwhile."""
        with served(self._metrics_port):
            asyncio.run(self._until_told())

    async def _until_told(self) -> None:
        told = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        await self.start()
        await told.wait()
        await self.stop()

    @property
    def open_work(self) -> int:
        """How many tasks and operations are being worked on."""
        return len(self._running)

    async def idle(self) -> None:
        """Return when nothing is being worked on."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def on_item(self, body: bytes) -> bool:
        """One item of the inbox; True when it may be taken off."""
        try:
            item = INBOX_ITEM.validate_json(body)
        except ValidationError as error:
            ITEMS.labels(self.department, "unknown").inc()
            log.error("unknown_item", fields=[e["loc"] for e in error.errors()][:3])
            return True  # of a kind that this version does not know: update the SDK
        ITEMS.labels(self.department, item.kind).inc()
        if isinstance(item, TaskItem | InvitationItem):
            return await self._new(item)
        if isinstance(item, WithdrawnItem):
            return await self._withdrawn(item)
        await self._other(item)
        return True

    async def _new(self, item: Work) -> bool:
        if self._stopping:
            return False
        if not await self._memory.first(item):
            return True
        if isinstance(item, TaskItem) and not self._takes(item):
            log.info("left_lying", task=item.taskid)
            await self._memory.finish(key_of(item))
        else:
            self._begin(item)
        return True

    async def _withdrawn(self, item: WithdrawnItem) -> bool:
        log.info("withdrawn", task=item.taskid, reason=item.reason)
        await self._end(f"{item.taskid}:{item.assignment}")
        if self.handlers.on_withdrawn is None:
            return True
        try:
            await self.handlers.on_withdrawn(item)
        except Exception as error:
            log.error("withdrawal_not_handled", task=item.taskid, exception=lines_of(error))
            return False
        return True

    async def _other(self, item: InboxItem) -> None:
        if isinstance(item, AnswerItem):
            self._asker.hear(item)
        elif isinstance(item, OperationProgressItem):
            if item.step in DONE:
                await self._memory.heard(item.operation, item.unit)
                self._is_done(item.operation, item.unit)
        elif isinstance(item, OperationConcludedItem):
            await self._end(item.operation)
        elif isinstance(item, NoticeItem):
            log.warning("notice", what=item.what, case=item.case, slip=item.slip)

    def _is_done(self, operation: str, unit: str) -> None:
        led = self._operations.get(operation)
        if led is not None:
            led.done(unit)

    def _begin(self, item: Work) -> None:
        key = key_of(item)
        if isinstance(item, TaskItem):
            handler = self.handlers.of(item.matter)
            run = TaskRun(item, handler, self._asker, retry_seconds=self._retry_seconds).run
        else:
            operation = OperationRun(
                item, self.handlers.on_call, self._asker, patience=self._patience
            )
            self._operations[key] = operation
            run = operation.run
        task = self._running[key] = asyncio.create_task(self._until_over(key, run))
        task.add_done_callback(lambda over: self._let_go(item, over))

    async def _until_over(self, key: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run it to its end; when we stop before that, it stays in the memory."""
        try:
            await run()
        except Exception as error:
            log.error("work_failed", key=key, exception=lines_of(error))
        await self._memory.finish(key)

    def _let_go(self, item: Work, over: asyncio.Task[None]) -> None:
        self._running.pop(key_of(item), None)
        self._operations.pop(key_of(item), None)
        if isinstance(item, TaskItem) and over.cancelled() and not self._stopping:
            task_ended(item, "withdrawn")

    async def _end(self, key: str) -> None:
        """It was taken from us: whatever is still done for it is in vain."""
        running = self._running.get(key)
        if running is not None:
            running.cancel()
        await self._memory.finish(key)
