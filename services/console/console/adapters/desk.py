"""Lists of cases for those who supervise them, asked of dispatch with their own token."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from console.adapters.asking import JSON, Peer
from console.views.desk_told import Bulk, Desk, Found, Page, Ruling

_RULINGS = TypeAdapter(list[Ruling])


@dataclass(frozen=True)
class Desks:
    """Every method raises Refusal."""

    dispatch: Peer

    async def desk(self, of: Collection[str]) -> Desk:
        """Those lists, and how many are in each of the others."""
        query = {"limit": 100, "of": sorted(of)}
        answer = await self.dispatch.ask("GET", "/cases/desk", params=query)
        return Desk.model_validate_json(answer.content)

    async def rulings(self) -> list[Ruling]:
        answer = await self.dispatch.ask("GET", "/rulings", params={"limit": 100})
        return _RULINGS.validate_json(answer.content)

    async def listed(self, query: Mapping[str, Any]) -> Page:
        answer = await self.dispatch.ask("GET", "/cases/list", params=query)
        return Page.model_validate_json(answer.content)

    async def search(self, words: str, purpose: str) -> Found:
        """The look is written down there, before anything is read."""
        sent = orjson.dumps({"words": words, "purpose": purpose})
        answer = await self.dispatch.ask("POST", "/cases/search", content=sent, headers=JSON)
        return Found.model_validate_json(answer.content)

    async def bulk(self, body: Mapping[str, Any], key: str) -> Bulk:
        """``key``: sent again with the same body, nothing is done twice."""
        headers = {**JSON, "Idempotency-Key": key}
        sent = orjson.dumps(dict(body))
        answer = await self.dispatch.ask("POST", "/cases/bulk", content=sent, headers=headers)
        return Bulk.model_validate_json(answer.content)
