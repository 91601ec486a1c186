"""A department's pages before a gateway that a test plays."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from case_contracts.inbox import EXAMPLES
from tests.unit.console.browsing import browser, log_in, registry, with_login
from tests.unit.console.oidc import Provider

OWN, TASK = "urban-management", EXAMPLES["task.assigned"]["taskid"]
PAGE = f"/staff/department/tasks/{TASK}"
SLIP = {**EXAMPLES["notice"], "kind": "notice", "what": "slip", "slip": "slip:1"}


class Services:
    """The gateway with one task and one slip; ``said`` are commands, ``answered`` slips."""

    def __init__(self) -> None:
        task = {**EXAMPLES["task.assigned"], "kind": "task.assigned"}
        slip = {**SLIP, "case": task["case"]}
        self.items: list[dict[str, Any]] = [{**each, "cursor": n} for n, each in
                                            enumerate((task, slip), start=1)]  # fmt: skip
        self.cut_off = False
        self.posted: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST":
            self.posted.append(path)
            return httpx.Response(202, json={})
        if path == f"/departments/{OWN}/inbox":
            after = int(request.url.params["after"])
            left = [] if self.cut_off else [i for i in self.items if i["cursor"] > after]
            return httpx.Response(404 if self.cut_off else 200, json={"items": left})
        if path.endswith("/evidence"):
            return httpx.Response(200, json={"attachments": [], "withheld": 0})
        return registry(request)


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody of the department."""
    provider = Provider()
    provider.said |= {"scope": "department", "kind": "department", "department": OWN}
    async with browser(with_login(provider, services)) as found:
        await log_in(found, provider, "/staff/department")
        yield found


async def form(http: httpx.AsyncClient) -> dict[str, str]:
    """What every form of the task's page carries."""
    text = (await http.get(PAGE)).text
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', text)[-1]
            for name in ("csrf", "key")}  # fmt: skip


async def test_a_department_that_is_cut_off_sees_nothing_of_what_it_saw(
    http: httpx.AsyncClient, services: Services
) -> None:
    assert (await http.get(PAGE)).status_code == 200
    services.cut_off = True
    for path in (PAGE, "/staff/department", "/staff/department/list"):
        answer = await http.get(path)
        assert answer.status_code == 404, path
        assert EXAMPLES["task.assigned"]["text"] not in answer.text


async def test_only_a_slip_of_the_task_is_answered(
    http: httpx.AsyncClient, services: Services
) -> None:
    sent = {**await form(http), "words": "已派人处理。"}
    strange = await http.post(f"/staff/department/slips/{TASK}/slip:2", data=sent)
    assert (strange.status_code, services.posted) == (404, [])
    own = await http.post(f"/staff/department/slips/{TASK}/slip:1", data=sent)
    assert "done=slip" in own.headers["location"]
    case = EXAMPLES["task.assigned"]["case"]
    assert services.posted == [f"/cases/{case}/slips/slip:1/answer"]
    assert "slip:1" not in (await http.get(PAGE)).text


async def test_a_form_that_lacks_something_says_so_and_sends_nothing(
    http: httpx.AsyncClient, services: Services
) -> None:
    answer = await http.post(f"{PAGE}/return", data=await form(http))
    assert "failed=unsaid" in answer.headers["location"]
    assert services.posted == []
