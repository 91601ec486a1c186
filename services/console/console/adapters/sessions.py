"""Sessions of staff, kept by the browser itself in a sealed cookie: console has no database, and
any replica can answer."""

import time
import zlib
from http.cookies import CookieError, SimpleCookie
from typing import Any

import orjson
import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.adapters.seal import Seal

log = structlog.get_logger()
COOKIE = "civicgrid_staff"
MOST_BYTES = 4000
"""Browsers keep 4,096 bytes of a cookie, its name and attributes among them."""


class SessionTooLarge(Exception):
    """The issuer's tokens do not fit into a cookie."""


class Sessions:
    """ASGI middleware: ``request.session`` under ``path``, nothing elsewhere.

    The cookie is not for scripts (HttpOnly), goes with no form of another site (SameSite=Lax, which
    lets the way back from the issuer through) and, where people come by https, never over http.
    It ends ``seconds`` after it was last written.
    """

    def __init__(self, app: ASGIApp, *, seal: Seal, path: str, seconds: int, secure: bool) -> None:
        self._app, self._seal, self._path, self._seconds = app, seal, path, seconds
        self._end = f"; Path={path}; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _under(self._path, scope["path"]):
            await self._app(scope, receive, send)
            return
        before = self._read(scope)
        session: dict[str, Any] = orjson.loads(orjson.dumps(before))
        scope["session"] = session

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and session != before:
                MutableHeaders(scope=message).append("Set-Cookie", self._written(session))
            await send(message)

        await self._app(scope, receive, told)

    def _read(self, scope: Scope) -> dict[str, Any]:
        sealed = _cookie(scope)
        plain = self._seal.read(sealed) if sealed else None
        if plain is None:
            return {}
        kept: dict[str, Any] = orjson.loads(zlib.decompress(plain))
        return kept["session"] if kept["until"] > time.time() else {}

    def _written(self, session: dict[str, Any]) -> str:
        if not session:
            return f"{COOKIE}={self._end}; Max-Age=0"
        kept = {"until": time.time() + self._seconds, "session": session}
        value = self._seal.seal(zlib.compress(orjson.dumps(kept)))
        if len(value) > MOST_BYTES:
            log.error("session_too_large", bytes=len(value), most=MOST_BYTES)
            raise SessionTooLarge(f"{len(value)} bytes; at most {MOST_BYTES} fit into a cookie")
        return f"{COOKIE}={value}{self._end}; Max-Age={self._seconds}"


def _under(path: str, asked: str) -> bool:
    return asked == path or asked.startswith(f"{path}/")


def _cookie(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                continue
            if found is not None:
                return found.value
    return None
