"""The HTTP twin: the same inbox by cursor, the same commands, and nothing for anybody else."""

import asyncio
import time

from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.test_commands import about
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually


def token(issuer: TestIssuer, department: str, scope: str = "department") -> dict[str, str]:
    return issuer.bearer(f"{department}-system", scope, "gateway", "department", department)


async def test_a_department_without_amqp_works_by_cursor(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer
) -> None:
    vault.words["case:1"] = {"text": "路灯不亮", "point": None}
    await dispatch.charter("by-http")
    headers, base = token(issuer, "by-http"), "/departments/by-http"
    poll = asyncio.create_task(gateway.http.get(f"{base}/inbox?wait=10", headers=headers))
    task = await dispatch.assign("by-http", case="case:1")
    page = (await poll).json()
    assert [i["text"] for i in page["items"]] == ["路灯不亮"]
    assert page["next"] == 1
    taken = await gateway.http.post(f"{base}/commands", json=about(task, "accept"), headers=headers)
    assert (taken.status_code, taken.json()["outcome"]) == (202, "forwarded")
    kept = await gateway.runtime.database["forwarded"].find_one({"command": taken.json()["id"]})
    assert kept is not None
    assert kept["by"] == "by-http-system"
    answer = await gateway.http.get(f"{base}/inbox?after=1&wait=10", headers=headers)
    assert [i["kind"] for i in answer.json()["items"]] == ["command.answered"]
    assert (await gateway.http.get(f"{base}/inbox?after=2", headers=headers)).json() == {
        "items": [],
        "next": 2,
    }


async def test_only_the_department_itself_gets_in(gateway: Twin, issuer: TestIssuer) -> None:
    cases = [
        ({}, 401),
        (token(issuer, "wa"), 404),
        (token(issuer, "um", scope="other"), 403),
        (issuer.bearer("p-1", "department", "gateway", "staff", "um"), 404),
        (issuer.bearer("um", "department", "dispatch", "department", "um"), 401),
    ]
    for headers, status in cases:
        for method, path in (("GET", "inbox"), ("POST", "commands")):
            answer = await gateway.http.request(
                method, f"/departments/um/{path}", headers=headers, json={}
            )
            if method == "POST" and status == 404:
                assert answer.status_code in (404, 422)
            else:
                assert answer.status_code == status, (headers, method)


async def test_a_malformed_command_names_the_field_and_an_away_vault_asks_to_come_again(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer
) -> None:
    await dispatch.charter("um")
    headers = token(issuer, "um")
    task = await dispatch.assign("um")
    await eventually(lambda: vault.asked)
    wrong = about(task, "accept") | {"assignment": 0}
    answer = await gateway.http.post("/departments/um/commands", json=wrong, headers=headers)
    assert answer.status_code == 422
    assert "assignment" in answer.json()["detail"]
    vault.away = True
    answer = await gateway.http.get("/departments/um/inbox", headers=headers)
    assert (answer.status_code, answer.json()["retry"]) == (503, True)


async def test_a_long_poll_ends_in_time(gateway: Twin, issuer: TestIssuer) -> None:
    started = time.monotonic()
    answer = await gateway.http.get("/departments/um/inbox?wait=1", headers=token(issuer, "um"))
    assert answer.json() == {"items": [], "next": 0}
    assert 0.9 < time.monotonic() - started < 5


async def test_openapi_is_complete(gateway: Twin) -> None:
    paths = (await gateway.http.get("/openapi.json")).json()["paths"]
    inbox = paths["/departments/{department}/inbox"]["get"]
    assert {"200", "404", "503"} <= inbox["responses"].keys()
    body = paths["/departments/{department}/commands"]["post"]["requestBody"]
    assert "examples" in str(body)
