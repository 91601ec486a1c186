"""The field pages before services that are not there: what a phone sends, and as whom."""

import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.unit.console.browsing import browser, log_in, registry, with_login
from tests.unit.console.oidc import Provider

ME, ITEM = "p-000007", str(uuid.UUID(int=7))
CORS = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
RIGHTS = "cases.verify cases.read visits.write registry.read evidence.read reports.staff"
ROW = {"service_code": "part_a_b", "service_name": "Cover", "description": "", "group": "Things",
       "keywords": "", "metadata": False}  # fmt: skip


class Services:
    """Intake, dispatch and the registry, as far as these pages ask; ``asked`` is what came."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.fate: dict[str, Any] = {"id": ITEM, "status": "received", "receipt": "7KQ2M9WXCB4TH",
                                     "case": "case:1"}  # fmt: skip
        self.answers: dict[str, httpx.Response] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path
        if path in self.answers:
            return self.answers[path]
        known: dict[str, Any] = {
            "/open311/v2/services.json": [ROW],
            "/patrol/batches": {"items": [self.fate]},
            "/patrol/batches/items": {"items": [self.fate]},
            "/evidence": {"evidence": "evidence:1"},
            "/cases/mine": {"cases": []},
            "/me/rounds": {"rows": []},
            "/postings": [],
        }
        return httpx.Response(200, json=known[path]) if path in known else registry(request)

    def at(self, path: str) -> list[httpx.Request]:
        return [each for each in self.asked if each.url.path == path]


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
async def phone(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody in the field who is logged in."""
    provider = Provider()
    provider.said["scope"] = RIGHTS
    async with browser(with_login(provider, services)) as found:
        await log_in(found, provider, "/staff/field")
        yield found


async def word(phone: httpx.AsyncClient) -> str:
    """The session's own, as a page asks for it."""
    said = (await phone.get("/staff/field/session", headers=CORS)).json()
    assert said["person"] == ME
    return str(said["csrf"])


def kept(person: str = ME) -> dict[str, Any]:
    item = {"id": ITEM, "kind": "report", "made_at": "2026-01-05T09:00:00Z",
            "report": {"matter": "part/a/b"}}  # fmt: skip
    return {"person": person, "sent_at": "2026-01-05T10:00:00Z", "items": [item]}


async def test_the_day_is_there_and_says_whose_it_is(phone: httpx.AsyncClient) -> None:
    answer = await phone.get("/staff/field?lang=en")
    assert answer.status_code == 200
    assert answer.headers["x-staff-person"] == ME
    assert "Nothing waits for you" in answer.text


async def test_what_was_kept_goes_to_intake_with_the_persons_own_token(
    phone: httpx.AsyncClient, services: Services
) -> None:
    headers = {**CORS, "X-CSRF-Token": await word(phone)}
    answer = await phone.post("/staff/field/batch", json=kept(), headers=headers)
    assert answer.json()["items"][0]["status"] == "received"
    (sent,) = services.at("/patrol/batches")
    assert sent.headers["authorization"].startswith("Bearer ")
    assert b'"sent_at":"2026-01-05T10:00:00Z"' in sent.content


async def test_nobody_sends_what_somebody_else_kept(
    phone: httpx.AsyncClient, services: Services
) -> None:
    headers = {**CORS, "X-CSRF-Token": await word(phone)}
    answer = await phone.post("/staff/field/batch", json=kept("p-000008"), headers=headers)
    assert (answer.status_code, answer.json()) == (409, {"code": "another_person"})
    assert services.at("/patrol/batches") == []


async def test_without_the_sessions_word_nothing_is_sent(
    phone: httpx.AsyncClient, services: Services
) -> None:
    for headers in (CORS, {**CORS, "X-CSRF-Token": "guessed"}):
        answer = await phone.post("/staff/field/batch", json=kept(), headers=headers)
        assert answer.status_code == 403
    assert services.at("/patrol/batches") == []


async def test_a_phone_that_is_no_longer_logged_in_is_told_so(phone: httpx.AsyncClient) -> None:
    phone.cookies.clear()
    for path in ("/staff/field/session", "/staff/field/batch"):
        answer = await phone.request("GET" if "session" in path else "POST", path, headers=CORS)
        assert answer.status_code == 401


async def test_a_photo_follows_its_report_by_the_items_id(
    phone: httpx.AsyncClient, services: Services
) -> None:
    headers = {**CORS, "X-CSRF-Token": await word(phone), "Content-Type": "image/jpeg"}
    path = f"/staff/field/items/{ITEM}/photo"
    assert (await phone.post(path, content=b"photo", headers=headers)).status_code == 204
    (sent,) = services.at("/evidence")
    assert (sent.headers["receipt"], sent.content) == ("7KQ2M9WXCB4TH", b"photo")
    services.fate = {"id": ITEM, "status": "unknown"}
    answer = await phone.post(path, content=b"photo", headers=headers)
    assert (answer.status_code, answer.json()) == (503, {"code": "not_yet"})


async def test_what_intake_refuses_is_told_as_a_code(
    phone: httpx.AsyncClient, services: Services
) -> None:
    services.answers["/patrol/batches"] = httpx.Response(
        503, json={"code": "not_ready"}, headers={"Retry-After": "3"}
    )
    headers = {**CORS, "X-CSRF-Token": await word(phone)}
    answer = await phone.post("/staff/field/batch", json=kept(), headers=headers)
    assert (answer.status_code, answer.json()) == (503, {"code": "not_ready"})
    assert answer.headers["retry-after"] == "3"


async def test_a_report_without_scripts_is_the_same_item(
    phone: httpx.AsyncClient, services: Services
) -> None:
    page = (await phone.get("/staff/field/report?lang=en")).text
    assert 'value="part/a/b|"' in page
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    form = {"csrf": await word(phone), "key": key, "what": "part/a/b|", "lon": "1", "lat": "2"}
    answer = await phone.post(
        "/staff/field/report?lang=en", data=form, files={"photo": ("p.jpg", b"x", "image/jpeg")}
    )
    assert answer.headers["location"] == "/staff/field/report?done=received&lang=en"
    (sent,) = services.at("/patrol/batches")
    assert key.encode() in sent.content
    assert services.at("/evidence")[0].content == b"x"


async def test_a_form_that_says_too_little_leads_back(
    phone: httpx.AsyncClient, services: Services
) -> None:
    case = {"case": "case:1", "status": "verifying", "matter": "m", "condition": "c",
            "grid": "410199", "reported_at": "2026-01-05T09:00:00Z"}  # fmt: skip
    csrf = await word(phone)
    services.answers["/cases/case:1"] = httpx.Response(200, json=case)
    answer = await phone.post("/staff/field/cases/case:1/verify", data={"csrf": csrf})
    assert answer.headers["location"] == "/staff/field/cases/case:1?failed=invalid"
    answer = await phone.post("/staff/field/cases/case:1/erase", data={"csrf": csrf})
    assert answer.status_code == 422


async def test_photos_are_for_whom_the_case_waits(
    phone: httpx.AsyncClient, services: Services
) -> None:
    case = {"case": "case:1", "status": "assigned", "matter": "m", "condition": "c",
            "grid": "410199", "reported_at": "2026-01-05T09:00:00Z",
            "task": {"id": "t", "handler": {"id": "works"}}}  # fmt: skip
    photos = {"attachments": [{"evidence": "evidence:1", "phase": "after", "format": "image/jpeg",
                               "taken_at": None}], "withheld": 0}  # fmt: skip
    services.answers = {
        "/cases/case:1": httpx.Response(200, json=case),
        "/cases/case:1/actions": httpx.Response(200, json=[]),
        "/evidence/attachments": httpx.Response(200, json=photos),
    }
    page = await phone.get("/staff/field/cases/case:1?lang=en")
    assert page.status_code == 200
    assert "evidence:1" not in page.text
    answer = await phone.get("/staff/field/cases/case:1/photos/evidence:1")
    assert answer.status_code == 403
    assert services.at("/evidence/evidence:1/link") == []


async def test_the_app_needs_no_login(phone: httpx.AsyncClient) -> None:
    phone.cookies.clear()
    worker = await phone.get("/staff/field/sw.js")
    assert worker.headers["service-worker-allowed"] == "/staff/field"
    assert worker.headers["cache-control"] == "no-cache"
    files = re.findall(r"/static/\w+/[\w.-]+", worker.text.splitlines()[0])
    assert files
    for path in files:
        assert (await phone.get(path)).status_code == 200
    said = (await phone.get("/staff/field/app.webmanifest?lang=zh")).json()
    assert (said["lang"], said["start_url"]) == ("zh-CN", "/staff/field?lang=zh")
    assert (await phone.get("/staff/field/away")).status_code == 200
    assert (await phone.get("/staff/field/report")).status_code == 303
