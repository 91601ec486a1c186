"""New borders between neighbours, and grids that are drawn for the first time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from case_contracts.district import Origin
from case_contracts.events.registry import GridPublished
from case_contracts.values import Text
from registry.domain.territory.checking import check_apart, check_inside, check_same_ground
from registry.domain.territory.outlined import TOLERANCE, common, lost
from registry.domain.territory.sketch import Sketch
from registry.domain.territory.standing import Standing

Polygons = dict[str, BaseGeometry]


@dataclass(frozen=True)
class Drawn:
    """A grid as it is to be; what is None stays as it is. A new one has a level and a parent."""

    grid: str
    origin: Origin
    geometry: Mapping[str, Any] | None = None
    level: str | None = None
    parent: str | None = None
    name: Text | None = None
    households: int | None = None


def reshape(sketch: Sketch, drawn: Sequence[Drawn], *, create: bool = False) -> None:
    """Of each level the grids together keep their ground; with ``create`` there may be new ones,
    on ground that nobody has. Every child lies in its parent afterwards."""
    seen: dict[str, Drawn] = {}
    for each in drawn:
        if each.grid in seen:
            sketch.error("code_used", each.origin, f"grid {each.grid} stands twice",
                         "name each grid once", each.grid)  # fmt: skip
        seen[each.grid] = each
    work = _Reshaping(sketch, create)
    for each in seen.values():
        work.take(each)
    if not sketch.findings.errors:
        work.check()
        work.publish()


class _Reshaping:
    def __init__(self, sketch: Sketch, create: bool) -> None:
        self._sketch, self._create = sketch, create
        self._standing: Standing = sketch.standing
        self._old: dict[str, GridPublished] = {}
        self._new: dict[str, Drawn] = {}
        self._outlines: Polygons = {}

    def take(self, drawn: Drawn) -> None:
        """Keep what is to be drawn, if it may be."""
        code = drawn.grid
        if self._standing.grid(code) is None and self._create:
            if not self._sketch.new_code(code, drawn.origin) or not self._complete(drawn):
                return
            self._new[code] = drawn
        else:
            inner = drawn.parent is not None or not self._create
            grid = self._sketch.taken(code, drawn.origin, inner=inner)
            if grid is None or not self._same_level(grid, drawn):
                return
            self._old[code] = grid
            self._new[code] = drawn
        self._sketch.settled(self._standing.below(code), drawn.origin)
        if drawn.geometry is not None:
            outline = self._sketch.outline(code, drawn.geometry, drawn.origin)
            if outline is not None:
                self._outlines[code] = outline

    def _complete(self, drawn: Drawn) -> bool:
        missing = [
            name for name in ("geometry", "level", "parent", "name") if getattr(drawn, name) is None
        ]
        if missing:
            self._sketch.error("field_missing", drawn.origin,
                               f"grid {drawn.grid} is new and lacks {', '.join(missing)}",
                               "add it, or correct the code")  # fmt: skip
        return not missing

    def _same_level(self, grid: GridPublished, drawn: Drawn) -> bool:
        if drawn.level in (None, grid.level):
            return True
        self._sketch.error("level_changes", drawn.origin,
                           f"grid {grid.grid} is a {grid.level}, not a {drawn.level}",
                           "import it with its own level; a grid keeps its level",
                           grid.grid)  # fmt: skip
        return False

    def check(self) -> None:
        """The ground of each level, and who lies in whom."""
        levels = {self._level(code) for code in self._outlines}
        for level in sorted(levels):
            codes = [code for code in self._outlines if self._level(code) == level]
            self._check_level({code: self._outlines[code] for code in codes})
        for code, drawn in self._new.items():
            self._check_parent(code, drawn)
        for code in self._outlines:
            for child in self._standing.children.get(code, ()):
                if child not in self._new:
                    self._check_child(child, code, self._new[code].origin)

    def _level(self, code: str) -> str:
        return self._old[code].level if code in self._old else self._new[code].level or ""

    def _check_level(self, outlines: Polygons) -> None:
        origin = self._new[next(iter(outlines))].origin
        old = {code: self._standing.outline(code) for code in outlines if code in self._old}
        if old:
            check_same_ground(self._sketch, old, outlines, origin, more=self._create)
        check_apart(self._sketch, outlines, origin)
        if self._create:
            self._check_free(outlines)

    def _check_free(self, outlines: Polygons) -> None:
        """What is drawn lies on no neighbour that stays as it is, or no further than before."""
        level = self._level(next(iter(outlines)))
        others = [
            span.data
            for code, span in self._standing.grids.items()
            if code not in outlines
            and isinstance(span.data, GridPublished)
            and span.data.level == level
        ]
        ground = [self._standing.outline(each.grid) for each in others]
        tree = shapely.STRtree(ground)
        for code, outline in outlines.items():
            before = self._standing.outline(code) if code in self._old else None
            for n in tree.query(outline, predicate="intersects").tolist():
                had = common(before, ground[n]) if before is not None else 0.0
                if common(outline, ground[n]) > TOLERANCE + had:
                    self._on_neighbour(code, others[n].grid)

    def _on_neighbour(self, code: str, other: str) -> None:
        self._sketch.error("on_neighbour", self._new[code].origin,
                           f"grid {code} would lie on ground of {other}",
                           f"draw {other} anew as well, or leave it its ground",
                           code, other)  # fmt: skip

    def _check_parent(self, code: str, drawn: Drawn) -> None:
        former = self._old[code].parent if code in self._old else None
        parent = drawn.parent or former
        if parent is None:
            return
        taken = self._sketch.taken(parent, drawn.origin, inner=False)
        if parent in self._new or taken is not None:
            self._check_child(code, parent, drawn.origin)

    def _check_child(self, child: str, parent: str, origin: Origin) -> None:
        before = []
        if self._standing.grid(child) and self._standing.grid(parent):
            before = [lost(self._standing.outline(child), self._standing.outline(parent))]
        after = lost(self._outline(child), self._outline(parent))
        check_inside(self._sketch, child, parent, before, after, origin)

    def _outline(self, code: str) -> BaseGeometry:
        return self._outlines[code] if code in self._outlines else self._standing.outline(code)

    def publish(self) -> None:
        """What changes begins anew; a new parent takes along all that is under the grid."""
        for code, drawn in self._new.items():
            changed = _changed(drawn)
            if code not in self._old:
                begun = GridPublished.model_construct(
                    grid=code, level=drawn.level or "", parent=drawn.parent, path=(),
                    name=drawn.name or Text(zh=code, en=code), geometry=dict(drawn.geometry or {}),
                    households=drawn.households, valid_from=self._standing.when, valid_to=None,
                )  # fmt: skip
                self._sketch.publish(begun, drawn.origin)
            elif drawn.parent not in (None, self._old[code].parent):
                self._sketch.adopt(code, str(drawn.parent), drawn.origin, **changed)
            elif any(_before(self._old[code], key) != value for key, value in changed.items()):
                self._sketch.publish(self._old[code], drawn.origin, **changed)


def _changed(drawn: Drawn) -> dict[str, Any]:
    given = {
        "geometry": dict(drawn.geometry) if drawn.geometry is not None else None,
        "name": drawn.name.model_dump() if drawn.name else None,
        "households": drawn.households,
    }
    return {key: value for key, value in given.items() if value is not None}


def _before(grid: GridPublished, key: str) -> Any:
    value = getattr(grid, key)
    return value.model_dump() if isinstance(value, Text) else value
