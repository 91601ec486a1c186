"""The department that speaks nothing but HTTP, as its own process, killed in the middle too."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from case_contracts.commands import Complete
from civicgrid.local.paths import checkout
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.test_http import token
from tests.support.served import served_here
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

PROGRAM = checkout() / "deploy" / "departments" / "http_only" / "department.py"
NAME = "by-http"
TASKS = 6


@pytest.fixture
async def url(gateway: Twin) -> AsyncIterator[str]:
    """Where the gateway answers over real HTTP."""
    async with served_here(gateway.app) as address:
        yield address


async def _started(url: str, folder: Path) -> asyncio.subprocess.Process:
    settings = {
        "CIVICGRID_GATEWAY_URL": url,
        "CIVICGRID_DEPARTMENT": NAME,
        "CIVICGRID_TOKEN_FILE": str(folder / "token"),
        "STATE_FILE": str(folder / "state.json"),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), env={**os.environ, **settings}
    )


async def test_it_completes_each_task_once_though_it_is_killed(
    gateway: Twin,
    dispatch: FakeDispatch,
    vault: FakeVault,
    issuer: TestIssuer,
    url: str,
    tmp_path: Path,
) -> None:
    bearer = token(issuer, NAME)["Authorization"].removeprefix("Bearer ")
    (tmp_path / "token").write_text("stale")  # tried again until the new one is there
    await dispatch.charter(NAME)
    department = await _started(url, tmp_path)
    try:
        tasks = {(await dispatch.assign(NAME)).taskid for _ in range(TASKS)}
        (tmp_path / "token").write_text(bearer)
        await eventually(lambda: dispatch.taken)
        department.kill()
        await department.wait()
        department = await _started(url, tmp_path)

        def completed() -> list[Complete]:
            found = [each.command for each in dispatch.taken]
            return [each for each in found if isinstance(each, Complete)]

        assert await eventually(lambda: len({c.taskid for c in completed()}) == TASKS)
        done = completed()
        assert {command.taskid for command in done} == tasks
        assert len(done) == TASKS, [command.id for command in done]
        assert all(command.evidence for command in done)
    finally:
        department.kill()
        await department.wait()
    assert json.loads((tmp_path / "state.json").read_text())["after"] > 0
