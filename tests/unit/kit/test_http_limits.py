"""429 by address, token and channel with a Retry-After that is true; 422 for a deep body."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Depends, FastAPI, Request, Response

from service_kit.auth import Principal
from service_kit.errors import NotFound, Unauthenticated
from service_kit.http import documented, problems
from service_kit.http.access import Caller, needs
from service_kit.http.limits import Limits
from service_kit.http.rate_limits import RateLimits
from service_kit.http.rates import Addresses, Rate, Rates, parse_networks
from tests.unit.kit.test_rates import Hands


class AnyToken:
    """A verifier to whom a token's principal is the token; ``bad`` is none."""

    async def principal(self, token: str) -> Principal:
        if token == "bad":
            raise Unauthenticated("no")
        kind = "service" if token.startswith("service:") else "staff"
        return Principal(token, kind, frozenset({"some"}))


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def rates(hands: Hands) -> Rates:
    return Rates(
        address=Rate(6, 60.0), failures=Rate(2, 60.0), token=Rate(3, 60.0),
        channels={"web": Rate(2, 60.0)}, monotonic=hands,
    )  # fmt: skip


@pytest.fixture
def app(rates: Rates) -> FastAPI:
    app = FastAPI()
    app.state.runtime = SimpleNamespace(verifier=AnyToken(), rates=rates)
    problems.install(app)
    app.add_middleware(Limits, max_body=200_000, seconds=5.0)
    app.add_middleware(
        RateLimits,
        rates=rates,
        addresses=Addresses(parse_networks("127.0.0.1")),
        guessable=["/track/"],
    )

    @app.get("/healthz")
    @app.get("/known")
    async def known() -> str:
        return "known"

    @app.get("/me")
    async def me(caller: Annotated[Principal, Depends(needs("some"))]) -> str:
        return caller.id

    @app.get("/track/{receipt}")
    async def track(receipt: str) -> str:
        if receipt != "right":
            raise NotFound("no")
        return receipt

    @app.post("/by/{channel}")
    async def by(request: Request, channel: str, body: dict[str, Any], caller: Caller) -> str:
        request.app.state.runtime.rates.channel(channel)
        return channel

    documented.install(app)
    return app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as client:
        yield client


def _from(address: str, token: str | None = None) -> dict[str, str]:
    return {"X-Forwarded-For": address} | ({"Authorization": f"Bearer {token}"} if token else {})


async def _refused_until(
    http: httpx.AsyncClient, hands: Hands, method: str, path: str, **request: Any
) -> None:
    """It is refused now, a moment before the time that it says, and not after it."""
    answer = await http.request(method, path, **request)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer.json()["retry"] is True
    seconds = int(answer.headers["retry-after"])
    hands.now += seconds - 1.5
    assert (await http.request(method, path, **request)).status_code == 429
    hands.now += 1.5
    assert (await http.request(method, path, **request)).status_code == 200


async def test_answers_are_kept_nowhere_unless_the_route_says_how(
    app: FastAPI, http: httpx.AsyncClient
) -> None:
    @app.get("/map")
    async def drawn() -> Response:
        return Response("map", headers={"Cache-Control": "max-age=60"})

    assert (await http.get("/known")).headers.get_list("cache-control") == ["no-store"]
    assert (await http.get("/map")).headers.get_list("cache-control") == ["max-age=60"]


async def test_an_address_has_its_limit(http: httpx.AsyncClient, hands: Hands) -> None:
    for _ in range(6):
        assert (await http.get("/known", headers=_from("203.0.113.1"))).status_code == 200

    assert (await http.get("/known", headers=_from("203.0.113.2"))).status_code == 200
    await _refused_until(http, hands, "GET", "/known", headers=_from("203.0.113.1"))


async def test_a_flood_of_bad_tokens_is_limited_too(http: httpx.AsyncClient) -> None:
    headers = _from("203.0.113.1", "bad")
    statuses = [(await http.get("/me", headers=headers)).status_code for _ in range(8)]

    assert statuses == [401] * 6 + [429] * 2


async def test_health_is_always_told(http: httpx.AsyncClient) -> None:
    for _ in range(20):
        assert (await http.get("/healthz")).status_code == 200


async def test_a_token_has_its_limit_wherever_it_comes_from(
    http: httpx.AsyncClient, hands: Hands
) -> None:
    for number in range(3):
        answer = await http.get("/me", headers=_from(f"203.0.113.{number}", "p-1"))
        assert answer.status_code == 200

    assert (await http.get("/me", headers=_from("203.0.113.5", "p-2"))).status_code == 200
    await _refused_until(http, hands, "GET", "/me", headers=_from("203.0.113.9", "p-1"))


async def test_who_has_a_valid_token_counts_by_it_and_not_by_the_office(
    http: httpx.AsyncClient,
) -> None:
    for number in range(20):
        answer = await http.get("/me", headers=_from("203.0.113.1", f"p-{number}"))
        assert answer.status_code == 200
    statuses = [
        (await http.get("/known", headers=_from("203.0.113.1"))).status_code for _ in range(7)
    ]
    assert statuses == [200] * 6 + [429]


async def test_our_own_services_are_not_counted(http: httpx.AsyncClient) -> None:
    for _ in range(20):
        answer = await http.get("/me", headers=_from("203.0.113.1", "service:gateway"))
        assert answer.status_code == 200


async def test_a_channel_has_its_limit_whoever_uses_it(
    http: httpx.AsyncClient, hands: Hands
) -> None:
    for number in range(2):
        headers = _from(f"203.0.113.{number}")
        assert (await http.post("/by/web", json={}, headers=headers)).status_code == 200

    for _ in range(3):
        answer = await http.post("/by/hotline", json={}, headers=_from("203.0.113.7"))
        assert answer.status_code == 200
    await _refused_until(http, hands, "POST", "/by/web", json={}, headers=_from("203.0.113.9"))


async def test_who_guesses_receipts_is_soon_refused_even_the_right_one(
    http: httpx.AsyncClient, hands: Hands
) -> None:
    guesser = _from("203.0.113.1")
    guesses = [(await http.get(f"/track/{n}", headers=guesser)).status_code for n in range(3)]

    assert guesses == [404, 404, 429]
    assert (await http.get("/track/right", headers=_from("203.0.113.2"))).status_code == 200
    assert (await http.get("/known", headers=guesser)).status_code == 200
    await _refused_until(http, hands, "GET", "/track/right", headers=guesser)


async def test_who_knows_a_receipt_may_look_often(http: httpx.AsyncClient) -> None:
    for _ in range(6):
        assert (await http.get("/track/right")).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "application/merge-patch+json; charset=utf8"])
@pytest.mark.parametrize("pieces", [1, 3])
async def test_a_deep_body_is_refused_before_it_is_parsed(
    http: httpx.AsyncClient, kind: str, pieces: int
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            yield b"[" * (100_000 // pieces)

    answer = await http.post("/by/hotline", content=body(), headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (422, "too_deep")


async def test_an_ordinary_body_in_pieces_arrives_whole(http: httpx.AsyncClient) -> None:
    async def body() -> AsyncIterator[bytes]:
        for piece in (b'{"a": [1, {"b"', b': "]]]]]"}', b"]}"):
            yield piece

    headers = {"Content-Type": "application/json"}
    answer = await http.post("/by/hotline", content=body(), headers=headers)

    assert answer.json() == "hotline"


def test_429_is_documented_everywhere_with_its_header(app: FastAPI) -> None:
    for item in app.openapi()["paths"].values():
        for operation in item.values():
            assert "Retry-After" in operation["responses"]["429"]["headers"]
