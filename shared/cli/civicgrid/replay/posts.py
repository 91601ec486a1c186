"""Who supervises where, and which grids there are: asked of the registry, once."""

from random import Random
from typing import Any

from civicgrid.client import Api, As

READER = As("replay", "registry.read", "operator")


class Posts:
    """Remembers what it has asked."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._supervisors: dict[str, str] = {}
        self._lowest: list[str] = []

    async def supervisor(self, grid: str) -> str:
        """The person who supervises in a grid; whoever has a post there when nobody does."""
        if grid not in self._supervisors:
            postings = await self._api.get("registry", "/postings", READER, grid=grid)
            self._supervisors[grid] = _supervisor(postings, grid)
        return self._supervisors[grid]

    async def some_grid(self, case: str) -> str:
        """A grid of the lowest level, always the same one for the same case."""
        if not self._lowest:
            grids = await self._api.get("registry", "/grids", READER)
            parents = {each["parent"] for each in grids}
            self._lowest = [each["grid"] for each in grids if each["grid"] not in parents]
        return Random(case).choice(self._lowest)


def _supervisor(postings: list[dict[str, Any]], grid: str) -> str:
    supervising = [each for each in postings if "supervisor" in each["role"]]
    for posting in (*supervising, *postings):
        return str(posting["person"])
    return f"supervisor-of-{grid}"
