"""Several neighbours become one grid."""

from collections.abc import Sequence
from dataclasses import dataclass

from case_contracts.events.registry import GridPublished
from case_contracts.values import Text
from registry.domain.territory.outlined import geojson, union
from registry.domain.territory.sketch import Sketch, place


@dataclass(frozen=True)
class Into:
    """What they become: a new code, or one of theirs, which then goes on. Left out, the name is
    that of the first grid, and the households are theirs together."""

    grid: str
    name: Text | None = None
    households: int | None = None


def merge(sketch: Sketch, codes: Sequence[str], into: Into) -> None:
    """The grids end, except the one that goes on; their children get the new parent."""
    grids = [sketch.taken(code, place("grids", n)) for n, code in enumerate(codes)]
    olds = [grid for grid in grids if grid is not None]
    if len(olds) < len(codes) or not _belong_together(sketch, olds):
        return
    if into.grid not in codes and not sketch.new_code(into.grid, place("into", "grid")):
        return
    ending = [code for code in codes if code != into.grid]
    for code in ending:
        sketch.end(code, place("grids", list(codes).index(code)))
    _publish(sketch, olds, into)
    for code in ending:
        for child in sketch.standing.children.get(code, ()):
            sketch.adopt(child, into.grid, place("into"))


def _publish(sketch: Sketch, olds: Sequence[GridPublished], into: Into) -> None:
    codes = [grid.grid for grid in olds]
    outline = union([sketch.standing.outline(code) for code in codes])
    if outline.geom_type != "Polygon":
        sketch.findings.warn("not_adjacent", place("grids"),
                             f"{', '.join(codes)} do not all touch: {into.grid} would be in pieces",
                             "leave out the grid that lies apart", *codes)  # fmt: skip
    first = next((grid for grid in olds if grid.grid == into.grid), olds[0])
    sketch.publish(first, place("into"), grid=into.grid, name=into.name or first.name,
                   geometry=geojson(outline), households=_households(into, olds))  # fmt: skip


def _belong_together(sketch: Sketch, grids: Sequence[GridPublished]) -> bool:
    if len({grid.grid for grid in grids}) < len(grids):
        sketch.error("code_used", place("grids"), "a grid stands twice", "name each once")
        return False
    parents = {grid.parent for grid in grids}
    if len(parents) > 1:
        named = ", ".join(f"{grid.grid} in {grid.parent}" for grid in grids)
        sketch.error("parents_differ", place("grids"), f"the grids have several parents: {named}",
                     "move them into one parent first", *(grid.grid for grid in grids))  # fmt: skip
        return False
    return True


def _households(into: Into, grids: Sequence[GridPublished]) -> int | None:
    counts = [grid.households for grid in grids if grid.households is not None]
    if into.households is not None or len(counts) < len(grids):
        return into.households
    return sum(counts)
