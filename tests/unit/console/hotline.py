"""Intake's queues as a test plays them, and an operator's browser before them."""

import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from civicgrid.staff.rights import JOBS
from tests.unit.console.browsing import browser, log_in, registry, with_login
from tests.unit.console.oidc import Provider

HOTLINE = JOBS["hotline"].scope
CASE = f"case:{'1' * 8}-1111-5111-9111-{'1' * 12}"
OLDER = f"case:{'2' * 8}-2222-5222-9222-{'2' * 12}"
REPORT = f"report:{'3' * 8}-3333-5333-9333-{'3' * 12}"
MATTER = "part/utilities/manhole-cover"
AT = "2026-01-05T01:00:00Z"


class Services:
    """``known`` answers by ``METHOD /path``, also as a function of the query; ``asked`` is what was
    asked for by query, ``sent`` what was posted, in order. All else is away."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sent: list[tuple[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST":
            self.sent.append((path, json.loads(request.content or b"null")))
        else:
            self.asked.append((path, dict(request.url.params)))
        if f"{request.method} {path}" in self.known:
            status, body = self.known[f"{request.method} {path}"]
            body = body(dict(request.url.params)) if callable(body) else body
            return httpx.Response(status, json=body)
        return registry(request)

    def refuse(self, asked: str, status: int, code: str) -> None:
        self.known[asked] = (status, {"code": code})


def filed(case: str, **change: Any) -> dict[str, Any]:
    """A case as dispatch tells it."""
    nothing = ("placer", "task", "verification", "ruling", "request", "watch", "voiding",
               "operation", "due_at", "closed_at", "on_time")  # fmt: skip
    return {
        **dict.fromkeys(nothing), "case": case, "status": "assigned", "matter": MATTER,
        "condition": "missing", "grid": "410199", "grid_path": [], "located": True,
        "reported_at": AT, "slips": [], "alerted": [], "reopened": 0, **change,
    }  # fmt: skip


@asynccontextmanager
async def operator(services: Services, scope: str = HOTLINE) -> AsyncGenerator[httpx.AsyncClient]:
    """The browser of somebody with these rights."""
    provider = Provider()
    provider.said["scope"] = scope
    async with browser(with_login(provider, services)) as found:
        await log_in(found, provider)
        yield found


def csrf(text: str) -> str:
    """The word that every form of a page carries."""
    (found,) = set(re.findall(r'name="csrf" value="([^"]+)"', text))
    return str(found)
