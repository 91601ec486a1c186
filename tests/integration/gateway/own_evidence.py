"""A department with a task, over HTTP: what tests of its evidence begin with."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from case_contracts.events.dispatch import TaskAssigned
from service_kit import clock
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.test_http import token
from tests.support.served import served_here
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

JPEG = {"Content-Type": "image/jpeg"}
PHOTO = b"\xff\xd8\xff after the work"


class Film:
    """It comes as slowly as it is watched, and never ends by itself."""

    def __init__(self) -> None:
        self.left = threading.Event()

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            while True:
                yield bytes(1000)
                await asyncio.sleep(0.02)
        finally:
            self.left.set()


class Own:
    """Department um with a task on case:1, over HTTP."""

    def __init__(
        self, http: httpx.AsyncClient, task: TaskAssigned, headers: dict[str, str]
    ) -> None:
        self.http, self.task, self.headers = http, task, headers
        self.base = f"/departments/um/tasks/{task.taskid}/evidence"

    async def is_known(self) -> bool:
        """Whether the gateway has heard of the task."""
        return (await self.listed()).status_code == 200

    async def listed(self) -> httpx.Response:
        return await self.http.get(self.base, headers=self.headers)

    async def opened(self, evidence: str) -> httpx.Response:
        return await self.http.get(f"{self.base}/{evidence}", headers=self.headers)

    async def attach(self, content: Any = PHOTO, key: str | None = None, **query: str) -> Any:
        keyed = {"Idempotency-Key": key} if key else {}
        return await self.http.post(
            self.base, params={"phase": "after", **query}, content=content,
            headers={**self.headers, **JPEG, **keyed},
        )  # fmt: skip


async def department_with_a_task(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer
) -> Own:
    vault.words["case:1"] = {"text": "井盖没了", "point": None}
    await dispatch.charter("um")
    task = await dispatch.assign("um", case="case:1")
    mine = Own(gateway.http, task, token(issuer, "um"))
    await eventually(mine.is_known)
    return mine


@asynccontextmanager
async def elsewhere(gateway: Twin, own: Own) -> AsyncIterator[Own]:
    """The same department over a real connection, which can break."""
    async with (
        served_here(gateway.app) as url,
        httpx.AsyncClient(base_url=url, timeout=20, trust_env=False) as http,
    ):
        yield Own(http, own.task, own.headers)


async def end_right(dispatch: FakeDispatch, task: TaskAssigned, how: str) -> None:
    if how == "revoked":
        await dispatch.revoke_charter("um", clock.now())
    elif how == "reassigned":
        await dispatch.assign("wa", taskid=task.taskid, case=task.case, assignment=2)
    else:
        await dispatch.take_away(task)
