"""What every answer tells the browser not to do."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{tiles};"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)

NO_COPY = {"Cache-Control": "no-store, private"}
"""Of an answer with what somebody said or is called: no browser and no cache keeps it."""


def policy(tile_url: str | None) -> str:
    """The Content-Security-Policy; the tiles' host may be asked for pictures, and nobody else."""
    if tile_url is None:
        return _POLICY.format(tiles="")
    parts = urlsplit(tile_url)
    return _POLICY.format(tiles=f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}")


def security(tile_url: str | None) -> dict[str, str]:
    """The headers of every answer."""
    return {
        "Content-Security-Policy": policy(tile_url),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class Headers:
    """ASGI middleware, around everything but the page of an unexpected error, which sets them
    itself."""

    def __init__(self, app: ASGIApp, said: Mapping[str, str]) -> None:
        self._app, self._said = app, said

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._said)
            await send(message)

        await self._app(scope, receive, told)
