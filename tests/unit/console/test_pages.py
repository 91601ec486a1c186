"""Every answer has its headers, every page its language, and nobody is asked but our services."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import ValidationError

from console.adapters.files import VendorMissing
from console.main import ROUTERS, Lines, build
from console.settings import ConsoleSettings

PEERS = {name: f"http://{name}.example.org" for name in ("registry", "intake", "dispatch")}
ROUTES = [r for router in ROUTERS for r in router.routes if isinstance(r, APIRoute)]
FORMS = [each.path for each in ROUTES if "POST" in (each.methods or ())]
SEEN = [each.path for each in ROUTES if "GET" in (each.methods or ())]


def settings(**change: object) -> ConsoleSettings:
    known: dict[str, object] = {
        "peers": PEERS,
        "page_secret": "a-secret-of-the-pages-for-tests",
        "token_url": "http://issuer.example.org/token",
        "client_secret": "another-secret",
    }
    return ConsoleSettings.model_validate({**known, **change})


def away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody answers here", request=request)


def app(**change: object) -> FastAPI:
    silent = httpx.MockTransport(away)
    return build(
        settings(**change),
        Lines(httpx.AsyncClient(transport=silent), httpx.AsyncClient(transport=silent)),
    )


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://pages") as found:
        yield found


def check_headers(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "geolocation=(self)" in answer.headers["permissions-policy"]
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"]


@pytest.mark.parametrize("path", [*SEEN, "/no/such/page", "/static/none/console.css"])
async def test_every_route_sets_its_headers(path: str, http: httpx.AsyncClient) -> None:
    check_headers(await http.get(path))


@pytest.mark.parametrize("path", FORMS)
async def test_every_form_sets_its_headers(path: str, http: httpx.AsyncClient) -> None:
    check_headers(await http.post(path, data={"receipt": "x", "text": "words"}))


async def test_headers_are_there_when_we_fail(http: httpx.AsyncClient) -> None:
    failing = app()
    failing.state.house.files = None
    transport = httpx.ASGITransport(failing, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://pages") as broken:
        answer = await broken.get("/static/none/console.css")
    assert answer.status_code == 500
    check_headers(answer)


@pytest.mark.parametrize(("accept", "said"), [("en", "Something wrong"), ("zh", "身边有问题")])
async def test_the_first_page_is_there_without_any_service(
    http: httpx.AsyncClient, accept: str, said: str
) -> None:
    answer = await http.get("/", headers={"Accept-Language": accept})
    assert answer.status_code == 200
    assert said in answer.text


async def test_no_page_has_a_script_or_style_in_it(http: httpx.AsyncClient) -> None:
    for path in ("/", "/track", "/no/such/page"):
        text = (await http.get(path)).text
        assert re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text) is None
        assert set(re.findall(r"https?://[^\"'< ]+", text)) == set()


async def test_the_language_of_the_address_is_kept_in_links(http: httpx.AsyncClient) -> None:
    text = (await http.get("/track?lang=en")).text
    assert 'href="/report?lang=en"' in text
    assert 'action="/track?lang=en"' in text
    assert 'href="/track?lang=zh"' in text


async def test_a_service_that_is_away_is_said_in_words(http: httpx.AsyncClient) -> None:
    answer = await http.get("/report?lang=en")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


async def test_a_bad_pass_leads_to_the_receipt_code(http: httpx.AsyncClient) -> None:
    answer = await http.get("/track/not-a-pass?lang=en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/track?over=yes&lang=en"


async def test_a_mistyped_code_is_told_without_asking_intake(http: httpx.AsyncClient) -> None:
    answer = await http.post("/track?lang=en", data={"receipt": "7KQ2-M9WX-CB4TA"})
    assert answer.status_code == 404
    assert "a letter or digit is wrong" in answer.text


async def test_files_are_kept_for_ever_under_their_hash(http: httpx.AsyncClient) -> None:
    (path,) = re.findall(r'href="(/static/\w+/console\.css)"', (await http.get("/")).text)
    answer = await http.get(path)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert (await http.get(path.replace("/static/", "/static/0"))).status_code == 404


async def test_the_first_view_is_small(http: httpx.AsyncClient) -> None:
    page = await http.get("/")
    loaded = set(re.findall(r'"(/static/[^"#]+)"', page.text))
    sizes = [len(page.content)] + [len((await http.get(each)).content) for each in loaded]
    assert sum(sizes) <= 150_000


def test_settings_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="lacks dispatch"):
        settings(peers={"registry": "http://r", "intake": "http://i"})
    with pytest.raises(VendorMissing, match="make setup"):
        app(vendor=tmp_path)


async def test_what_somebody_wrote_is_shown_again_when_intake_is_away() -> None:
    row = {"service_code": "part_a_b", "service_name": "Thing", "description": "",
           "group": "Things", "keywords": "", "metadata": False}  # fmt: skip

    def only_the_offer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/services.json"):
            return httpx.Response(200, json=[row])
        return httpx.Response(503, json={"code": "unavailable"}, headers={"Retry-After": "2"})

    lines = [httpx.AsyncClient(transport=httpx.MockTransport(only_the_offer)) for _ in range(2)]
    transport = httpx.ASGITransport(build(settings(), Lines(*lines)))
    form = {"service": "part_a_b", "text": "canary words", "key": "the-key"}
    async with httpx.AsyncClient(transport=transport, base_url="http://pages") as http:
        answer = await http.post("/report/send?lang=en", data=form)
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert "canary words</textarea>" in answer.text
    assert 'name="key" value="the-key"' in answer.text
