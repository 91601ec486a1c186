"""Proposing and approving a charter entry over HTTP."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.integration.registry.test_loading import Headers
from tests.support.twin import Twin

KERB = "charter:roads:litter"
ENTRY: dict[str, Any] = {
    "charter": KERB,
    "department": "roads",
    "matters": ["event/street/*"],
    "grid": "41",
    "role": "lead",
    "powers": ["inspect", "repair"],
    "rate": 12.5,
    "legal_basis": "list 2026, no. 7",
}
LITTER = "/charters/explain?matter=event/street/litter&grid=410101"
People = Callable[[str], Headers]


async def post(twin: Twin, path: str, headers: Headers, body: Any = None) -> httpx.Response:
    return await twin.http.post(path, json=body, headers=headers)


async def proposed(twin: Twin, headers: Headers, **change: Any) -> int:
    """The version that was proposed."""
    answer = await post(twin, "/charters", headers, ENTRY | change)
    assert answer.status_code == 200, answer.text
    version = answer.json()["things"][0]["version"]
    assert isinstance(version, int)
    return version


async def approved(twin: Twin, headers: Headers, version: int = 1, charter: str = KERB) -> Any:
    answer = await post(twin, f"/charters/{charter}/versions/{version}/approval", headers)
    return answer.status_code, answer.json()
