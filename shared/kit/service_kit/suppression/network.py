"""What a reader can tell who takes all sums of a table together.

A table of a tree of grids by kinds is a network: each sum is a node in which as much flows in as
out, each cell that is left out an arc with its count as flow. There is another table that agrees
with all that is shown, and differs in a cell, just where the cell's arc lies on a circle along
which the flow can change without any count falling below zero. Capacities being whole numbers,
nothing escapes this that fractions could tell.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

from service_kit.suppression.trees import Tree

TOTAL = ""
"""The kind that is the sum of all others."""
Cell = tuple[str, str]
Node = tuple[str, str, str]
OUTSIDE: Node = ("outside", "", "")


class Network:
    """``unknown`` are the cells that are left out, with their true counts."""

    def __init__(self, tree: Tree, unknown: Mapping[Cell, int]) -> None:
        self._above = {
            name: tree.names[parent] if parent is not None else None
            for name, parent in zip(tree.names, tree.parents, strict=True)
        }
        self._lowest = {
            name for name, below in zip(tree.names, tree.children, strict=True) if not below
        }
        self._ends = {cell: self._arc(cell) for cell in unknown}
        self._ways: dict[Node, list[tuple[Node, Cell]]] = defaultdict(list)
        for cell, (start, end) in self._ends.items():
            self._ways[start].append((end, cell))
            if unknown[cell] > 0:
                self._ways[end].append((start, cell))
        self._unknown = unknown

    def told(self, cells: Iterable[Cell]) -> Iterator[Cell]:
        """Those of the unknown cells that can have one count only."""
        for cell in cells:
            start, end = self._ends[cell]
            more = self._reaches(end, start, cell)
            if not more and not (self._unknown[cell] > 0 and self._reaches(start, end, cell)):
                yield cell

    def _arc(self, cell: Cell) -> tuple[Node, Node]:
        """From one sum to the other in which the cell stands; totals flow back."""
        grid, kind = cell
        above = self._above[grid]
        upper: Node = ("grids", above, kind) if above is not None else OUTSIDE
        lower: Node = ("kinds", grid, "") if grid in self._lowest else ("grids", grid, kind)
        return (lower, upper) if kind == TOTAL else (upper, lower)

    def _reaches(self, start: Node, end: Node, without: Cell) -> bool:
        waiting, seen = deque([start]), {start}
        while waiting:
            node = waiting.popleft()
            if node == end:
                return True
            for after, cell in self._ways[node]:
                if cell != without and after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return False
