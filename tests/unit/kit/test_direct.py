"""A route that reads its request itself answers as FastAPI's own would."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from service_kit.http import problems
from service_kit.http.direct import body_of, direct, header_of


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    times: int = 1


async def _read(request: Request) -> dict[str, Any]:
    return {"said": await body_of(request, Said), "key": header_of(request, "key", 5)}


async def _post(
    request: Request,
    said: Said,
    key: Annotated[str | None, Header(min_length=1, max_length=5)] = None,
) -> Response:
    return Response(f"{said.text * said.times}|{key}", 202)


def _app(*, by_hand: bool) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    router = APIRouter(route_class=direct(_read)) if by_hand else APIRouter()
    router.post("/said", status_code=202)(_post)
    app.include_router(router)
    return app


async def _ask(app: FastAPI, **request: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.post("/said", **request)


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"text": "a", "times": 3}},
        {"json": {"text": "a"}, "headers": {"key": "k"}},
        {"json": {"text": "a"}, "headers": {"key": "too-long"}},
        {"json": {"text": "a"}, "headers": {"key": ""}},
        {"json": {"text": 1, "more": 2}},
        {"json": {}},
        {"json": [1]},
        {"json": None},
        {"content": b"", "headers": JSON},
        {"content": b"{", "headers": JSON},
        {"content": b"\xff", "headers": JSON},
        {"content": b'{"text": "a"}', "headers": {"content-type": "application/x+json; a=b"}},
        {"content": b'{"text": "a"}', "headers": {"content-type": "text/plain"}},
        {"content": b'{"text": "a"}'},
    ],
)
async def test_it_answers_as_fastapi_does(request_: dict[str, Any]) -> None:
    ours = await _ask(_app(by_hand=True), **request_)
    theirs = await _ask(_app(by_hand=False), **request_)
    if theirs.status_code == 202:
        assert (ours.status_code, ours.text) == (202, theirs.text)
    else:
        assert ours.status_code == 422
        assert ours.json()["code"] == "invalid"


async def test_what_is_wrong_is_said_by_field_and_without_what_was_sent() -> None:
    answer = await _ask(_app(by_hand=True), json={"text": "a", "times": "secret"})
    [error] = answer.json()["errors"]
    assert error["field"] == "body.times"
    assert "secret" not in answer.text


def test_openapi_shows_the_same() -> None:
    assert _app(by_hand=True).openapi() == _app(by_hand=False).openapi()
