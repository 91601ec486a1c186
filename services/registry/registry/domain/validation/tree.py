"""The tree of grids: levels, parents, one root; and each grid's path, which follows from it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from case_contracts.events.registry import DistrictPublished, GridPublished
from registry.domain.kinds import ends, starts
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings
from service_kit.validity import END, gaps

Grid = Placed[GridPublished]


def check_tree(draft: Draft, findings: Findings) -> Draft:
    """The draft with every grid's path from the root down, and with the grids in that order."""
    if draft.head is None:
        return draft
    levels = draft.head.data.levels
    _check_levels(draft.head, findings)
    _check_root(draft.head, draft.grids, findings)
    tree = _Tree(levels, draft, findings)
    known = [grid for grid in draft.grids if _level_known(grid, levels, findings)]
    for grid in sorted(known, key=lambda g: levels.index(g.data.level)):
        tree.add(grid)
    lost = [grid for grid in draft.grids if grid.data.level not in levels]
    return replace(draft, grids=[*tree.placed, *lost])


def _check_levels(head: Placed[DistrictPublished], findings: Findings) -> None:
    levels = head.data.levels
    if not levels or len(set(levels)) < len(levels):
        place, said = head.origin.at(("levels",)), "levels are missing or stand twice"
        findings.error("levels_invalid", place, said, "name each level once, from the top down")


def _level_known(grid: Grid, levels: Sequence[str], findings: Findings) -> bool:
    if grid.data.level in levels:
        return True
    findings.error("level_unknown", grid.origin.at(("level",)),
                   f"grid {grid.data.grid}: {grid.data.level} is none of the district's levels",
                   f"the levels are {', '.join(levels)}")  # fmt: skip
    return False


def _check_root(head: Placed[DistrictPublished], grids: Iterable[Grid], findings: Findings) -> None:
    root = head.data.root_grid
    tops = [grid for grid in grids if grid.data.parent is None]
    for grid in tops:
        if grid.data.grid != root:
            findings.error("root_not_single", grid.origin.at(("parent",)),
                           f"grid {grid.data.grid} has no parent, but the root is {root}",
                           "give it its parent; a district has a single root")  # fmt: skip
    if not any(grid.data.grid == root for grid in tops):
        findings.error("root_missing", head.origin.at(("root_grid",)),
                       f"root_grid {root} is not among the grids without a parent",
                       "name the code of the topmost grid")  # fmt: skip


class _Tree:
    """Grids are added top down, so that the parents' paths are known."""

    def __init__(self, levels: Sequence[str], draft: Draft, findings: Findings) -> None:
        self._levels, self._codes, self._findings = levels, draft.names.grids, findings
        self._level_of = {grid.data.grid: grid.data.level for grid in draft.grids}
        self._by_code: dict[str, list[Grid]] = defaultdict(list)
        self.placed: list[Grid] = []

    def add(self, grid: Grid) -> None:
        parents = self._parents(grid)
        paths = {(*parent.data.path, parent.data.grid) for parent in parents} or {()}
        if len(paths) > 1:
            self._error(grid, "path_changes",
                        f"grid {grid.data.grid}: its parent {grid.data.parent} moves meanwhile",
                        "end it when the parent moves, and let it begin anew")  # fmt: skip
        placed = Placed(grid.origin, grid.data.model_copy(update={"path": min(paths)}))
        self._by_code[grid.data.grid].append(placed)
        self.placed.append(placed)

    def _parents(self, grid: Grid) -> list[Grid]:
        """The parent's entries of the time in which the grid is valid."""
        code = grid.data.parent
        if code is None:
            return []
        if code not in self._codes:
            self._error(grid, "parent_unknown",
                        f"grid {grid.data.grid}: its parent {code} is not there",
                        "correct parent, or add that grid to its level's file")  # fmt: skip
            return []
        self._check_level(grid, code)
        entries = self._by_code.get(code, [])
        meeting = [e for e in entries if _meet(e.data, grid.data)]
        if entries:
            self._check_covered(grid, meeting)
        return meeting

    def _check_level(self, grid: Grid, parent: str) -> None:
        rank = self._levels.index(grid.data.level)
        above = self._levels[rank - 1] if rank else None
        found = self._level_of.get(parent)
        if found is not None and found != above:
            wanted = f"of the level {above}" if above else "none, at this level"
            self._error(grid, "parent_level",
                        f"grid {grid.data.grid} ({grid.data.level}): its parent {parent} is of"
                        f" the level {found}; it must be {wanted}",
                        "correct parent, or move the feature to its level's file")  # fmt: skip

    def _check_covered(self, grid: Grid, parents: Sequence[Grid]) -> None:
        spans = [(starts(p.data), ends(p.data)) for p in parents]
        left = gaps(starts(grid.data), ends(grid.data), spans)
        if left:
            self._error(grid, "parent_not_valid",
                        f"grid {grid.data.grid}: its parent {grid.data.parent} is not valid"
                        f" {_time(*left[0])}",
                        "correct valid_from and valid_to of one of the two")  # fmt: skip

    def _error(self, grid: Grid, code: str, message: str, hint: str) -> None:
        self._findings.error(code, grid.origin, message, hint)


def _meet(one: GridPublished, other: GridPublished) -> bool:
    return starts(one) < ends(other) and starts(other) < ends(one)


def _time(start: datetime, end: datetime) -> str:
    until = "on" if end == END else f"to {end.isoformat()}"
    return f"from {start.isoformat()} {until}"
