"""Which tasks a department may see and act on now, as its rows and charters say at each look."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from case_contracts.values import Versioned
from gateway.adapters.log_rows import StoredRow, rows_about
from gateway.domain.charters import World
from gateway.domain.rights import task_refusal
from gateway.domain.rows import ASSIGNED
from service_kit import clock
from service_kit.charters import Charters
from service_kit.errors import NotFound, Unavailable
from service_kit.mongo import Database


class Rights:
    """Looks anew each time: nothing is remembered between two questions."""

    def __init__(self, database: Database, load_world: Callable[[], Awaitable[World]]) -> None:
        self._database, self._load_world = database, load_world

    async def of(self, rows: Sequence[StoredRow]) -> tuple[dict[str, str], dict[str, str]]:
        """Row ids of tasks that the department may no longer see, with the reason; and of those
        that have to wait, with the charter that is not known yet."""
        tasks = [row for row in rows if row["kind"] == ASSIGNED]
        if not tasks:
            return {}, {}
        about = await rows_about(self._database, list({row["about"] for row in tasks}))
        return await self._judged(tasks, about)

    async def task(self, department: str, taskid: str) -> StoredRow:
        """The row that gave the department this task, while it is its own.

        Raises NotFound where it is not, whether it never was or is no longer, and Unavailable
        where the charter that it came by is not known yet.
        """
        about = await rows_about(self._database, [taskid])
        given = [row for row in about[taskid] if row["kind"] == ASSIGNED]
        mine = [row for row in given if row["department"] == department]
        latest = max(mine, key=lambda row: int(row["assignment"]), default=None)
        gone, waits = await self._judged([latest], about) if latest else ({}, {})
        if waits:
            raise Unavailable("the charter that the task came by is not known yet; try again")
        if latest is None or gone:
            raise NotFound(f"no task {taskid} of yours")
        return latest

    async def _judged(
        self, tasks: Sequence[StoredRow], about: Mapping[str, Sequence[StoredRow]]
    ) -> tuple[dict[str, str], dict[str, str]]:
        gone: dict[str, str] = {}
        waits: dict[str, str] = {}
        charters, now = (await self._load_world()).charters, clock.now()
        for row in tasks:
            reason = task_refusal(about[row["about"]], row["department"], row["assignment"])
            reason = reason or _charter_refusal(row, charters, now, waits)
            if reason is not None:
                gone[row["_id"]] = reason
        return gone, waits


def _charter_refusal(
    row: StoredRow, charters: Charters, now: datetime, waits: dict[str, str]
) -> str | None:
    if row["charter"] is None:
        return None
    charter = Versioned.model_validate(row["charter"])
    if not charters.known(charter):
        waits[row["_id"]] = charter.id
        return None
    return None if charters.holds(charter, now, row["data"]["matter"]) else "charter_revoked"
