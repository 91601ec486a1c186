"""HTTP over TLS with an authority of the district's own: SSL_CERT_FILE is all that is needed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from case_contracts.events.intake import Phase
from case_contracts.inbox import Attachment
from civicgrid.addresses import Addresses
from civicgrid.client import Api
from civicgrid.local import LocalError
from civicgrid.local.paths import checkout
from department_sdk.evidence import EvidenceDoor, EvidenceRefused
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.test_http import token
from tests.support.ports import free_port
from tests.support.private_ca import PrivateCa
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

PROGRAM = checkout() / "deploy" / "departments" / "http_only" / "department.py"
NAME = "by-https"


@pytest.fixture
def ca(tmp_path: Path) -> PrivateCa:
    return PrivateCa.made(tmp_path / "ca")


@pytest.fixture
async def url(gateway: Twin, ca: PrivateCa) -> AsyncIterator[str]:
    """Where the gateway answers over TLS."""
    config = uvicorn.Config(
        gateway.app,
        port=free_port(),
        lifespan="off",
        log_level="warning",
        ssl_certfile=ca.certificate,
        ssl_keyfile=ca.key,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield f"https://127.0.0.1:{config.port}"
    server.should_exit = server.force_exit = True
    await serving


async def test_a_department_that_only_pulls_trusts_the_authority_that_it_is_told_of(
    dispatch: FakeDispatch, issuer: TestIssuer, url: str, ca: PrivateCa, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(token(issuer, NAME)["Authorization"].removeprefix("Bearer "))
    settings = {
        "CIVICGRID_GATEWAY_URL": url,
        "CIVICGRID_DEPARTMENT": NAME,
        "CIVICGRID_TOKEN_FILE": str(tmp_path / "token"),
        "STATE_FILE": str(tmp_path / "state.json"),
        "SSL_CERT_FILE": str(ca.authority),
    }
    await dispatch.charter(NAME)
    task = await dispatch.assign(NAME)
    department = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), env={**os.environ, **settings}
    )
    try:
        await eventually(lambda: "complete" in [f.command.name for f in dispatch.taken])
    finally:
        department.kill()
        await department.wait()
    assert {getattr(f.command, "taskid", None) for f in dispatch.taken} == {task.taskid}


async def test_so_does_the_sdk_when_it_fetches_evidence(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer, url: str,
    ca: PrivateCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    secret = tmp_path / "token"
    secret.write_text(token(issuer, NAME)["Authorization"].removeprefix("Bearer "))
    await dispatch.charter(NAME)
    task = await dispatch.assign(NAME, case="case:1")
    rows = gateway.runtime.database["fact_inbox"]
    await eventually(lambda: rows.find_one({"about": task.taskid}))
    evidence = vault.put("case:1", content=b"the picture")
    path = f"/departments/{NAME}/tasks/{task.taskid}/evidence/{evidence}"
    photo = Attachment(evidence=evidence, phase=Phase.REPORT, format="image/jpeg", url=path)
    with pytest.raises(EvidenceRefused, match="CERTIFICATE_VERIFY_FAILED"):
        await EvidenceDoor(url, secret).fetch(photo)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca.authority))
    assert await EvidenceDoor(url, secret).fetch(photo) == b"the picture"


async def test_so_does_the_command_line(
    url: str, ca: PrivateCa, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = Addresses({"gateway": (url,)}, token="any")
    async with Api(addresses, reconnect=()) as stranger:
        with pytest.raises(LocalError, match="CERTIFICATE_VERIFY_FAILED"):
            await stranger.get("gateway", "/healthz")
    monkeypatch.setenv("SSL_CERT_FILE", str(ca.authority))
    async with Api(addresses) as told:
        assert await told.get("gateway", "/healthz") == {"status": "alive"}
