"""A case as those who are logged in see it: asked of each service with their own token."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from pydantic import TypeAdapter

from console.adapters.asking import JSON, Peer, Refusal
from console.adapters.intake import File, opened
from console.views.beside_told import Evidence, Notice, Operation, Purpose, Report, Words
from console.views.case_told import Action, Case, Entry, Stated, Timeline, Turn
from console.views.clock_told import Clock
from console.views.ruling_told import Boundary

T = TypeVar("T")
PAGE, MOST_PAGES, MOST_REPORTS = 100, 10, 20
_ACTIONS, _OPERATIONS = TypeAdapter(list[Action]), TypeAdapter(list[Operation])
_NOTICES, _STATED = TypeAdapter(list[Notice]), TypeAdapter(list[Stated])
_EVIDENCE, _PURPOSES = TypeAdapter(list[Evidence]), TypeAdapter(list[Purpose])


@dataclass(frozen=True)
class Part(Generic[T]):
    """What a service said, or the code with which it refused: the page is there without it."""

    found: T | None = None
    refused: str | None = None


async def part(asked: Awaitable[T]) -> Part[T]:
    try:
        return Part(found=await asked)
    except Refusal as refusal:
        return Part(refused=refusal.code)


@dataclass(frozen=True)
class Cases:
    """Every method raises Refusal. ``peer`` is how a service is asked in this person's name."""

    peer: Callable[[str], Peer]

    async def _get(self, service: str, path: str, **query: Any) -> bytes:
        return (await self.peer(service).ask("GET", path, params=query)).content

    async def case(self, case: str) -> Case:
        return Case.model_validate_json(await self._get("dispatch", f"/cases/{case}"))

    async def clock(self, case: str) -> Clock:
        return Clock.model_validate_json(await self._get("dispatch", f"/cases/{case}/clock"))

    async def turn(self, case: str) -> Turn:
        return Turn.model_validate_json(await self._get("dispatch", f"/cases/{case}/turn"))

    async def actions(self, case: str) -> list[Action]:
        return _ACTIONS.validate_json(await self._get("dispatch", f"/cases/{case}/actions"))

    async def timeline(self, case: str) -> tuple[list[Entry], bool]:
        """What happened, and whether that is all: very long ones are cut."""
        found: list[Entry] = []
        after = 0
        for _ in range(MOST_PAGES):
            query = {"after": after, "limit": PAGE}
            page = Timeline.model_validate_json(
                await self._get("dispatch", f"/cases/{case}/timeline", **query)
            )
            found += page.entries
            if page.cursor is None:
                return found, True
            after = int(page.cursor)
        return found, False

    async def boundary(self, case: str) -> Boundary:
        return Boundary.model_validate_json(await self._get("dispatch", f"/cases/{case}/ruling"))

    async def operations(self, case: str) -> list[Operation]:
        return _OPERATIONS.validate_json(await self._get("joint", "/operations", case=case))

    async def evidence(self, case: str) -> list[Evidence]:
        page = orjson.loads(await self._get("intake", "/evidence", case=case, limit=500))
        return _EVIDENCE.validate_python(page["items"])

    async def reports(self, case: str) -> list[Report]:
        filed = orjson.loads(await self._get("intake", f"/cases/{case}"))
        asked = (
            self._get("intake", f"/reports/{each}") for each in filed["reports"][:MOST_REPORTS]
        )
        return [Report.model_validate_json(each) for each in await asyncio.gather(*asked)]

    async def notices(self, report: str) -> list[Notice]:
        return _NOTICES.validate_json(await self._get("notification", f"/notices/{report}"))

    async def photo(self, case: str, evidence: str, purpose: str) -> File:
        """The copy that those who handle the case may see; the look is written down there."""
        return await opened(self.peer("intake"), evidence, {"purpose": purpose, "case": case})

    async def words(self, case: str, purpose: str) -> Words:
        """The reporter's own; the look is written down there."""
        path = f"/vault/cases/{case}/words"
        return Words.model_validate_json(await self._get("intake", path, purpose=purpose))

    async def stated(self, case: str, purpose: str) -> list[Stated]:
        """What those who worked on it said; the look is written down there."""
        path = f"/cases/{case}/statements"
        return _STATED.validate_json(await self._get("dispatch", path, purpose=purpose))

    async def purposes(self, service: str, path: str) -> list[Purpose]:
        return _PURPOSES.validate_json(await self._get(service, path))

    async def send(self, path: str, body: dict[str, Any], key: str) -> bytes:
        """Do something at dispatch; ``key``: sent again with the same body, it is done once."""
        headers = {**JSON, "Idempotency-Key": key}
        sent = orjson.dumps(body)
        return (
            await self.peer("dispatch").ask("POST", path, content=sent, headers=headers)
        ).content
