"""Matters that nobody leads: on which ground, as few and as large grids as can say it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, GridPublished, PostingStarted
from registry.domain.charters import CharterSpan, matching
from registry.domain.kinds import ends, starts
from registry.domain.validation.draft import Draft
from registry.domain.validation.leads import charter_spans

WORKER = "worker"
"""The role that is sent a matter only when it is admitted."""


@dataclass(frozen=True)
class Unled:
    """Nobody leads for these matters on the grid or anywhere below it."""

    grid: str
    matters: tuple[str, ...]


def unled(
    matters: Iterable[str], spans: Iterable[CharterSpan], grids: Sequence[GridPublished],
    below: str, when: datetime,
) -> list[Unled]:  # fmt: skip
    """By ground from the top down. ``grids`` are those that are valid at the time, ``below``
    the one in question; a grid of which some parts are led is shown by its other parts."""
    leads = [s.data for s in spans if s.data.role == "lead" and s.valid(when)]
    by_cover: dict[frozenset[str], list[str]] = defaultdict(list)
    for matter in sorted(set(matters)):
        by_cover[_cover(matter, leads)].append(matter)
    ground = _Ground(grids)
    found: dict[str, list[str]] = defaultdict(list)
    for cover, of_cover in by_cover.items():
        for grid in ground.without(cover, below):
            found[grid] += of_cover
    return [Unled(grid, tuple(sorted(found[grid]))) for grid in sorted(found, key=ground.order)]


def not_led(read: Draft, known: Mapping[str, Sequence[EventData]]) -> list[Unled]:
    """Of a district as it is loaded, when it and its standard are in force; ``known`` has all
    charter entries, also those that are not in the files."""
    if read.head is None or read.standard is None:
        return []
    when = max(starts(read.head.data), starts(read.standard.data))
    grids = [p.data for p in read.grids if starts(p.data) <= when < ends(p.data)]
    root = read.head.data.root_grid
    if root not in {grid.grid for grid in grids}:
        return []
    matters = [matter.code for matter in read.standard.data.matters]
    return unled(matters, charter_spans(known), grids, root, when)


def _cover(matter: str, leads: Iterable[CharterGranted]) -> frozenset[str]:
    return frozenset(lead.grid for lead in leads if matching(lead.matters, matter))


class _Ground:
    def __init__(self, grids: Sequence[GridPublished]) -> None:
        self._paths = {grid.grid: grid.path for grid in grids}
        self._children: dict[str | None, list[str]] = defaultdict(list)
        for grid in grids:
            self._children[grid.parent].append(grid.grid)

    def order(self, grid: str) -> tuple[int, str]:
        return len(self._paths[grid]), grid

    def without(self, cover: frozenset[str], below: str) -> list[str]:
        """The largest grids of which no part is covered."""
        if not cover.isdisjoint((below, *self._paths[below])):
            return []
        partly = {above for grid in cover for above in self._paths.get(grid, ())}
        found, waiting = [], [below]
        while waiting:
            grid = waiting.pop()
            if grid in partly:
                waiting += [c for c in self._children[grid] if c not in cover]
            else:
                found.append(grid)
        return found


def answers_for(
    found: Unled, path: Sequence[str], posts: Mapping[str, Sequence[PostingStarted]],
    admitted: frozenset[str],
) -> PostingStarted | None:  # fmt: skip
    """The accountable post nearest to the ground, upwards, that may be sent all the matters."""
    all_admitted = admitted.issuperset(found.matters)
    for grid in (found.grid, *reversed(path)):
        for post in posts.get(grid, ()):
            if post.accountable and (post.role != WORKER or all_admitted):
                return post
    return None
