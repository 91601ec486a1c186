"""One trace leads through a department's work: what its commands are handed on with."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from case_contracts.events.dispatch import TaskAssigned
from department_sdk import Completed, Department, Outcome, Task
from department_sdk.line import AmqpLine
from service_kit import clock
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.test_http import token
from tests.integration.gateway.test_http_only import PROGRAM
from tests.integration.gateway.vhosts import Departments
from tests.support.served import served_here
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

ABOVE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def traced(gateway: Twin, dispatch: FakeDispatch, department: str) -> None:
    """A task that was assigned within this trace."""
    await dispatch.charter(department)
    example = TaskAssigned.EXAMPLE | {
        "handler": {"kind": "department", "id": department},
        "charter": {"id": f"charter:{department}:all", "version": 1},
    }
    assigned = TaskAssigned.model_validate(example)
    envelope = gateway.envelope(assigned, assigned.case, clock.now())
    await gateway.send(envelope.model_copy(update={"traceparent": ABOVE}))


@pytest.fixture
async def by_amqp(departments: Departments) -> AsyncIterator[None]:
    """A department of the SDK."""
    department = Department("um", AmqpLine(departments.as_department("um"), name="um"))

    @department.handles("*")
    async def work(task: Task) -> Outcome:
        return Completed(("evidence:1",))

    await department.start()
    yield
    await department.stop()


@pytest.fixture
async def by_http(gateway: Twin, issuer: TestIssuer, tmp_path: Path) -> AsyncIterator[None]:
    """The department in Python's standard library."""
    bearer = token(issuer, "by-http")["Authorization"].removeprefix("Bearer ")
    (tmp_path / "token").write_text(bearer)
    async with served_here(gateway.app) as url:
        settings = {
            "CIVICGRID_GATEWAY_URL": url,
            "CIVICGRID_DEPARTMENT": "by-http",
            "CIVICGRID_TOKEN_FILE": str(tmp_path / "token"),
            "STATE_FILE": str(tmp_path / "state.json"),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(PROGRAM), env={**os.environ, **settings}
        )
        yield
        process.kill()
        await process.wait()


async def test_commands_of_the_sdk_go_on_in_the_trace_of_their_task(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, by_amqp: None
) -> None:
    await traced(gateway, dispatch, "um")
    await completed(dispatch)
    assert {each.traceparent for each in dispatch.taken} == {ABOVE}


async def test_commands_over_http_go_on_in_the_trace_of_their_task(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, by_http: None
) -> None:
    await traced(gateway, dispatch, "by-http")
    await completed(dispatch)
    assert {each.traceparent for each in dispatch.taken} == {ABOVE}


async def completed(dispatch: FakeDispatch) -> None:
    await eventually(lambda: "complete" in [each.command.name for each in dispatch.taken])
