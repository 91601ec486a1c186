"""The household map of a ground (户况网格图): counts per grid, small ones left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from case_contracts.events.registry import GridPublished
from registry.domain.needs import NeedKind
from service_kit.suppression import THRESHOLD, Tree, hidden, sums

Counts = Mapping[str, Mapping[str, int]]
"""Kind of need to the number of households that have it, by lowest grid."""


@dataclass(frozen=True)
class Row:
    """A grid's counts; None where one is not shown. ``total`` adds the kinds up, and is shown
    only where all of them are: so it tells nothing that they do not."""

    grid: GridPublished
    households: int | None
    needs: dict[str, int | None]
    total: int | None
    suppressed: tuple[str, ...]


def household_map(grids: Sequence[GridPublished], counts: Counts) -> list[Row]:
    """Rows for all grids of a time, which are one whole: what is left out depends on all.

    To show a part of the ground means to show those rows of the whole.
    """
    tree, ordered = _tree(grids)
    known = {g.grid: g.households for g in grids if g.households is not None}
    unsaid = {kind.value: hidden(tree, counts.get(kind, {}), known) for kind in NeedKind}
    values = {kind.value: sums(tree, counts.get(kind, {})) for kind in NeedKind}
    small = _small_grids(tree, known)
    rows = []
    for place, grid in enumerate(ordered):
        needs = {
            kind: None if grid.grid in unsaid[kind] else values[kind][place] for kind in values
        }
        rows.append(_row(grid, needs, small))
    return rows


def _row(grid: GridPublished, needs: dict[str, int | None], small: frozenset[str]) -> Row:
    told = [count for count in needs.values() if count is not None]
    left_out = [kind for kind, count in needs.items() if count is None]
    too_few = grid.grid in small and grid.households is not None
    return Row(
        grid=grid,
        households=None if too_few else grid.households,
        needs=needs,
        total=None if left_out else sum(told),
        suppressed=(*(["households"] if too_few else []), *left_out),
    )


def _tree(grids: Sequence[GridPublished]) -> tuple[Tree, list[GridPublished]]:
    ordered = sorted(grids, key=lambda grid: (len(grid.path), grid.grid))
    places = {grid.grid: place for place, grid in enumerate(ordered)}
    above = [places.get(grid.parent) if grid.parent else None for grid in ordered]
    return Tree([grid.grid for grid in ordered], above), ordered


def _small_grids(tree: Tree, known: Mapping[str, int]) -> frozenset[str]:
    """Grids whose own number of households is not shown; an unknown one hides no other."""
    figures = {name: known.get(name, THRESHOLD) for name in tree.names}
    return hidden(tree, figures, {})
