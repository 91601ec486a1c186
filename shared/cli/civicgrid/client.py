"""Speaking to the services over HTTP, as anybody could: tokens, retries, problems as errors."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from civicgrid.addresses import Addresses
from civicgrid.local import LocalError

RETRIES = 90
RETRY_SECONDS = 1.0
RECONNECT_SECONDS = (0.1, 0.4, 1.0, 2.0)
PATIENT_SECONDS = (0.2, 0.5, *[1.0] * 90)
"""Pauses between attempts, where a service may be dead for a while."""
TIMEOUT = httpx.Timeout(60.0, connect=5.0)
LONG = httpx.Timeout(None, connect=5.0)
"""For what takes as long as it takes: loading a district, importing history."""


class ApiError(Exception):
    """A service said no. ``code`` is stable, ``problem`` its whole answer (RFC 9457)."""

    def __init__(self, service: str, what: str, status: int, problem: Mapping[str, Any]) -> None:
        self.service, self.status, self.problem = service, status, problem
        self.code = str(problem.get("code", f"http_{status}"))
        self.detail = str(problem.get("detail", ""))
        super().__init__(f"{service}: {what}: {status} {self.code}: {self.detail}")


@dataclass(frozen=True)
class As:
    """On whose behalf one asks: a person or program, with these rights at one service;
    ``department`` is whom they act for."""

    sub: str
    scope: str
    kind: str = "staff"
    department: str | None = None


OPERATOR = As("operator", "operate", "operator")


class Api:
    """All services of a district. Use as an async context manager."""

    def __init__(
        self,
        addresses: Addresses,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        reconnect: Sequence[float] = RECONNECT_SECONDS,
    ) -> None:
        """``reconnect``: the pauses, in seconds, after which a broken connection is tried again."""
        self._addresses = addresses
        self._reconnect = reconnect
        self._turns: dict[str, Iterator[str]] = {
            name: itertools.cycle(urls) for name, urls in addresses.services.items()
        }
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        self._http = httpx.AsyncClient(
            timeout=TIMEOUT,
            limits=limits,
            trust_env=False,  # no proxies
            verify=httpx.create_ssl_context(),  # but SSL_CERT_FILE
            transport=transport,
        )
        self._tokens: dict[tuple[str, As], str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def get(self, service: str, path: str, who: As | None = None, **query: Any) -> Any:
        """The JSON answer; raises ApiError, LocalError when the service is not reached."""
        return await self.send("GET", service, path, who, params=query)

    async def post(
        self, service: str, path: str, body: Any, who: As | None = None, key: str | None = None
    ) -> Any:
        """Post JSON; ``key`` is the Idempotency-Key, with which it is safe to send again."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self.send("POST", service, path, who, json=body, headers=headers)

    async def send(
        self,
        method: str,
        service: str,
        path: str,
        who: As | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **request: Any,
    ) -> Any:
        """One request, sent again for as long as the service says to come again (429, 503)."""
        for last in (*itertools.repeat(False, RETRIES), True):
            answer = await self._once(method, service, path, who, headers or {}, request)
            if answer.is_success:
                return answer.json() if answer.content else None
            problem = _problem(answer)
            if last or not (answer.status_code in (429, 503) and problem.get("retry")):
                raise ApiError(service, f"{method} {path}", answer.status_code, problem)
            await asyncio.sleep(_pause(answer))
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def content(self, service: str, path: str, who: As | None = None, **query: Any) -> bytes:
        """A file, as it is; raises ApiError."""
        answer = await self._once("GET", service, path, who, {}, {"params": query})
        if not answer.is_success:
            raise ApiError(service, f"GET {path}", answer.status_code, _problem(answer))
        return answer.content

    async def text(self, service: str, path: str) -> str:
        """A text answer without a token, such as metrics; of the first replica."""
        return (await self._http.get(self._addresses.one(service) + path)).text

    def replicas(self, service: str) -> Sequence[str]:
        """Base URLs of a service's replicas."""
        return self._addresses.services.get(service, ())

    async def _once(
        self,
        method: str,
        service: str,
        path: str,
        who: As | None,
        headers: Mapping[str, str],
        request: dict[str, Any],
    ) -> httpx.Response:
        self._addresses.one(service)
        url = next(self._turns[service]) + path
        sent = dict(headers)
        if who is not None:
            sent["Authorization"] = f"Bearer {await self._token(service, who)}"
        return await self._reached(service, method, url, headers=sent, **request)

    async def _reached(self, service: str, method: str, url: str, **request: Any) -> httpx.Response:
        """An answer, whatever it says. A broken connection is tried again for a few seconds:
        every request of ours can be repeated, being a question, keyed, or refused when done."""
        for pause in (*self._reconnect, None):
            try:
                return await self._http.request(method, url, **request)
            except httpx.TransportError as error:
                if pause is None:
                    raise LocalError(
                        f"{service} does not answer at {url}: {type(error).__name__} {error}",
                        "see `civicgrid status`; a private authority is named in SSL_CERT_FILE",
                    ) from error
                await asyncio.sleep(pause)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _token(self, service: str, who: As) -> str:
        if self._addresses.token:
            return self._addresses.token
        known = self._tokens.get((service, who))
        if known is None:
            known = self._tokens[service, who] = await self._issued(service, who)
        return known

    async def _issued(self, service: str, who: As) -> str:
        url, secret = self._addresses.token_url, self._addresses.issuer_secret
        if url is None or secret is None:
            raise LocalError(f"{service} needs a token", "set CIVICGRID_TOKEN")
        body = {
            "sub": who.sub,
            "kind": who.kind,
            "scope": who.scope,
            "audience": [service],
            "department": who.department,
            "seconds": 86_400,
        }
        headers = {"X-Issuer-Secret": secret}
        answer = await self._reached("issuer", "POST", url, json=body, headers=headers)
        if not answer.is_success:
            raise ApiError("issuer", "POST /token", answer.status_code, _problem(answer))
        return str(answer.json()["access_token"])


def _pause(answer: httpx.Response) -> float:
    """Who asks too often is told for how long not to."""
    said = answer.headers.get("Retry-After", "")
    return float(said) if answer.status_code == 429 and said.isdigit() else RETRY_SECONDS


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {"detail": answer.text[:300]}
    return found if isinstance(found, dict) else {"detail": str(found)[:300]}
