"""The SDK's way to evidence, against a real gateway: it comes again when told to, and only then."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.types import Message, Receive, Scope, Send

from case_contracts.events.intake import Phase
from case_contracts.inbox import Attachment, TaskItem
from department_sdk.evidence import EvidenceDoor, EvidenceRefused
from service_kit import clock
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.own_evidence import Film
from tests.integration.gateway.test_http import token
from tests.support.served import served_here
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

PHOTO = b"\xff\xd8\xff after the work"


class Secret:
    """The file with the department's token."""

    def __init__(self, file: Path, issuer: TestIssuer) -> None:
        self.file = file
        self._token = token(issuer, "um")["Authorization"].removeprefix("Bearer ")
        self.renew()

    def renew(self) -> None:
        self.file.write_text(f"{self._token}\n")

    def spoil(self) -> None:
        self.file.write_text("stale")


@pytest.fixture
def secret(issuer: TestIssuer, tmp_path: Path) -> Secret:
    return Secret(tmp_path / "token", issuer)


@pytest.fixture
def statuses() -> list[int]:
    """What the gateway has answered."""
    return []


@pytest.fixture
async def door(
    gateway: Twin, secret: Secret, statuses: list[int], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[EvidenceDoor]:
    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        await gateway.app(scope, receive, noting)

    async with served_here(noted) as url:
        monkeypatch.setenv("CIVICGRID_GATEWAY_URL", url)
        monkeypatch.setenv("CIVICGRID_TOKEN_FILE", str(secret.file))
        yield EvidenceDoor.from_env()


@pytest.fixture
async def task(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer
) -> TaskItem:
    """As the department found it in its inbox."""
    vault.words["case:1"] = {"text": "井盖没了", "point": None}
    vault.put("case:1", content=b"the picture")
    await dispatch.charter("um")
    await dispatch.assign("um", case="case:1")

    async def items() -> list[object]:
        inbox = await gateway.http.get("/departments/um/inbox", headers=token(issuer, "um"))
        found: list[object] = inbox.json().get("items", [])
        return found

    return TaskItem.model_validate((await eventually(items))[0])


async def test_it_comes_again_after_the_time_that_it_is_told(
    door: EvidenceDoor, task: TaskItem, vault: FakeVault
) -> None:
    again = {"Retry-After": "1"}
    vault.refuse = [(503, "unavailable", again), (429, "too_many_requests", again)]
    started = time.monotonic()
    evidence = await door.attach(task, PHOTO, "after", media_type="image/jpeg")
    assert time.monotonic() - started >= 2
    assert await door.attach(task, PHOTO, "after", media_type="image/jpeg") == evidence
    assert [each["content"] for each in vault.sent] == [PHOTO]
    again_assigned = task.model_copy(update={"assignment": 2})
    other = await door.attach(again_assigned, PHOTO, "after", media_type="image/jpeg")
    assert other != evidence


async def test_what_is_refused_for_good_is_said_at_once(
    door: EvidenceDoor, task: TaskItem, vault: FakeVault, tmp_path: Path
) -> None:
    vault.refuse = [(413, "too_large", {})]
    with pytest.raises(EvidenceRefused, match="intake says too_large") as refused:
        await door.attach(task, PHOTO, "before", media_type="image/jpeg")
    assert (refused.value.status, refused.value.code, refused.value.retry) == (
        413, "too_large", False
    )  # fmt: skip
    with pytest.raises(ValueError, match="media_type"):
        await door.attach(task, PHOTO, "before")
    elsewhere = task.attachments[0].model_copy(update={"url": "@elsewhere/"})
    with pytest.raises(ValueError, match="no path at the gateway"):
        await door.fetch(elsewhere)


async def test_a_token_that_was_renewed_is_read_anew(
    door: EvidenceDoor, task: TaskItem, secret: Secret, statuses: list[int]
) -> None:
    secret.spoil()
    fetching = asyncio.create_task(door.fetch(task.attachments[0]))
    await eventually(lambda: statuses)
    secret.renew()
    assert await fetching == b"the picture"
    assert statuses == [401, 200]


async def test_a_file_that_is_broken_off_because_the_right_has_ended_is_not_there(
    door: EvidenceDoor, task: TaskItem, dispatch: FakeDispatch, vault: FakeVault
) -> None:
    film = Film()
    evidence = vault.put("case:1", format="video/mp4", chunks=film.chunks())
    url = task.attachments[0].url.replace(task.attachments[0].evidence, evidence)
    shown = Attachment(evidence=evidence, phase=Phase.BEFORE, format="video/mp4", url=url)

    async def revoke() -> None:
        await eventually(lambda: vault.looks)
        await dispatch.revoke_charter("um", clock.now())

    revoking = asyncio.create_task(revoke())
    with pytest.raises(EvidenceRefused) as refused:
        await door.fetch(shown)
    await revoking
    assert (refused.value.status, refused.value.code) == (404, "not_found")


async def test_the_token_goes_to_no_other_address(task: TaskItem, secret: Secret) -> None:
    app, came = FastAPI(), list[str]()

    @app.get("/elsewhere")
    def elsewhere() -> None:
        came.append("here")

    @app.get("/{path:path}")
    def moved(path: str) -> RedirectResponse:
        return RedirectResponse("/elsewhere")

    async with served_here(app) as url:
        with pytest.raises(EvidenceRefused) as refused:
            await EvidenceDoor(url, secret.file).fetch(task.attachments[0])
    assert (refused.value.status, refused.value.code, came) == (307, "http_error", [])
