"""What the registry says of a case's ground: outlines of grids, and who is posted there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, TypeAdapter

from console.adapters.asking import Peer
from console.domain.outline import outlined


class Post(BaseModel):
    """Somebody's post in a grid; people are ids."""

    posting: str
    person: str
    role: str
    grid: str
    accountable: bool


_POSTS = TypeAdapter(list[Post])


@dataclass(frozen=True)
class Ground:
    """Every method raises Refusal."""

    registry: Peer

    async def outlines(self, grids: Sequence[str], at: datetime) -> dict[str, Any]:
        """GeoJSON of these grids as they were at that time, in this order."""
        asked = (self._outline(grid, at) for grid in grids)
        return {"type": "FeatureCollection", "features": list(await asyncio.gather(*asked))}

    async def _outline(self, grid: str, at: datetime) -> dict[str, Any]:
        query = {"at": at.isoformat()}
        found = (await self.registry.ask("GET", f"/grids/{grid}", params=query)).json()
        name = {"name_zh": found["name"]["zh"], "name_en": found["name"]["en"]}
        return outlined({"properties": {**found, **name}, "geometry": found["geometry"]})

    async def posts(self, grids: Sequence[str]) -> list[Post]:
        """Who is posted in these grids now."""
        asked = (self.registry.ask("GET", "/postings", params={"grid": each}) for each in grids)
        answers = await asyncio.gather(*asked)
        return [post for answer in answers for post in _POSTS.validate_json(answer.content)]
