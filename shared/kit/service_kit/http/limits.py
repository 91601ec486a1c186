"""Limits on what a request may cost: size of its body, and time. Traces begin here too."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit.http.problems import problem
from service_kit.telemetry.tracing import span


class _BodyTooLarge(HTTPException):
    """An HTTPException, because FastAPI turns any other error while reading a body into 400."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"the body is larger than {limit} bytes")


class Limits:
    """ASGI middleware: 413 for too large a body, 503 when the answer takes too long.

    ``larger`` names path prefixes that may take more (loading a district).
    """

    def __init__(
        self, app: ASGIApp, *, max_body: int, seconds: float, larger: dict[str, int] | None = None
    ) -> None:
        self._app, self._max_body, self._seconds = app, max_body, seconds
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.lower(): v.decode("latin-1") for k, v in scope["headers"]}
        with span(f"{scope['method']} {scope['path'].split('/')[1]}", headers.get(b"traceparent")):
            await self._limited(scope, receive, send, headers.get(b"content-length"))

    async def _limited(
        self, scope: Scope, receive: Receive, send: Send, length: str | None
    ) -> None:
        allowed = next((n for p, n in self._larger.items() if scope["path"].startswith(p)), None)
        limit = allowed or self._max_body
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if length is not None and length.isdigit() and int(length) > limit:
                raise _BodyTooLarge(limit)
            async with asyncio.timeout(self._seconds if allowed is None else None):
                await self._app(scope, _counting(receive, limit), watched_send)
        except _BodyTooLarge as error:
            if not started:
                await _answer(413, "too_large", error.detail)(scope, receive, send)
        except TimeoutError:
            if not started:
                await _answer(503, "unavailable", "no answer in time; try again")(
                    scope, receive, send
                )


def _answer(status: int, code: str, detail: str) -> Response:
    return problem(status, code, detail, retry=status == 503)


def _counting(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _BodyTooLarge(limit)
        return message

    return counted
