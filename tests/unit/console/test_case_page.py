"""The page of a case, with what dispatch says of one and the other services away."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dispatch.commands.aggregate import EVERY
from dispatch.domain.whose import Caller
from dispatch.views.actions import actions
from dispatch.views.clock import explained
from dispatch.views.turn import turn
from tests.unit.console.browsing import browser, log_in, with_login
from tests.unit.console.browsing import registry as directory
from tests.unit.console.oidc import Provider
from tests.unit.dispatch.district import Desk
from tests.unit.dispatch.test_way_of_a_case import opened, said

BOSS = Caller("p-000007", None, frozenset({"cases.supervise"}))


class Dispatch:
    """Dispatch and the registry; all else is away, but for ``reports`` as intake tells them.
    ``sent`` is what was asked to be done."""

    def __init__(self) -> None:
        self.desk: Desk = opened()
        self.desk.do(said(self.desk, "accept"))
        self.case = self.desk.state.case
        self.sent: list[tuple[str, Any, str | None]] = []
        self.refusal: dict[str, Any] | None = None
        self.reports: dict[str, dict[str, Any]] = {}

    def answer(self, request: httpx.Request) -> httpx.Response:
        if "intake" in request.url.host and "/reports/" in request.url.path:
            return httpx.Response(200, json=self.reports[request.url.path.rpartition("/")[2]])
        if self.reports and "intake" in request.url.host and "/cases/" in request.url.path:
            return httpx.Response(200, json={"reports": list(self.reports)})
        if "dispatch" not in request.url.host:
            return directory(request)
        if request.method == "POST":
            key = request.headers.get("idempotency-key")
            self.sent.append((request.url.path, json.loads(request.content), key))
            if self.refusal is not None:
                return httpx.Response(409, json=self.refusal)
            return httpx.Response(200, json={})
        last = request.url.path.removeprefix(f"/cases/{self.case}")
        return httpx.Response(200, content=self._shown(last))

    def _shown(self, last: str) -> str:
        state, world, now = self.desk.state, self.desk.world, self.desk.now
        if last == "/clock":
            return explained(state, world).model_dump_json()
        if last == "/turn":
            return turn(state).model_dump_json()
        if last == "/actions":
            found = actions(EVERY, state, world, now, BOSS)
            return json.dumps([each.model_dump(mode="json") for each in found])
        if last == "/timeline":
            return json.dumps({"case": self.case, "entries": [], "cursor": None})
        return state.model_dump_json()


@pytest.fixture
def dispatch() -> Dispatch:
    return Dispatch()


@pytest.fixture
def scope() -> str:
    return "cases.read cases.supervise"


@pytest.fixture
async def http(dispatch: Dispatch, scope: str) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor's browser, or that of somebody with other rights."""
    provider = Provider()
    provider.said["scope"] = scope
    async with browser(with_login(provider, dispatch.answer)) as found:
        await log_in(found, provider)
        yield found


def hidden(text: str, step: str) -> dict[str, str]:
    """The hidden fields of a step's form."""
    form = re.search(rf"<form[^>]*/acts/{step}[?\"].*?</form>", text, re.DOTALL)
    assert form is not None
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', form.group()))


@pytest.mark.parametrize(
    ("lang", "turn_of", "works"), [("en", "Whose turn it is", "8 working hours"),
                                   ("zh", "现在轮到", "8 个工作小时")],
)  # fmt: skip
async def test_turn_and_clock_are_there_though_other_services_are_away(
    http: httpx.AsyncClient, dispatch: Dispatch, lang: str, turn_of: str, works: str
) -> None:
    answer = await http.get(f"/staff/cases/{dispatch.case}?lang={lang}")
    assert answer.status_code == 200, answer.text
    assert turn_of in answer.text
    assert works in answer.text
    assert "<svg" in answer.text
    assert re.search(r"\sstyle=|<style|\son\w+=", answer.text) is None


@pytest.mark.parametrize("part", ["head", "clock", "time"])
async def test_a_part_is_that_part_alone(
    http: httpx.AsyncClient, dispatch: Dispatch, part: str
) -> None:
    answer = await http.get(f"/staff/cases/{dispatch.case}/now?of={part}")
    assert answer.text.strip().startswith(("<div", "<section"))
    assert f'data-live="case:{dispatch.case}"' in answer.text


async def test_a_form_is_sent_once_with_its_key_and_leads_back(
    http: httpx.AsyncClient, dispatch: Dispatch
) -> None:
    page = await http.get(f"/staff/cases/{dispatch.case}")
    data = {**hidden(page.text, "press"), "reason": "reporter_waits", "words": "now"}
    answer = await http.post(f"/staff/cases/{dispatch.case}/acts/press", data=data)
    assert answer.headers["location"] == f"/staff/cases/{dispatch.case}?done=press"
    body = {"reason": "reporter_waits", "words": "now"}
    assert dispatch.sent == [(f"/cases/{dispatch.case}/press", body, data["key"])]


async def test_a_refusal_is_said_with_what_was_written(
    http: httpx.AsyncClient, dispatch: Dispatch
) -> None:
    dispatch.refusal = {"code": "no_open_task"}
    page = await http.get(f"/staff/cases/{dispatch.case}?lang=en")
    data = {**hidden(page.text, "press"), "reason": "overdue", "words": "<b>kept</b>"}
    answer = await http.post(f"/staff/cases/{dispatch.case}/acts/press?lang=en", data=data)
    assert answer.status_code == 409
    assert "There is no open task." in answer.text
    assert "&lt;b&gt;kept&lt;/b&gt;" in answer.text


async def test_what_was_left_out_is_said_and_nothing_is_sent(
    http: httpx.AsyncClient, dispatch: Dispatch
) -> None:
    page = await http.get(f"/staff/cases/{dispatch.case}")
    data = {**hidden(page.text, "issue_slip"), "colour": "red", "words": " "}
    answer = await http.post(f"/staff/cases/{dispatch.case}/acts/issue_slip", data=data)
    assert (answer.status_code, dispatch.sent) == (422, [])


@pytest.mark.parametrize("case", ["case:../x", "nothing", "case:%3Fx"])
async def test_a_case_s_id_is_not_led_astray(http: httpx.AsyncClient, case: str) -> None:
    assert (await http.get(f"/staff/cases/{case}")).status_code in (404, 422)


@pytest.mark.parametrize(
    ("scope", "leads"), [("cases.read links.decide", ["report:2"]), ("cases.read", [])]
)
async def test_who_may_undo_a_link_gets_there_from_the_report_that_was_linked(
    http: httpx.AsyncClient, dispatch: Dispatch, leads: list[str]
) -> None:
    told = {"channel": "web", "reported_at": "2026-01-05T01:00:00Z", "withdrawn": False}
    dispatch.reports = {
        name: {"report": name, "linked": linked, **told}
        for name, linked in (("report:1", False), ("report:2", True))
    }
    page = (await http.get(f"/staff/cases/{dispatch.case}")).text
    assert re.findall(r"/staff/desk/links/made/(report:\d)", page) == leads
