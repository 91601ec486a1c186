"""Grids on the ground: inside their parents, beside their neighbours."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from registry.domain.kinds import ends, starts
from registry.domain.validation.findings import Findings
from registry.domain.validation.outlines import Grid, Outline

TOLERANCE = 0.01
"""Share of a grid's ground that may lie outside its parent, or on a neighbour's: outlines of
several sources never fit to the last metre."""


def check_ground(outlines: Sequence[Outline], findings: Findings) -> None:
    """Children outside their parents, neighbours that overlap (warnings), swapped axes."""
    _check_parents(outlines, findings)
    levels: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        levels[outline[0].data.level].append(outline)
    for neighbours in levels.values():
        for one, other, share in _overlapping(neighbours):
            findings.warn("grids_overlap", other.origin,
                          f"grid {other.data.grid} lies to {share:.1%} of the smaller one on"
                          f" {one.data.grid} ({one.origin.place})",
                          "redraw one of the two: reports there have two grids")  # fmt: skip


def _check_parents(outlines: Sequence[Outline], findings: Findings) -> None:
    by_code: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        by_code[outline[0].data.grid].append(outline)
    pairs = [
        (child, parent)
        for child in outlines
        for parent in by_code.get(child[0].data.parent or "", ())
        if _same_time(child[0], parent[0])
    ]
    parents = [parent for _, (_, parent) in pairs]
    shapely.prepare(parents)
    covered = shapely.covers(parents, [child for (_, child), _ in pairs])
    for (child, parent), fine in zip(pairs, covered, strict=True):
        if not fine:
            _check_outside(child, parent, findings)


def _check_outside(child: Outline, parent: Outline, findings: Findings) -> None:
    grid, polygon = child
    share = shapely.area(shapely.difference(polygon, parent[1])) / shapely.area(polygon)
    if share <= TOLERANCE:
        return
    place = grid.origin.at(("geometry",))
    if share > 1 - TOLERANCE and _swapped_fits(child, parent):
        findings.error("coordinates_swapped", place,
                       f"grid {grid.data.grid}: latitude stands where longitude belongs",
                       "GeoJSON positions are [longitude, latitude]: swap them")  # fmt: skip
        return
    findings.warn("outside_parent", place,
                  f"grid {grid.data.grid}: {share:.1%} of it lies outside its parent"
                  f" {parent[0].data.grid}",
                  "redraw one of the two")  # fmt: skip


def _swapped_fits(child: Outline, parent: Outline) -> bool:
    swapped = shapely.transform(child[1], lambda points: points[:, ::-1])
    return bool(shapely.intersects(swapped, parent[1]))


def _overlapping(outlines: Sequence[Outline]) -> Iterator[tuple[Grid, Grid, float]]:
    """Pairs whose interiors have more in common than the tolerance, with the share."""
    polygons = np.array([polygon for _, polygon in outlines], dtype=object)
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    inner = shapely.relate_pattern(polygons[first], polygons[second], "T********")
    first, second = first[inner], second[inner]
    common = shapely.area(shapely.intersection(polygons[first], polygons[second]))
    smaller = np.minimum(shapely.area(polygons[first]), shapely.area(polygons[second]))
    for one, other, share in zip(first, second, common / smaller, strict=True):
        grids = outlines[one][0], outlines[other][0]
        if share > TOLERANCE and _same_time(*grids):
            yield (*grids, float(share))


def _same_time(one: Grid, other: Grid) -> bool:
    return starts(one.data) < ends(other.data) and starts(other.data) < ends(one.data)
