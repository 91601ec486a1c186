"""A grid gets another parent, and takes its ground along."""

import shapely
from shapely.geometry.base import BaseGeometry

from case_contracts.events.registry import GridPublished
from registry.domain.territory.outlined import TOLERANCE, areas, geojson, union
from registry.domain.territory.sketch import Sketch, place


def move(sketch: Sketch, code: str, parent: str) -> None:
    """The grids that it leaves become smaller by its ground, those that it enters larger; it and
    all that is under it have another path. Grids above both stay as they are."""
    grid, target = _movable(sketch, code, parent)
    if grid is None or target is None:
        return
    ground = sketch.standing.outline(code)
    old, new = grid.path, (*target.path, parent)
    shared = sum(1 for a, b in zip(old, new, strict=False) if a == b)
    for above in old[shared:]:
        _resize(sketch, above, areas(sketch.standing.outline(above).difference(ground)), grid, -1)
    for above in new[shared:]:
        _resize(sketch, above, union([sketch.standing.outline(above), ground]), grid, +1)
    sketch.adopt(code, parent, place("code"))


def _movable(
    sketch: Sketch, code: str, parent: str
) -> tuple[GridPublished | None, GridPublished | None]:
    grid = sketch.taken(code, place("code"))
    target = sketch.taken(parent, place("parent"), inner=False)
    if grid is None or target is None:
        return None, None
    former = sketch.standing.grid(grid.parent or "")
    if grid.parent == parent:
        sketch.error("parent_same", place("parent"), f"grid {code} lies in {parent} already",
                     "name another parent", code)  # fmt: skip
        return None, None
    if former is None or former.level != target.level:
        level = former.level if former else "level above"
        sketch.error("parent_level", place("parent"),
                     f"grid {parent} is a {target.level}; {code} needs a {level}",
                     "name a parent of the level of its present one", code, parent)  # fmt: skip
        return None, None
    return grid, target


def _resize(
    sketch: Sketch, code: str, outline: BaseGeometry, moved: GridPublished, sign: int
) -> None:
    grid = sketch.taken(code, place("code"), inner=False)
    if grid is None:
        return
    before = sketch.standing.outline(code)
    if shapely.area(outline) <= TOLERANCE * shapely.area(before):
        sketch.error("nothing_left", place("code"), f"nothing would be left of grid {code}",
                     f"merge {code} with the grid that is to have its ground", code)  # fmt: skip
        return
    if sign > 0 and _pieces(outline) > _pieces(before):
        sketch.findings.warn("not_adjacent", place("parent"),
                             f"grid {moved.grid} does not touch {code}, which would be in pieces",
                             "move it to a parent beside it", code, moved.grid)  # fmt: skip
    count = grid.households
    if count is not None and moved.households is not None:
        count = max(count + sign * moved.households, 0)
    sketch.publish(grid, place("parent"), geometry=geojson(outline), households=count)


def _pieces(outline: BaseGeometry) -> int:
    return int(shapely.get_num_geometries(outline))
