"""Somebody who imports, and what they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

NDJSON = {"Content-Type": "application/x-ndjson"}
CSV = {"Content-Type": "text/csv"}


@dataclass
class Importer:
    """Speaks to a service for somebody who may import."""

    twin: Twin
    headers: dict[str, str]

    async def send(
        self, content: Any, media: dict[str, str] = NDJSON, key: str | None = None, **query: Any
    ) -> Any:
        """The answer to a file."""
        headers = {**self.headers, **media} | ({"Idempotency-Key": key} if key else {})
        params = {"kind": "live", **query}
        return await self.twin.http.post(
            "/imports/files", content=content, headers=headers, params=params
        )

    async def started(self, content: Any, media: dict[str, str] = NDJSON, **query: Any) -> str:
        answer = await self.send(content, media, **query)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["job"])

    async def done(self, content: Any, media: dict[str, str] = NDJSON, **query: Any) -> Any:
        """The job as it ended."""
        return await self.ended(await self.started(content, media, **query))

    async def ended(self, job: str) -> Any:
        async def probe() -> Any:
            found = await self.get(f"/imports/{job}")
            return found if found["status"] in ("done", "cancelled") else None

        return await eventually(probe, 60)

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.twin.http.get(path, headers=self.headers, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def problems(self, job: str, limit: int = 500) -> list[Any]:
        """All pages."""
        found, query = [], {"limit": limit}
        while True:
            page = await self.get(f"/imports/{job}/problems", **query)
            found += page["problems"]
            if page["next"] is None:
                return found
            query["after"] = page["next"]


def told(problems: Iterable[Any]) -> list[tuple[int, str]]:
    return [(each["line"], each["reason"]) for each in problems]


@pytest.fixture
def importer(intake: Twin, issuer: TestIssuer) -> Importer:
    return Importer(intake, issuer.bearer("p-000009", "history.import reports.import", "intake"))
