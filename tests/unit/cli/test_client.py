"""Asking services: problems become errors, come-again is obeyed, a broken line is tried again."""

from pathlib import Path

import httpx
import pytest

from civicgrid import client
from civicgrid.addresses import Addresses, find_addresses
from civicgrid.client import Api, ApiError, As
from civicgrid.local import LocalError
from tests.unit.cli.services import FakeServices, problem


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_SECONDS", 0)


async def test_a_problem_is_raised_with_its_code_and_fields() -> None:
    services = FakeServices()
    services.on("POST intake /reports", problem(422, "invalid", errors=[{"field": "body.matter"}]))
    async with services.api() as api:
        with pytest.raises(ApiError) as raised:
            await api.post("intake", "/reports", {})
    assert raised.value.code == "invalid"
    assert raised.value.problem["errors"] == [{"field": "body.matter"}]


async def test_come_again_is_obeyed_until_it_works() -> None:
    services = FakeServices()
    answers = iter([problem(503, "not_yet", retry=True)] * 3)
    services.on("GET dispatch /x", lambda _: next(answers, {"done": True}))
    async with services.api() as api:
        assert await api.get("dispatch", "/x") == {"done": True}
    assert len(services.asked) == 4


async def test_a_503_that_forbids_coming_again_is_raised_at_once() -> None:
    services = FakeServices()
    services.on("GET dispatch /x", problem(503, "unavailable"))
    async with services.api() as api:
        with pytest.raises(ApiError):
            await api.get("dispatch", "/x")
    assert len(services.asked) == 1


@pytest.mark.parametrize(("broken", "reached"), [(2, True), (3, False)])
async def test_a_broken_connection_is_tried_again_then_named(broken: int, reached: bool) -> None:
    tries = 0

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        if tries <= broken:
            raise httpx.ReadError("gone")
        return httpx.Response(200, json=1)

    where = Addresses({"dispatch": ("http://dispatch",)}, token="t")
    async with Api(where, httpx.MockTransport(answer), reconnect=(0, 0)) as api:
        if reached:
            assert await api.get("dispatch", "/x") == 1
            return
        with pytest.raises(LocalError, match="dispatch does not answer at http://dispatch/x"):
            await api.get("dispatch", "/x")


async def test_replicas_take_turns() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, json=1)

    where = Addresses({"dispatch": ("http://one", "http://two")})
    async with Api(where, httpx.MockTransport(answer)) as api:
        for _ in range(4):
            await api.get("dispatch", "/x")
    assert asked == ["one", "two", "one", "two"]


async def test_a_token_is_asked_for_once_per_person_and_service() -> None:
    tokens: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            tokens.append(request)
            return httpx.Response(200, json={"access_token": f"token-{len(tokens)}"})
        return httpx.Response(200, json=request.headers["authorization"])

    where = Addresses(
        {"dispatch": ("http://d",)}, token_url="http://issuer/token", issuer_secret="s"
    )
    one, other = As("p-1", "cases.verify"), As("p-2", "cases.verify")
    async with Api(where, httpx.MockTransport(answer)) as api:
        assert await api.get("dispatch", "/x", one) == "Bearer token-1"
        assert await api.get("dispatch", "/x", one) == "Bearer token-1"
        assert await api.get("dispatch", "/x", other) == "Bearer token-2"
    assert [each.headers["x-issuer-secret"] for each in tokens] == ["s", "s"]


async def test_an_issuer_whose_connection_breaks_is_asked_again_and_its_no_is_an_error() -> None:
    asked = 0

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise httpx.ReadError("gone")
        return httpx.Response(401, json={"detail": "wrong issuer secret"})

    where = Addresses({"dispatch": ("http://d",)}, token_url="http://i/token", issuer_secret="s")
    async with Api(where, httpx.MockTransport(answer), reconnect=(0, 0)) as api:
        with pytest.raises(ApiError, match="issuer: POST /token: 401"):
            await api.get("dispatch", "/x", As("p-1", "cases.read"))
    assert asked == 2


async def test_without_a_token_one_is_told_to_set_it() -> None:
    async with Api(Addresses({"dispatch": ("http://d",)})) as api:
        with pytest.raises(LocalError, match="CIVICGRID_TOKEN"):
            await api.get("dispatch", "/x", As("p-1", "cases.read"))


def test_addresses_come_from_the_environment(tmp_path: Path) -> None:
    named = '{"dispatch": "https://d.example.org/"}'
    given = {"CIVICGRID_ADDRESSES": named, "CIVICGRID_TOKEN": "t"}
    found = find_addresses(tmp_path, given)
    assert found.one("dispatch") == "https://d.example.org"
    with pytest.raises(LocalError, match="address of intake is not known"):
        found.one("intake")
    with pytest.raises(LocalError, match="cannot be read"):
        find_addresses(tmp_path, {"CIVICGRID_ADDRESSES": "[1"})
    with pytest.raises(LocalError, match="civicgrid up"):
        find_addresses(tmp_path, {})
