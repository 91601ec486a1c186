"""Whose households somebody may see: those on the ground where they have a post."""

from collections.abc import Iterable
from datetime import datetime

from case_contracts.events.registry import GridPublished, PostingStarted
from registry.domain.kinds import KINDS
from registry.views.records import one, valid
from service_kit.auth import Principal
from service_kit.grids import GridIndex, UnknownGrid
from service_kit.mongo import Database

EVERYWHERE = frozenset({"operator", "service"})
"""Kinds of callers who have no post; what they may do is said by their scopes alone."""


class Sight:
    """``grids`` that somebody answers for, each with all below it; None: the whole district."""

    def __init__(self, grids: frozenset[str] | None) -> None:
        self.grids = grids

    @classmethod
    async def of(cls, database: Database, caller: Principal, when: datetime) -> "Sight":
        """By the postings of that time. Departments see no household."""
        if caller.kind in EVERYWHERE:
            return cls(None)
        if caller.kind != "staff":
            return cls(frozenset())
        query = {"persons": caller.id}
        found = await valid(database, KINDS["posting"], PostingStarted, query, when)
        return cls(frozenset(each.grid for each in found if each.person == caller.id))

    def sees(self, ground: Iterable[str]) -> bool:
        """``ground``: a grid with all those above it."""
        return self.grids is None or not self.grids.isdisjoint(ground)


async def ground_of(
    database: Database, index: GridIndex, grid: str, when: datetime
) -> tuple[str, ...]:
    """A grid with those above it; where it is valid no longer, as it was last."""
    try:
        return (*index.path(grid, when), grid)
    except UnknownGrid:
        said = [e for e in await one(database, f"grid:{grid}") if isinstance(e, GridPublished)]
        return (*(said[-1].path if said else ()), grid)
