"""The worked example for a department with a ticket system of its own, as its own process, killed
between the ticket and what is told of it."""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import TO_INBOX
from case_contracts import clock
from case_contracts.events.dispatch import TaskAssigned, TaskRevoked
from civicgrid.local.paths import checkout
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.test_http import token
from tests.integration.gateway.vhosts import Departments
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

PROGRAM = checkout() / "deploy" / "departments" / "ticket_system" / "ticket_department.py"


class Theirs:
    """The ticket system as its crews see it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "tickets.sqlite"

    def tickets(self) -> dict[str, dict[str, Any]]:
        try:
            with closing(sqlite3.connect(self._file)) as db:
                db.row_factory = sqlite3.Row
                rows = db.execute("SELECT * FROM tickets").fetchall()
        except sqlite3.OperationalError:
            return {}  # the department has not made the table yet
        return {row["external_id"]: dict(row) for row in rows}

    def change(self, external_id: str, **fields: str) -> None:
        names = ", ".join(f"{name} = ?" for name in fields)
        with closing(sqlite3.connect(self._file)) as db, db:
            values = (*fields.values(), external_id)
            db.execute(f"UPDATE tickets SET {names} WHERE external_id = ?", values)


@asynccontextmanager
async def department(
    departments: Departments, folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Killed at the end, in whatever it does."""
    settings = {
        "CIVICGRID_DEPARTMENT": "um",
        "CIVICGRID_AMQP_URL": departments.as_department("um"),
        "CIVICGRID_MEMORY": str(folder / "memory.sqlite"),
        "TICKETS": str(folder / "tickets.sqlite"),
        "TICKETS_LOOK_SECONDS": "0.05",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), env={**os.environ, **settings}
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


def said(dispatch: FakeDispatch, task: TaskAssigned) -> list[str]:
    """The steps that dispatch was told of a task, each under its own id once."""
    commands = {f.command.id: f.command for f in dispatch.taken}.values()
    own = [c for c in commands if getattr(c, "taskid", None) == task.taskid]
    steps = [getattr(c, "step", c.name) for c in own]
    return [step for step in steps if step != "heartbeat"]


async def test_a_task_is_one_ticket_and_each_status_is_told_once_though_it_is_killed(
    gateway: Twin,
    dispatch: FakeDispatch,
    vault: FakeVault,
    departments: Departments,
    issuer: TestIssuer,
    tmp_path: Path,
) -> None:
    theirs = Theirs(tmp_path)
    await dispatch.charter("um")
    async with department(departments, tmp_path):
        task = await dispatch.assign("um")
        await eventually(lambda: task.taskid in theirs.tickets())
    for ending in ("", "-wal", "-shm"):  # as if killed before anything was remembered
        (tmp_path / f"memory.sqlite{ending}").unlink(missing_ok=True)
    await repeat_inbox(gateway, departments, issuer)
    async with department(departments, tmp_path):
        theirs.change(task.taskid, status="in_progress")
        await eventually(lambda: "on-site" in said(dispatch, task))
    async with department(departments, tmp_path):
        dispatch.refuse["ask_extension"] = "no_extensions_left"
        theirs.change(task.taskid, status="waiting_parts")
        await eventually(lambda: theirs.tickets()[task.taskid]["note"])
        assert "no_extensions_left" in theirs.tickets()[task.taskid]["note"]
        theirs.change(task.taskid, status="done")
        await eventually(lambda: "photo" in theirs.tickets()[task.taskid]["note"])
        theirs.change(task.taskid, photos='["evidence:photo-1"]')
        await eventually(lambda: "complete" in said(dispatch, task))
    assert said(dispatch, task) == ["accept", "on-site", "ask_extension", "complete"]
    (ticket,) = theirs.tickets().values()
    assert (ticket["number"], ticket["assignment"]) == (1, 1)


async def test_a_withdrawn_task_closes_its_ticket_and_given_anew_opens_it_again(
    gateway: Twin,
    dispatch: FakeDispatch,
    vault: FakeVault,
    departments: Departments,
    tmp_path: Path,
) -> None:
    theirs = Theirs(tmp_path)
    await dispatch.charter("um")
    async with department(departments, tmp_path):
        task = await dispatch.assign("um")
        await eventually(lambda: task.taskid in theirs.tickets())
    revoked = TaskRevoked(
        case=task.case, taskid=task.taskid, assignment=1, handler=task.handler,
        reason="lapsed", revoked_at=clock.now(),
    )  # fmt: skip
    await gateway.say(revoked, task.case)
    async with department(departments, tmp_path):
        await eventually(lambda: theirs.tickets()[task.taskid]["status"] == "cancelled")
        assert "lapsed" in theirs.tickets()[task.taskid]["note"]
        await dispatch.assign("um", case=task.case, taskid=task.taskid, assignment=2)
        await eventually(lambda: theirs.tickets()[task.taskid]["status"] == "new")
        theirs.change(task.taskid, status="rejected")
        await eventually(lambda: "return" in said(dispatch, task))
    (ticket,) = theirs.tickets().values()
    assert ticket["assignment"] == 2


async def repeat_inbox(gateway: Twin, departments: Departments, issuer: TestIssuer) -> None:
    """All that was in the inbox comes once more."""
    answer = await gateway.http.get("/departments/um/inbox", headers=token(issuer, "um"))
    items = answer.json()["items"]
    publisher = RabbitPublisher(departments.as_gateway("um"), name="again")
    found = await publisher.publish(
        [Outgoing(TO_INBOX, "", json.dumps(item).encode()) for item in items]
    )
    await publisher.close()
    assert found == [None] * len(items)
