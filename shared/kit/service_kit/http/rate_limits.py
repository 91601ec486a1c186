"""The outermost layer: who asks too often is refused before anything is read or checked."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit.errors import TooMany
from service_kit.http.problems import refusal
from service_kit.http.rates import ADDRESS_KEY, Addresses, Rates, whole

FREE = frozenset({"/healthz", "/readyz", "/metrics"})
"""What those ask who look after the service; never refused."""


class RateLimits:
    """ASGI middleware: 429 by client address, before the body is read and the token checked, so
    that a flood of bad tokens is limited like any other. With a valid token a request then counts
    for its principal instead (``access.principal``).

    ``guessable`` are path prefixes where a hit would be somebody else's (receipts). A 404 there
    counts against a stricter limit of its own; who has used it up is refused there, whatever they
    ask, until it has filled again.
    """

    def __init__(
        self, app: ASGIApp, *, rates: Rates, addresses: Addresses, guessable: Sequence[str] = ()
    ) -> None:
        self._app, self._rates, self._addresses = app, rates, addresses
        self._guessable = tuple(guessable)
        self._idle = rates.by_address is None and rates.failures is None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._idle or scope["path"] in FREE:
            await self._app(scope, receive, send)
            return
        peer = scope["client"][0] if scope.get("client") else ""
        key = self._addresses.key(peer, _forwarded(scope))
        guess: bool = scope["path"].startswith(self._guessable)
        wait = self._wait(key, guess)
        if wait:
            again = whole(wait)
            said = f"too many requests from this address; try again in {again} s"
            await refusal(TooMany(said, after=again))(scope, receive, send)
            return
        scope[ADDRESS_KEY] = key
        await self._app(scope, receive, self._counting(send, key) if guess else send)

    def _wait(self, key: bytes, guess: bool) -> float:
        """The seconds to wait; 0 where it may go on, and is counted."""
        rates = self._rates
        if guess and rates.failures is not None:
            missed = rates.failures.wait(key)
            if missed:
                return missed
        return rates.by_address.take(key) if rates.by_address is not None else 0.0

    def _counting(self, send: Send, key: bytes) -> Send:
        async def watched(message: Message) -> None:
            begins = message["type"] == "http.response.start"
            if begins and message["status"] == 404 and self._rates.failures is not None:
                self._rates.failures.spend(key)
            await send(message)

        return watched


def _forwarded(scope: Scope) -> str | None:
    """Every ``X-Forwarded-For``, in the order in which proxies wrote them."""
    found = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return b",".join(found).decode("latin-1") if found else None
