"""Problem details, limits, rights: what every service answers alike."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel
from pymongo.errors import AutoReconnect
from structlog import wrap_logger
from structlog.testing import LogCapture

from service_kit.auth import Principal
from service_kit.auth.principal import ANONYMOUS
from service_kit.errors import CivicError, NotYet, Refused
from service_kit.http import access, problems
from service_kit.http.access import needs
from service_kit.http.limits import Limits


class Body(BaseModel):
    number: int


def _app() -> FastAPI:
    app = FastAPI()
    problems.install(app)
    larger = {"/large": 1_000, "/of/*/files": 1_000}
    app.add_middleware(Limits, max_body=100, seconds=0.2, larger=larger, nouns={"slow"})

    @app.post("/body")
    @app.post("/large")
    @app.post("/of/{whom}/files")
    @app.post("/of/{whom}/other")
    async def body(body: Body) -> int:
        return body.number

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.Event().wait()

    @app.get("/fails/{how}")
    async def fails(how: str) -> None:
        raise {
            "refused": Refused("no", code="full", limit=3),
            "not-yet": NotYet("wait"),
            "store": AutoReconnect("away"),
            "bug": ZeroDivisionError("secret detail"),
        }[how]

    @app.get("/guarded")
    async def guarded(caller: Annotated[Principal, Depends(needs("cases.read"))]) -> str:
        return caller.id

    return app


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


@pytest.mark.parametrize(
    ("how", "status", "code", "retry"),
    [
        ("refused", 409, "full", False),
        ("not-yet", 409, "not_yet", True),
        ("store", 503, "unavailable", True),
        ("bug", 500, "internal_error", False),
    ],
)
async def test_errors_are_problems(
    http: httpx.AsyncClient, how: str, status: int, code: str, retry: bool
) -> None:
    answer = await http.get(f"/fails/{how}")

    body = answer.json()
    assert (answer.status_code, body["code"], body["retry"]) == (status, code, retry)
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) is retry
    assert "secret" not in answer.text


async def test_a_refusal_may_say_more(http: httpx.AsyncClient) -> None:
    assert (await http.get("/fails/refused")).json()["limit"] == 3


async def test_an_invalid_body_names_the_field(http: httpx.AsyncClient) -> None:
    answer = await http.post("/body", json={"number": "many"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.number"


@pytest.mark.parametrize("chunked", [False, True])
async def test_too_large_a_body_is_refused(http: httpx.AsyncClient, chunked: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b" " * 50

    answer = await http.post("/body", content=chunks() if chunked else b" " * 250)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/large", 200), ("/of/water/files", 200), ("/of/water/other", 413), ("/of/a/b/files", 413)],
)
async def test_a_path_may_take_more(http: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await http.post(path, json={"number": 7, "more": "x" * 250})

    assert answer.status_code == status


async def test_no_answer_in_time_is_a_503_that_may_be_repeated_and_that_the_log_tells_of(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = LogCapture()
    monkeypatch.setattr("service_kit.http.limits.log", wrap_logger(None, processors=[told]))
    answer = await http.get("/slow?whose=somebody's")

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert told.entries == [
        {
            "event": "no_answer_in_time",
            "log_level": "warning",
            "request": "GET slow",
            "seconds": 0.2,
        }
    ]


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (ANONYMOUS, 401),
        (Principal("p-1", "staff", frozenset({"other"})), 403),
        (Principal("p-1", "staff", frozenset({"cases.read"})), 200),
    ],
)
async def test_rights(caller: Principal, status: int) -> None:
    app = _app()

    async def given_caller(_: Request) -> Principal:
        return caller

    app.dependency_overrides[access.principal] = given_caller
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        answer = await http.get("/guarded")

    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) is (status == 401)


def test_a_code_is_a_word_for_programs() -> None:
    with pytest.raises(ValueError, match="is no code"):
        CivicError("x", code="Not a code")
