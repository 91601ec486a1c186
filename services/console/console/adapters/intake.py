"""Intake: what can be reported, reporting it, and everything that a receipt opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from console.adapters.asking import JSON, Peer
from console.domain.services import Condition, Definition, Service
from console.views.told import Accepted, Evidence, Tracked
from service_kit.language import Language

_EVIDENCE = TypeAdapter(list[Evidence])


@dataclass(frozen=True)
class File:
    """A photo as the browser sent it."""

    data: bytes
    kind: str


@dataclass(frozen=True)
class Intake(Peer):
    """Every method raises Refusal."""

    async def services(self, language: Language) -> list[Service]:
        rows = await self._open311("services.json", language)
        return [_service(row) for row in rows]

    async def definition(self, code: str, language: Language) -> Definition:
        found = await self._open311(f"services/{code}.json", language)
        by_code = {each["code"]: each for each in found["attributes"]}
        conditions = by_code.get("condition", {}).get("values", [])
        limits = by_code.get("limits", {}).get("description")
        return Definition(
            tuple(Condition(each["key"], each["name"]) for each in conditions), limits
        )

    async def _open311(self, path: str, language: Language) -> Any:
        answer = await self.ask("GET", f"/open311/v2/{path}", headers={"Accept-Language": language})
        return answer.json()

    async def report(self, body: dict[str, Any], key: str) -> Accepted:
        """``key``: sent again with the same body, it is the same report."""
        headers = {**JSON, "Idempotency-Key": key}
        answer = await self.ask("POST", "/reports", content=orjson.dumps(body), headers=headers)
        return Accepted.model_validate_json(answer.content)

    async def attach(self, receipt: str, photo: File) -> None:
        headers = {"Receipt": receipt, "Content-Type": photo.kind}
        await self.ask("POST", "/evidence", content=photo.data, headers=headers, timeout=60)

    async def tracked(self, receipt: str) -> Tracked:
        answer = await self.ask("GET", f"/track/{receipt}")
        return Tracked.model_validate_json(answer.content)

    async def evidence(self, receipt: str) -> list[Evidence]:
        answer = await self.ask("GET", f"/track/{receipt}/evidence")
        return _EVIDENCE.validate_json(answer.content)

    async def photo(self, receipt: str, evidence: str) -> File:
        """The public copy of a photo that this receipt may open."""
        return await opened(self, evidence, {"copy": "public", "receipt": receipt})

    async def do(
        self, receipt: str, right: str, body: dict[str, Any], key: str | None = None
    ) -> None:
        """Use a right of the receipt: ``rating``, ``withdrawal``, ``reopening``, ``additions``."""
        headers = {**JSON, **({"Idempotency-Key": key} if key else {})}
        sent = orjson.dumps(body)
        await self.ask("POST", f"/track/{receipt}/{right}", content=sent, headers=headers)


async def opened(intake: Peer, evidence: str, right: Mapping[str, str]) -> File:
    """A file, by a link of some seconds that only we use. ``right`` is what opens it: a receipt, or
    a case and a purpose, which is written into the audit. Raises Refusal."""
    wanted = {"seconds": 30, **right}
    link = (await intake.ask("POST", f"/evidence/{evidence}/link", json=wanted)).json()["url"]
    answer = await intake.ask("GET", link, timeout=60)
    return File(answer.content, answer.headers.get("content-type", ""))


def _service(row: dict[str, Any]) -> Service:
    return Service(
        code=row["service_code"],
        name=row["service_name"],
        description=row["description"],
        group=row["group"],
        keywords=row["keywords"],
        asks=row["metadata"],
    )
