"""A browser without scripts before console, which asks services that a test plays."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from console.adapters.login import Login
from console.main import Lines, build
from tests.unit.console.oidc import CLIENT, ISSUER, SECRET, Provider
from tests.unit.console.test_pages import PEERS, settings

STAFF = ("joint", "assessment", "notification", "gateway")
NAVIGATE = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin"}
Answer = (
    Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)


def registry(request: httpx.Request) -> httpx.Response:
    """One grid, no standard, no departments; other services are away."""
    root: dict[str, Any] = {"grid": "410199", "level": "district", "parent": None, "path": [],
                            "name": {"zh": "兰河区", "en": "Lanhe"}}  # fmt: skip
    rows: dict[str, list[Any]] = {"/grids": [root], "/standards": [], "/departments": []}
    if request.url.path in rows:
        return httpx.Response(200, json=rows[request.url.path])
    raise httpx.ConnectError("nobody answers here", request=request)


def with_login(provider: Provider, answer: Answer) -> FastAPI:
    """Console with pages for staff; ``answer`` is what all services say."""
    peers = {**PEERS, **{name: f"http://{name}.example.org" for name in STAFF}}
    known = settings(peers=peers, oidc_issuer=ISSUER, oidc_secret=SECRET, public_url="http://pages")
    services = [httpx.AsyncClient(transport=httpx.MockTransport(answer)) for _ in range(2)]
    app = build(known, Lines(*services))
    app.state.house.login = Login(ISSUER, CLIENT, SECRET, transport=provider.transport)
    return app


@asynccontextmanager
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """What opens pages, and keeps cookies."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://pages", headers=NAVIGATE
    ) as found:
        yield found


async def log_in(http: httpx.AsyncClient, provider: Provider, back: str = "/staff") -> str:
    """Where one is sent after the login."""
    begun = await http.get("/staff/login", params={"back": back})
    answer = await http.get("/staff/callback", params=provider.choose(begun.headers["location"]))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
