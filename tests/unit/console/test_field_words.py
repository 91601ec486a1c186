"""What was reported, shown to somebody in the field: asked in a form, kept nowhere."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.unit.console.browsing import browser, log_in, registry, with_login
from tests.unit.console.oidc import Provider

CASE: dict[str, Any] = {
    "case": "case:1", "status": "assigned", "matter": "part/utilities/manhole-cover",
    "condition": "missing", "grid": "410199", "reported_at": "2026-01-05T01:00:00Z",
    "task": {"id": "task:1", "handler": {"id": "posting:1", "person": "p-000007"}},
}  # fmt: skip
WORDS = {
    "case": "case:1", "text": "井盖不见了", "point": {"lon": 113.6, "lat": 34.7},
    "attachments": [], "withheld": 0, "purpose": "handle-task",
}  # fmt: skip
PAGE = "/staff/field/cases/case:1/words"


def services(request: httpx.Request) -> httpx.Response:
    known: dict[str, Any] = {
        "/cases/case:1": CASE, "/cases/case:1/words": WORDS, "/cases/case:1/actions": [],
        "/postings": [],
    }  # fmt: skip
    if request.url.path in known:
        return httpx.Response(200, json=known[request.url.path])
    return registry(request)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    provider = Provider()
    provider.said["scope"] = "cases.verify visits.write"
    async with browser(with_login(provider, services)) as found:
        await log_in(found, provider)
        yield found


async def test_they_come_in_answer_to_a_form_alone_and_no_browser_keeps_them(
    http: httpx.AsyncClient,
) -> None:
    asked = await http.get(PAGE)
    assert (asked.status_code, asked.headers["location"]) == (303, "/staff/field/cases/case:1")
    refused = await http.post(PAGE, data={"csrf": "another"})
    assert refused.status_code == 403
    assert "井盖不见了" not in refused.text
    case = (await http.get("/staff/field/cases/case:1")).text
    (own,) = re.findall(rf'{PAGE}.*?name="csrf" value="([^"]+)"', case)
    shown = await http.post(PAGE, data={"csrf": own})
    assert shown.status_code == 200
    assert "井盖不见了" in shown.text
    assert 'href="geo:34.700000,113.600000' in shown.text
    assert "no-store" in shown.headers["cache-control"]
