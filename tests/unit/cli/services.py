"""Services that answer from a table, over httpx: what the command line asks, and what it gets."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from civicgrid.addresses import Addresses
from civicgrid.client import Api
from civicgrid.deployment.names import SERVICES

Answer = Callable[[httpx.Request], Any]


class FakeServices:
    """``answers`` by ``"METHOD service path"``; every request is kept in ``asked``."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Any]] = []

    def on(self, what: str, answer: Any) -> None:
        """Answer with JSON, with an httpx.Response, or with what a function makes."""
        self.answers[what] = answer if callable(answer) else lambda _: answer

    def api(self) -> Api:
        """A client of these services; tokens are not looked at."""
        urls = {name: (f"http://{name}",) for name in (*SERVICES, "department")}
        return Api(Addresses(urls, token="t"), httpx.MockTransport(self._answer))

    def bodies(self, what: str) -> list[Any]:
        """The bodies that were sent there."""
        return [body for asked, body in self.asked if asked == what]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        what = f"{request.method} {request.url.host} {request.url.path}"
        self.asked.append((what, json.loads(request.content) if request.content else None))
        if what not in self.answers:
            return httpx.Response(404, json={"code": "not_found", "detail": what})
        found = self.answers[what](request)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)


def problem(status: int, code: str, *, retry: bool = False, **more: Any) -> httpx.Response:
    """What a service answers when it says no."""
    return httpx.Response(status, json={"code": code, "detail": code, "retry": retry, **more})
