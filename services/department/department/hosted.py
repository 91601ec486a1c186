"""One department as this process runs it: the SDK, a behaviour, a store."""

import asyncio
import contextlib
from datetime import datetime

import structlog
from aiormq.exceptions import AMQPError
from prometheus_client import Counter, Gauge

from case_contracts import clock
from case_contracts.inbox import TaskItem
from department.adapters.store import DepartmentStore
from department.behaviour.config import DepartmentConfig
from department.behaviour.plan import Fate, MoreTime, done_after_all, plan, visit
from department_sdk import Call, Declined, Department, Outcome, Task
from department_sdk.line import Line
from service_kit.mongo import PyMongoError

log = structlog.get_logger()
TASKS = Counter(
    "civicgrid_department_tasks_total", "Tasks by what became of them", ["department", "fate"]
)
OPEN = Gauge("civicgrid_department_open", "Tasks and operations in work", ["department"])
AGAIN_SECONDS = 1.0


class Hosted:
    """Starts when its broker and store can be reached, and says whether it is at work."""

    def __init__(
        self, department: str, config: DepartmentConfig, line: Line, store: DepartmentStore
    ) -> None:
        self.department, self._config, self._line = department, config, line
        self.store = store
        self.started = False
        self._sdk = Department(department, line, memory=store, takes=self._takes)
        for behaviour in config.behaviours:
            for pattern in behaviour.matters:
                self._sdk.handles(pattern)(self._work)
        self._sdk.joins(self._come)
        OPEN.labels(department).set_function(lambda: self._sdk.open_work)

    async def start(self) -> None:
        """Try until it works."""
        while not self.started:
            try:
                await self._sdk.start()
                self.started = True
            except (AMQPError, OSError, RuntimeError, PyMongoError) as error:
                log.warning("department_waits", department=self.department, reason=str(error))
                await asyncio.sleep(AGAIN_SECONDS)

    async def stop(self) -> None:
        with contextlib.suppress(AMQPError, OSError):
            await self._sdk.stop(grace_seconds=1)

    def state(self) -> str:
        """``ok``, or what is wrong."""
        if not self.started:
            return "its broker or store cannot be reached"
        return "ok" if self._line.healthy() else "the inbox is not being read"

    def _takes(self, item: TaskItem) -> bool:
        ignored = plan(self._config, item).fate == Fate.IGNORED
        if ignored:
            TASKS.labels(self.department, Fate.IGNORED).inc()
        return not ignored

    async def _work(self, task: Task) -> Outcome:
        refused = task.return_refused is not None
        planned = (done_after_all if refused else plan)(self._config, task.item)
        assert planned.outcome is not None
        if planned.more_time is not None:
            await _ask(task, planned.more_time)
        await until(task.item.assigned_at + planned.lasts)
        TASKS.labels(self.department, planned.fate).inc()
        return planned.outcome

    async def _come(self, call: Call) -> Declined | None:
        """Counted from the call, so that after a restart the way does not begin anew."""
        planned = visit(self._config.operations, self._config.seed, call.item)
        if planned.declined:
            return Declined("no_unit_free")
        called = await self.store.since(call.item.operation)
        await call.join()
        await until(called + planned.travel)
        await call.arrive()
        await until(called + planned.travel + planned.work)
        return None


async def _ask(task: Task, more: MoreTime) -> None:
    """Whatever the answer is, the work goes on."""
    await until(task.item.assigned_at + more.after)
    if isinstance(more.wanted, datetime):
        await task.ask_pause(more.reason, more.wanted)
    else:
        await task.ask_extension(more.reason, more.wanted)
    await until(clock.now() + more.decided)


async def until(when: datetime) -> None:
    """Wait in domain time."""
    left = clock.clock().real_seconds(when - clock.now())
    if left > 0:
        await asyncio.sleep(left)
