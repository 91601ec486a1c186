"""Everything that somebody could read over HTTP, asked for; to see whether a case is in it."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from civicgrid.addresses import addresses_of
from civicgrid.deployment import Run
from civicgrid.deployment.names import SERVICES

AT_ONCE = 16
SCOPES = (
    "audit.read callbacks.make cases.arbitrate cases.place cases.read cases.supervise cases.verify"
    " evidence.read links.decide notices.read operations.read registry.read reports.read"
    " reports.staff rounds.plan scores.read triage.decide visits.read department"
)
"""All that lets a person read, at once: what is hidden is not hidden for want of a scope. Those
of services and of whoever runs them (``operate``, ``commits.read``, ``vault.read``) are not."""


@dataclass(frozen=True)
class Persona:
    """Somebody with a token."""

    name: str
    department: str | None = None
    kind: str = "staff"


class Reader:
    """Asks every GET route of every service, in somebody's name."""

    def __init__(self, run: Run, http: httpx.AsyncClient) -> None:
        self._run, self._http = run, http
        self._tokens: dict[tuple[str, Persona], str] = {}
        self._documents: dict[str, Any] = {}
        self._urls = addresses_of(run).services

    async def finds(
        self, who: Persona, words: Sequence[str], known: Mapping[str, Sequence[str]]
    ) -> dict[str, set[str]]:
        """Each of ``words`` that stands in an answer, with the services that gave it; ``known``
        are values to ask with, by parameter. A refusal may repeat what it was asked for."""
        free = asyncio.Semaphore(AT_ONCE)
        found: dict[str, set[str]] = {}

        async def ask(service: str, path: str, query: Mapping[str, str]) -> None:
            async with free:
                answer = await self.get(service, path, who, query)
            for word in words if answer.is_success else ():
                if word in answer.text:
                    found.setdefault(word, set()).add(service)

        questions = [
            ask(service, path, query)
            for service in SERVICES
            for path, query in await self._questions(service, known)
        ]
        await asyncio.gather(*questions)
        return found

    async def get(
        self, service: str, path: str, who: Persona, query: Mapping[str, str] | None = None
    ) -> httpx.Response:
        url = self._urls[service][0] + path
        headers = {"Authorization": f"Bearer {await self.token(service, who)}"}
        return await self._http.get(url, headers=headers, params=query)

    async def post(self, service: str, path: str, who: Persona, body: Any) -> httpx.Response:
        url = self._urls[service][0] + path
        headers = {"Authorization": f"Bearer {await self.token(service, who)}"}
        return await self._http.post(url, headers=headers, json=body)

    async def token(self, service: str, who: Persona) -> str:
        if (service, who) not in self._tokens:
            body = {
                "sub": who.name, "kind": who.kind, "scope": SCOPES, "audience": [service],
                "department": who.department, "seconds": 3600,
            }  # fmt: skip
            headers = {"X-Issuer-Secret": self._run.secrets.issuer}
            answer = await self._http.post(self._run.token_url, json=body, headers=headers)
            answer.raise_for_status()
            self._tokens[service, who] = answer.json()["access_token"]
        return self._tokens[service, who]

    async def _questions(
        self, service: str, known: Mapping[str, Sequence[str]]
    ) -> list[tuple[str, dict[str, str]]]:
        if service not in self._documents:
            answer = await self._http.get(self._urls[service][0] + "/openapi.json")
            self._documents[service] = answer.json()
        document = self._documents[service]
        return [
            question
            for path, item in document["paths"].items()
            if "get" in item
            for question in _asked(path, item["get"].get("parameters", []), known)
        ]


def _asked(
    path: str, parameters: Sequence[Mapping[str, Any]], known: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The route with all that is known of its parameters; alone, and with each known filter."""
    in_path = [p["name"] for p in parameters if p["in"] == "path"]
    needed = [p["name"] for p in parameters if p["in"] == "query" and p.get("required")]
    filters = [p["name"] for p in parameters if p["in"] == "query" and p["name"] in known]
    if any(name not in known for name in (*in_path, *needed)):
        return
    fixed = [known[name] for name in (*in_path, *needed)]
    for values in itertools.product(*fixed):
        filled = path
        for name, value in zip(in_path, values, strict=False):
            filled = filled.replace(f"{{{name}}}", value)
        query = dict(zip(needed, values[len(in_path) :], strict=True))
        yield filled, query
        for name in filters:
            for value in known[name]:
                yield filled, {**query, name: value}
