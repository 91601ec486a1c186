"""Asking another service over HTTP, and what it answers when it refuses."""

from dataclasses import dataclass, replace
from typing import Any, Self

import httpx


class Refusal(Exception):
    """A service said no, or nothing. ``code`` is that of its problem document (RFC 9457),
    ``detail`` its words; ``after`` the seconds after which to try again, where it said so."""

    def __init__(self, status: int, code: str, after: int | None = None, detail: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.after, self.detail = status, code, after, detail


JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Peer:
    """A service at its address, asked for one reader: ``forwarded`` is who that is, so that the
    service's own limits count readers and not us; ``token`` is theirs where they are logged in."""

    http: httpx.AsyncClient
    base: str
    forwarded: str | None = None
    token: str | None = None

    def for_reader(self, forwarded: str) -> Self:
        return replace(self, forwarded=forwarded)

    async def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """The answer where it is a success; raises Refusal."""
        headers = dict(given.pop("headers", {}))
        if self.forwarded:
            headers["X-Forwarded-For"] = self.forwarded
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            answer = await self.http.request(method, self.base + path, headers=headers, **given)
        except httpx.HTTPError:
            raise Refusal(503, "unavailable") from None
        if answer.is_success:
            return answer
        raise _refusal(answer)


def _refusal(answer: httpx.Response) -> Refusal:
    try:
        said = answer.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    code, detail = str(said.get("code", "other")), str(said.get("detail", ""))
    after = answer.headers.get("retry-after", "")
    return Refusal(answer.status_code, code, int(after) if after.isdigit() else None, detail)
