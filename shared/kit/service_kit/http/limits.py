"""Limits on what a request may cost: its body's size and shape, and time. Traces begin here too."""

import asyncio
import re
from collections.abc import Collection, Mapping

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit.http.problems import CodedHTTPException, problem
from service_kit.http.shape import judge_json
from service_kit.telemetry.tracing import span

log = structlog.get_logger()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _BodyTooLarge(CodedHTTPException):
    def __init__(self, limit: int) -> None:
        super().__init__(413, "too_large", f"the body is larger than {limit} bytes")


class Limits:
    """ASGI middleware: 413 for too large a body, 422 for JSON nested too deep or with too many
    keys, 503 when the answer takes too long; and ``Cache-Control: no-store`` on what does not say
    how long it may be kept.

    ``larger`` names path prefixes that may take more (loading a district), ``*`` in them is any
    one segment; the first that fits counts. ``nouns`` are the first words of the service's routes:
    a span, and what the log says of a request without an answer, is named by nothing else, since a
    path that we do not know may be anybody's words.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body: int,
        seconds: float,
        larger: Mapping[str, int] | None = None,
        nouns: Collection[str] = (),
    ) -> None:
        self._app, self._max_body, self._seconds = app, max_body, seconds
        self._larger_begin = tuple(prefix.partition("*")[0] for prefix in larger or ())
        self._larger = [(_beginning(prefix), most) for prefix, most in (larger or {}).items()]
        self._nouns = frozenset(nouns)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.lower(): v.decode("latin-1") for k, v in scope["headers"]}
        with span(self._name(scope), headers.get(b"traceparent")):
            await self._limited(scope, receive, send, headers)

    def _name(self, scope: Scope) -> str:
        method, noun = scope["method"], scope["path"].lstrip("/").partition("/")[0]
        known = (method if method in METHODS else "OTHER", noun if noun in self._nouns else "?")
        return " ".join(known)

    def _allowed(self, path: str) -> int | None:
        """What this path may take beyond the usual; None where it is not named."""
        if not path.startswith(self._larger_begin):
            return None
        return next((most for fits, most in self._larger if fits.match(path)), None)

    async def _limited(
        self, scope: Scope, receive: Receive, send: Send, headers: Mapping[bytes, str]
    ) -> None:
        allowed = self._allowed(scope["path"])
        limit = allowed or self._max_body
        length = headers.get(b"content-length")
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(_kept_nowhere(message))

        bounded = _counting(receive, limit)
        if _is_json(headers.get(b"content-type", "")):
            bounded = _judging(bounded, limit)
        try:
            if length is not None and length.isdigit() and int(length) > limit:
                raise _BodyTooLarge(limit)
            async with asyncio.timeout(self._seconds if allowed is None else None):
                await self._app(scope, bounded, watched_send)
        except CodedHTTPException as error:
            if not started:
                answer = problem(error.status_code, error.code, error.detail)
                await answer(scope, receive, send)
        except TimeoutError:
            log.warning("no_answer_in_time", request=self._name(scope), seconds=self._seconds)
            if not started:
                answer = problem(503, "unavailable", "no answer in time; try again", retry=True)
                await answer(scope, receive, send)


def _beginning(prefix: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, prefix.split("*"))))


def _kept_nowhere(message: Message) -> Message:
    """What a service tells may be a person's, and be another thing in a moment: no browser and no
    proxy keeps it, unless the route says how."""
    if message["type"] != "http.response.start":
        return message
    headers = list(message.get("headers", []))
    if not any(name.lower() == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"no-store"))
    return {**message, "headers": headers}


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


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


def _judging(receive: Receive, limit: int) -> Receive:
    """The body as one message, once it was looked at; what comes after it as it comes."""
    judged = False

    async def whole() -> Message:
        nonlocal judged
        message = await receive()
        if judged or message["type"] != "http.request":
            return message
        parts = [message.get("body", b"")]
        while message.get("more_body", False):
            message = await receive()
            if message["type"] != "http.request":
                return message
            parts.append(message.get("body", b""))
        judged, body = True, b"".join(parts)
        judge_json(body, limit)
        return {"type": "http.request", "body": body, "more_body": False}

    return whole
