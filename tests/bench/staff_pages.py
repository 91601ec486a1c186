"""The pages of staff that list cases, as console makes them out of what a real dispatch says.

The registry is played, so that nothing but these two is measured: it has the year's grids, without
outlines. The other services are away.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.bench import year
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.console.browsing import browser, log_in, with_login
from tests.unit.console.oidc import Provider

SCOPES = "cases.read cases.verify cases.supervise"
LEVELS = ("district", "street", "community", "unit")


class Trusted(Provider):
    """Whose access tokens dispatch trusts."""

    def __init__(self, issuer: TestIssuer, person: str) -> None:
        super().__init__()
        self.said = {"sub": person, "kind": "staff", "scope": SCOPES}
        self._token = issuer.token(person, SCOPES, "dispatch")

    def _tokens(self) -> dict[str, Any]:
        return super()._tokens() | {"access_token": self._token}


@asynccontextmanager
async def logged_in(
    dispatch: Twin, issuer: TestIssuer, person: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before console, in which this person is logged in."""

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host.startswith("dispatch"):
            headers = {"Authorization": request.headers.get("Authorization", "")}
            kept = {k: v for k, v in request.headers.items() if k == "content-type"}
            return await dispatch.http.request(
                request.method, request.url.raw_path.decode(), headers=headers | kept,
                content=request.content,
            )  # fmt: skip
        return _registry(request)

    provider = Trusted(issuer, person)
    async with browser(with_login(provider, answer)) as http:
        await log_in(http, provider)
        yield http


def _registry(request: httpx.Request) -> httpx.Response:
    rows: dict[str, Any] = {
        "/grids": [_grid(grid, path) for grid, path in year.tree().items()],
        "/standards": [],
        "/departments": [{"department": d, "name": {"zh": d, "en": d}} for d in year.DEPARTMENTS],
        "/grids/export": {"features": []},
    }
    if not request.url.host.startswith("registry") or request.url.path not in rows:
        raise httpx.ConnectError("nobody answers here", request=request)
    return httpx.Response(200, json=rows[request.url.path])


def _grid(grid: str, path: tuple[str, ...]) -> dict[str, Any]:
    name = {"zh": grid, "en": grid}
    parent = path[-1] if path else None
    level = LEVELS[len(path)]
    return {"grid": grid, "level": level, "parent": parent, "path": list(path), "name": name}
