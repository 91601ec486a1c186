"""Small counts in a table of grids by kinds, where both the grids and the kinds add up.

Each kind is a tree of grids, and each grid a sum of kinds. ``hidden`` keeps every one of these
sums from telling a count; the ``Network`` looks for what all of them tell together.
"""

from collections.abc import Iterable, Iterator, Mapping

from service_kit.suppression.network import TOTAL, Cell, Network
from service_kit.suppression.trees import THRESHOLD, Tree, hidden, sums

Counts = Mapping[str, Mapping[str, int]]
Left = dict[str, frozenset[str]]


def left_out(
    tree: Tree, counts: Counts, never: Iterable[str] = (), threshold: int = THRESHOLD
) -> Left:
    """By kind, and for their ``TOTAL``, the grids whose count must be left out. ``counts`` are by
    kind and lowest grid; nothing is shown of the grids ``never``."""
    return _Search(tree, counts, threshold).left_out(frozenset(never))


class _Search:
    """Leaves out more and more; ends at the latest when nothing is shown any longer."""

    def __init__(self, tree: Tree, counts: Counts, threshold: int) -> None:
        self._tree, self._threshold = tree, threshold
        self._kinds = list(counts)
        total = {name: sum(of.get(name, 0) for of in counts.values()) for name in tree.names}
        self._counts: Counts = {**counts, TOTAL: total}
        self._values = {
            (grid, kind): value
            for kind, of in self._counts.items()
            for grid, value in zip(tree.names, sums(tree, of), strict=True)
        }
        self._row = Tree([TOTAL, *self._kinds], [None, *(0 for _ in self._kinds)])

    def left_out(self, never: frozenset[str]) -> Left:
        left: Left = dict.fromkeys(self._counts, never)
        while True:
            before = dict(left)
            self._by_kind(left)
            self._by_grid(left)
            if left == before and not self._by_all_together(left):
                return left

    def _by_kind(self, left: Left) -> None:
        for kind, of in self._counts.items():
            left[kind] = hidden(self._tree, of, {}, self._threshold, left[kind])

    def _by_grid(self, left: Left) -> None:
        for grid in self._tree.names:
            of = {kind: self._values[(grid, kind)] for kind in self._kinds}
            gone = {kind for kind in self._counts if grid in left[kind]}
            for kind in hidden(self._row, of, {}, self._threshold, gone) - gone:
                left[kind] |= {grid}

    def _by_all_together(self, left: Left) -> bool:
        """Leave one more out where everything together gives a small count away."""
        unknown = {
            (grid, kind): self._values[(grid, kind)] for kind, gone in left.items() for grid in gone
        }
        small = [cell for cell, value in sorted(unknown.items()) if value < self._threshold]
        told = next(Network(self._tree, unknown).told(small), None)
        if told is None:
            return False
        grid, kind = min(self._shown(left), key=lambda cell: self._distance(cell, told))
        left[kind] |= {grid}
        return True

    def _distance(self, cell: Cell, told: Cell) -> tuple[bool, bool, bool, int, Cell]:
        """What stands in a sum with it before all else; there the smallest first."""
        (grid, kind), above = cell, self._above(told[0])
        beside = self._above(grid) == above or grid in (told[0], above)
        return not beside, kind not in (told[1], TOTAL), grid != told[0], self._values[cell], cell

    def _above(self, grid: str) -> str | None:
        parent = self._tree.parents[self._tree.names.index(grid)]
        return self._tree.names[parent] if parent is not None else None

    def _shown(self, left: Left) -> Iterator[Cell]:
        for kind, gone in left.items():
            yield from ((grid, kind) for grid in self._tree.names if grid not in gone)
