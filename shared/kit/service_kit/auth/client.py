"""Tokens that a service asks for itself, to speak to its peers."""

import time
from collections.abc import AsyncGenerator, Generator

import httpx


class ServiceToken(httpx.Auth):
    """Client credentials: fetched when needed, renewed a minute before it ends."""

    def __init__(
        self, token_url: str, secret: str, subject: str, scope: str, audience: list[str]
    ) -> None:
        self._url, self._secret = token_url, secret
        self._body = {"sub": subject, "kind": "service", "scope": scope, "audience": audience}
        self._token, self._until = "", 0.0

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        if time.monotonic() > self._until:
            yield await self._renewed((yield self._ask()), request)
            return
        response = yield self.sign(request)
        if response.status_code == 401:  # the issuer has new keys
            yield await self._renewed((yield self._ask()), request)

    async def _renewed(self, answer: httpx.Response, request: httpx.Request) -> httpx.Request:
        await answer.aread()  # an own flow gets its responses unread
        self.take(answer)
        return self.sign(request)

    def _ask(self) -> httpx.Request:
        return httpx.Request(
            "POST", self._url, json=self._body, headers={"X-Issuer-Secret": self._secret}
        )

    def take(self, response: httpx.Response) -> None:
        response.raise_for_status()
        answer = response.json()
        self._token = answer["access_token"]
        self._until = time.monotonic() + answer["expires_in"] - 60

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        raise RuntimeError("service tokens are for asynchronous clients")

    def sign(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
