"""Logging in, sessions, and who may send a form in somebody's name."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.unit.console.browsing import browser, log_in, registry, with_login
from tests.unit.console.oidc import Provider


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
async def http(provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(with_login(provider, registry)) as found:
        yield found


async def csrf_of(http: httpx.AsyncClient) -> str:
    (found,) = re.findall(r'name="csrf" value="([^"]+)"', (await http.get("/staff")).text)
    return str(found)


async def test_whoever_is_not_logged_in_is_led_to_the_login_and_back(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    answer = await http.get("/staff?lang=en")
    assert answer.status_code == 303
    way = urlsplit(answer.headers["location"])
    assert (way.path, parse_qs(way.query)["back"]) == ("/staff/login", ["/staff?lang=en"])
    assert await log_in(http, provider, "/staff?lang=en") == "/staff?lang=en"


async def test_the_code_is_exchanged_with_pkce_and_the_client_s_secret(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    await log_in(http, provider)
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["redirect_uri"] == "http://pages/staff/callback"
    assert provider.exchanged["grant_type"] == "authorization_code"
    assert len(provider.exchanged["code_verifier"]) >= 43


async def test_the_cookie_is_sealed_and_not_for_scripts_or_other_pages(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    begun = await http.get("/staff/login")
    answer = await http.get("/staff/callback", params=provider.choose(begun.headers["location"]))
    cookie = answer.headers["set-cookie"]
    assert {"Path=/staff", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "p-000007" not in cookie
    assert "set-cookie" not in (await http.get("/")).headers


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"aud": "somebody-else"},
        {"iss": "http://evil.example.org"},
        {"exp": 1},
    ],
)
async def test_what_the_issuer_says_falsely_lets_nobody_in(
    wrong: dict[str, Any], http: httpx.AsyncClient, provider: Provider
) -> None:
    provider.wrong = wrong
    begun = await http.get("/staff/login")
    answer = await http.get("/staff/callback", params=provider.choose(begun.headers["location"]))
    assert answer.status_code == 403
    assert (await http.get("/staff")).headers["location"].startswith("/staff/login")


async def test_another_key_another_state_and_a_denial_let_nobody_in(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    begun = await http.get("/staff/login")
    back = provider.choose(begun.headers["location"])
    assert (await http.get("/staff/callback", params={**back, "state": "x"})).status_code == 403
    assert (await http.get("/staff/callback", params={"error": "access_denied"})).status_code == 403
    begun = await http.get("/staff/login")
    back = provider.choose(begun.headers["location"])
    provider.signs = Provider().key
    assert (await http.get("/staff/callback", params=back)).status_code == 403


@pytest.mark.parametrize(
    "back", ["//evil.example.org", "https://evil.example.org", "/staff//evil", "/\\evil", "/report",
             "/staff\r\nX: y"],
)  # fmt: skip
async def test_the_way_back_stays_here(
    back: str, http: httpx.AsyncClient, provider: Provider
) -> None:
    assert await log_in(http, provider, back) == "/staff"


async def test_a_form_needs_the_session_s_own_word(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    provider.said["scope"] = ""
    await log_in(http, provider)
    good = await csrf_of(http)
    for data, headers in (
        ({}, {}),
        ({"csrf": "guessed"}, {}),
        ({"csrf": good}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": good}, {"Sec-Fetch-Site": "same-site"}),
    ):
        answer = await http.post("/staff/logout", data=data, headers=headers)
        assert answer.status_code == 403, data
    assert (await http.get("/staff")).status_code == 403  # still logged in, without any pages
    assert (await http.post("/staff/logout", data={"csrf": good})).status_code == 303
    assert (await http.get("/staff")).status_code == 303


async def test_a_script_is_told_401_instead_of_being_led_away(http: httpx.AsyncClient) -> None:
    answer = await http.get("/staff", headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 401


@pytest.mark.parametrize("value", ["", "rubbish", "A" * 200, "中"])
async def test_a_cookie_that_we_did_not_write_is_nobody(
    value: str, http: httpx.AsyncClient
) -> None:
    sent = [(b"Cookie", f"civicgrid_staff={value}".encode())]
    answer = await http.get("/staff", headers=sent)
    assert answer.headers["location"].startswith("/staff/login")


async def test_an_old_session_and_one_for_another_secret_are_nobody(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    provider.said["exp"] = 1_700_000_000
    await log_in(http, provider)
    assert (await http.get("/staff")).headers["location"].startswith("/staff/login")
