"""Errors as GeoReport v2 has them, for whatever fails below ``/open311``.

Everything else of this service answers with problem details; so do the frame's own limits, rates
and unknown routes. Here, at the outermost, each becomes a list of code and description, in the
format asked for. A wrong or missing key is 403, and what cannot be taken as it was sent is 400;
what says something else (429, 503...) stays as it is.
"""

import contextlib
from typing import Any

import orjson
import structlog
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake.api.open311.formats import Format, answer

log = structlog.get_logger()
PREFIX = "/open311"
PROBLEM = "application/problem+json"
STATUS = {401: 403, 409: 400, 422: 400}
KEPT_HEADERS = ("retry-after", "allow")


class Open311Errors:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        sending = _Sending(scope, receive, send)
        try:
            await self._app(scope, receive, sending)
        except Exception:
            if sending.started:
                raise
            log.exception("unexpected_error")
            wrong = [{"code": 500, "description": "an error of ours; it has been logged"}]
            await _errors(scope, wrong, 500)(scope, receive, send)


class _Sending:
    """Passes answers on, but for problems: those are held back until they are whole."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._problem: Message | None = None
        self._body = b""
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if kind.startswith(PROBLEM):
                self._problem = message
                return
        if self._problem is None:
            self.started = True
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            self.started = True
            await self._translated(self._problem)(self._scope, self._receive, self._send)

    def _translated(self, start: Message) -> Response:
        known: int = start["status"]
        status = STATUS.get(known, known)
        headers = Headers(raw=start["headers"])
        kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
        return _errors(self._scope, _listed(self._body, status), status, kept)


def _listed(body: bytes, status: int) -> list[dict[str, Any]]:
    """Each field that is wrong by itself, else the whole."""
    said: dict[str, Any] = {}
    with contextlib.suppress(orjson.JSONDecodeError):
        said = orjson.loads(body)
    fields = [
        f"{str(each['field']).split('.')[-1]}: {each['message']}"
        for each in said.get("errors", [])
        if "field" in each and "message" in each
    ]
    whole = str(said.get("detail") or said.get("title") or "the request failed")
    return [{"code": status, "description": each} for each in fields or [whole]]


def _errors(
    scope: Scope, errors: list[dict[str, Any]], status: int, headers: dict[str, str] | None = None
) -> Response:
    return answer(format_of(scope), "errors", errors, status, headers)


def format_of(scope: Scope) -> Format:
    """By the path's ending; without one by what is accepted; XML is what every client reads."""
    suffix = scope["path"].rsplit(".", 1)[-1]
    if suffix in set(Format):
        return Format(suffix)
    accepted = Headers(scope=scope).get("accept", "")
    return Format.JSON if "application/json" in accepted else Format.XML
