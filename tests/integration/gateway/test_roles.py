"""Every operation of the gateway, tried by every role: who may, who may not, who sees nothing."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from case_contracts.events.dispatch import TaskAssigned
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.own_evidence import JPEG, PHOTO
from tests.integration.gateway.test_commands import about
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

ROLES = (
    "nobody", "its own", "another department", "its own, another scope", "its own, elsewhere",
    "its staff", "an operator", "a service",
)  # fmt: skip
OWN = (401, 200, 404, 403, 401, 404, 403, 403)
"""For the department alone: a department of another name, and whoever else has the scope, sees
nothing there."""
FOR_OPERATORS = (401, 403, 403, 403, 401, 403, 200, 403)
FOR_SERVICES_TOO = (401, 403, 403, 403, 401, 403, 200, 200)
WHO_MAY: Mapping[str, tuple[int, ...]] = {
    "GET /departments/{department}/inbox": OWN,
    "POST /departments/{department}/commands": OWN,
    "GET /departments/{department}/tasks/{taskid}/evidence": OWN,
    "POST /departments/{department}/tasks/{taskid}/evidence": OWN,
    "GET /departments/{department}/tasks/{taskid}/evidence/{evidence}": OWN,
    "GET /items": FOR_OPERATORS,
    "GET /held": FOR_OPERATORS,
    "GET /held/{held_id}": FOR_OPERATORS,
    "DELETE /held/{held_id}": FOR_OPERATORS,
    "POST /held/{held_id}/replay": FOR_OPERATORS,
    "GET /commits": FOR_SERVICES_TOO,
    "GET /commits/writers": FOR_SERVICES_TOO,
}
OPEN = {"GET /healthz", "GET /readyz", "GET /metrics"}
"""For whoever reaches the port, which is not the world."""


@pytest.fixture
def roles(issuer: TestIssuer) -> dict[str, dict[str, str]]:
    def bearer(*said: str) -> dict[str, str]:
        return issuer.bearer(*said)

    tokens: tuple[dict[str, str], ...] = (
        {},
        bearer("um-system", "department", "gateway", "department", "um"),
        bearer("wa-system", "department", "gateway", "department", "wa"),
        bearer("um-system", "evidence.read", "gateway", "department", "um"),
        bearer("um-system", "department", "dispatch", "department", "um"),
        bearer("p-000001", "department", "gateway", "staff", "um"),
        bearer("p-000002", "operate", "gateway", "operator"),
        bearer("service:dispatch", "commits.read", "gateway", "service"),
    )
    return dict(zip(ROLES, tokens, strict=True))


@pytest.fixture
async def task(gateway: Twin, dispatch: FakeDispatch, vault: FakeVault) -> TaskAssigned:
    await dispatch.charter("um")
    task = await dispatch.assign("um", case="case:1")
    await eventually(lambda: vault.asked)
    return task


async def _operations(gateway: Twin) -> set[str]:
    paths = (await gateway.http.get("/openapi.json")).json()["paths"]
    return {f"{method.upper()} {path}" for path, item in paths.items() for method in item}


async def test_every_operation_says_who_may(gateway: Twin) -> None:
    assert await _operations(gateway) == set(WHO_MAY) | OPEN


async def test_each_role_gets_what_is_said(
    gateway: Twin, vault: FakeVault, task: TaskAssigned, roles: dict[str, dict[str, str]]
) -> None:
    evidence = vault.put("case:1")
    said = {each: dict(zip(ROLES, codes, strict=True)) for each, codes in WHO_MAY.items()}
    found: dict[str, dict[str, int]] = {each: {} for each in WHO_MAY}
    for operation, by_role in found.items():
        method, path = operation.split(" ")
        url = path.format(department="um", taskid=task.taskid, evidence=evidence, held_id="h-1")
        for role, headers in roles.items():
            answer = await gateway.http.request(method, url, **_asked(operation, task, headers))
            let_in = answer.is_success or _nothing_held(operation, answer)
            by_role[role] = 200 if let_in else answer.status_code
    assert found == said


def _nothing_held(operation: str, answer: httpx.Response) -> bool:
    """Who may ask is told that no such message is held."""
    return "{held_id}" in operation and answer.status_code == 404


def _asked(operation: str, task: TaskAssigned, headers: dict[str, str]) -> dict[str, Any]:
    query = {
        "GET /items": {"about": task.taskid},
        "GET /commits": {"writer": "w", "first": 1, "last": 1},
    }
    asked: dict[str, Any] = {"headers": headers, "params": query.get(operation, {})}
    if operation.endswith("/commands"):
        asked["json"] = about(task, "accept")
    elif operation.startswith("POST") and operation.endswith("/evidence"):
        asked |= {"content": PHOTO, "params": {"phase": "after"}, "headers": {**headers, **JPEG}}
    return asked
