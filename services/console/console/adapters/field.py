"""The services as somebody in the field asks them, with their own token."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from console.adapters.asking import JSON, Peer
from console.adapters.intake import File, opened
from console.views.beside_told import Words
from console.views.case_told import Action
from console.views.field_told import (
    Attachments,
    Case,
    Codes,
    Fate,
    Held,
    Posting,
    Round,
    Team,
    VisitTaken,
)

_CASES = TypeAdapter(list[Case])
_ACTIONS = TypeAdapter(list[Action])
_ROUNDS = TypeAdapter(list[Round])
_POSTINGS = TypeAdapter(list[Posting])
_FATES = TypeAdapter(list[Fate])
MOST = 200
"""So many cases are shown: whoever has more waiting needs help, not a longer page."""


@dataclass(frozen=True)
class OwnCases:
    """Dispatch, for the cases in one's own hands. Every method raises Refusal."""

    peer: Peer

    async def mine(self) -> list[Case]:
        answer = await self.peer.ask("GET", "/cases/mine", params={"limit": MOST})
        return _CASES.validate_python(answer.json()["cases"])

    async def case(self, case: str) -> Case:
        return Case.model_validate_json((await self.peer.ask("GET", f"/cases/{case}")).content)

    async def actions(self, case: str) -> list[Action]:
        return _ACTIONS.validate_json(
            (await self.peer.ask("GET", f"/cases/{case}/actions")).content
        )

    async def words(self, case: str) -> Words:
        """What was reported, for whoever has to act on it; the look is written into the audit."""
        return Words.model_validate_json(
            (await self.peer.ask("GET", f"/cases/{case}/words")).content
        )

    async def do(self, case: str, step: str, body: dict[str, Any], key: str) -> None:
        """``step`` is the last part of the route; sent again with the same key, it is done once."""
        headers = {**JSON, "Idempotency-Key": key}
        path = f"/cases/{case}/{step}"
        await self.peer.ask("POST", path, content=orjson.dumps(body), headers=headers)


@dataclass(frozen=True)
class Field:
    """Intake and the registry. Every method raises Refusal."""

    intake: Peer
    registry: Peer

    async def rounds(self) -> list[Round]:
        return _ROUNDS.validate_python((await self.intake.ask("GET", "/me/rounds")).json()["rows"])

    async def posts(self, person: str) -> list[Posting]:
        answer = await self.registry.ask("GET", "/postings", params={"person": person})
        return _POSTINGS.validate_json(answer.content)

    async def teams(self, grids: list[str]) -> list[Team]:
        answers = await asyncio.gather(
            *(self.registry.ask("GET", f"/teams/{grid}") for grid in grids)
        )
        return [Team.model_validate_json(each.content) for each in answers]

    async def outline(self, grid: str) -> dict[str, Any]:
        """The grid's geometry."""
        found: dict[str, Any] = (await self.registry.ask("GET", f"/grids/{grid}")).json()
        geometry: dict[str, Any] = found["geometry"]
        return geometry

    async def closing(self, standard: str, version: int) -> dict[tuple[str, str], dict[str, str]]:
        """What has to be so for a case to be closed, by matter and condition."""
        answer = await self.registry.ask(
            "GET", f"/standards/{standard}", params={"version": version}
        )
        return {
            (matter["code"], condition["code"]): condition["closing"]
            for matter in answer.json()["matters"]
            for condition in matter["conditions"]
        }

    async def batch(self, sent_at: str, items: list[dict[str, Any]]) -> list[Fate]:
        body = orjson.dumps({"sent_at": sent_at, "items": items})
        answer = await self.intake.ask(
            "POST", "/patrol/batches", content=body, headers=JSON, timeout=60
        )
        return _FATES.validate_python(answer.json()["items"])

    async def fate(self, item: str) -> Fate:
        answer = await self.intake.ask("GET", "/patrol/batches/items", params={"ids": item})
        return Fate.model_validate(answer.json()["items"][0])

    async def attach_report(self, receipt: str, photo: File) -> None:
        """To one's own report; the same photo again is the same evidence."""
        headers = {"Receipt": receipt, "Content-Type": photo.kind}
        await self.intake.ask("POST", "/evidence", content=photo.data, headers=headers, timeout=60)

    async def attach_work(self, case: str, task: str, phase: str, photo: File) -> str:
        """To a task, before or after the work; the evidence's id."""
        answer = await self.intake.ask(
            "POST", "/evidence", params={"case": case, "taskid": task, "phase": phase},
            content=photo.data, headers={"Content-Type": photo.kind}, timeout=60,
        )  # fmt: skip
        return str(answer.json()["evidence"])

    async def attachments(self, case: str) -> Attachments:
        answer = await self.intake.ask("GET", "/evidence/attachments", params={"case": case})
        return Attachments.model_validate_json(answer.content)

    async def photo(self, case: str, evidence: str, purpose: str) -> File:
        """The copy that those who handle the case may see; the look is written into the audit."""
        return await opened(self.intake, evidence, {"purpose": purpose, "case": case})

    async def codes(self) -> Codes:
        return Codes.model_validate_json((await self.intake.ask("GET", "/visits/codes")).content)

    async def visit(self, body: dict[str, Any]) -> VisitTaken:
        answer = await self.intake.ask(
            "POST", "/visits", content=orjson.dumps(body), headers=JSON, timeout=60
        )
        return VisitTaken.model_validate_json(answer.content)

    async def check_in(self, body: dict[str, Any]) -> bool:
        """Whether it was inside the post's grid."""
        answer = await self.intake.ask(
            "POST", "/checkins", content=orjson.dumps(body), headers=JSON
        )
        return bool(answer.json()["inside"])

    async def held(self, year: int | None) -> Held:
        params = {"year": year} if year else {}
        answer = await self.intake.ask("GET", "/me/data", params=params)
        return Held.model_validate_json(answer.content)
