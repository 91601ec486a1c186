"""Who has which post, and which grids there are: asked of the registry, once."""

from random import Random
from typing import Any

from civicgrid.client import Api, As

READER = As("replay", "registry.read", "operator")

Posting = dict[str, Any]


class Posts:
    """Remembers what it has asked."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._postings: dict[str, list[Posting]] = {}
        self._parents: dict[str, str | None] = {}

    async def supervisor(self, grid: str, attempt: int = 0) -> str:
        """The person who supervises in a grid; another one, up to the district's, with each
        attempt. Whoever has a post there when nobody does."""
        found = await self._supervisors(grid)
        above = [await self.root()] if attempt else []
        for each in above:
            found += [person for person in await self._supervisors(each) if person not in found]
        return found[attempt % len(found)] if found else f"supervisor-of-{grid}"

    async def accountable(self, grid: str) -> list[Posting]:
        """The accountable posts of a grid."""
        return [each for each in await self._of(grid) if each.get("accountable")]

    async def some_grid(self, ref: str) -> str:
        """A grid of the lowest level, always the same one for the same report."""
        parents = await self._grids()
        lowest = [grid for grid in parents if grid not in set(parents.values())]
        return Random(ref).choice(lowest)

    async def root(self) -> str:
        """The grid of the whole district."""
        return next(grid for grid, parent in (await self._grids()).items() if parent is None)

    async def _supervisors(self, grid: str) -> list[str]:
        postings = await self._of(grid)
        supervising = [each for each in postings if "supervisor" in each["role"]]
        answering = [each for each in postings if each.get("accountable")]
        found = [*supervising, *answering] or postings[:1]
        return list(dict.fromkeys(str(each["person"]) for each in found))

    async def _of(self, grid: str) -> list[Posting]:
        if grid not in self._postings:
            found = await self._api.get("registry", "/postings", READER, grid=grid)
            self._postings[grid] = found
        return self._postings[grid]

    async def _grids(self) -> dict[str, str | None]:
        if not self._parents:
            grids = await self._api.get("registry", "/grids", READER)
            self._parents = {each["grid"]: each["parent"] for each in grids}
        return self._parents
