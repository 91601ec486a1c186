"""Grids on the ground: inside their parents, beside their neighbours."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from registry.domain.kinds import ends, starts
from registry.domain.validation.datum import Misfit, mistaken
from registry.domain.validation.findings import Findings
from registry.domain.validation.outlines import Grid, Outline

TOLERANCE = 0.01
"""Share of a grid's ground that may lie outside its parent, or on a neighbour's: outlines of
several sources never fit to the last metre."""


@dataclass(frozen=True)
class Checks:
    """What is checked besides: ``gcj02``, whether outlines are in GCJ-02 instead of WGS-84."""

    gcj02: bool = True


@dataclass(frozen=True)
class Family:
    """A grid with its children of the time, and those that lie too far outside, with shares."""

    parent: Outline
    children: list[Outline]
    outside: list[tuple[Outline, float]]


def check_ground(
    outlines: Sequence[Outline], findings: Findings, checks: Checks | None = None
) -> None:
    """Children outside their parents, neighbours that overlap (warnings); coordinates that are
    swapped, or of another datum (errors)."""
    for family in _families(outlines):
        if family.outside:
            _check_outside(family, checks or Checks(), findings)
    levels: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        levels[outline[0].data.level].append(outline)
    for neighbours in levels.values():
        for one, other, share in _overlapping(neighbours):
            findings.warn("grids_overlap", other.origin,
                          f"grid {other.data.grid} lies to {share:.1%} of the smaller one on"
                          f" {one.data.grid} ({one.origin.place})",
                          "redraw one of the two: reports there have two grids",
                          one.data.grid, other.data.grid)  # fmt: skip


def families(outlines: Sequence[Outline]) -> list[tuple[Outline, list[Outline]]]:
    """Each grid that has children, with those that are valid at a common time."""
    by_parent: dict[str, list[Outline]] = defaultdict(list)
    for outline in outlines:
        by_parent[outline[0].data.parent or ""].append(outline)
    found = []
    for parent in outlines:
        children = by_parent.get(parent[0].data.grid, [])
        meeting = [child for child in children if same_time(child[0], parent[0])]
        if meeting:
            found.append((parent, meeting))
    return found


def same_time(one: Grid, other: Grid) -> bool:
    """Whether the two are valid at a common time."""
    return starts(one.data) < ends(other.data) and starts(other.data) < ends(one.data)


def _families(outlines: Sequence[Outline]) -> Iterator[Family]:
    for parent, children in families(outlines):
        shapely.prepare(parent[1])
        covered = shapely.covers(parent[1], [polygon for _, polygon in children])
        shares = [
            (child, outside_share(child[1], parent[1]))
            for child, fine in zip(children, covered, strict=True)
            if not fine
        ]
        yield Family(parent, children, [each for each in shares if each[1] > TOLERANCE])


def outside_share(polygon: shapely.Geometry, ground: shapely.Geometry) -> float:
    """Which share of the polygon lies outside the ground."""
    outside = shapely.area(shapely.difference(polygon, ground))
    return float(outside / shapely.area(polygon))


def _check_outside(family: Family, checks: Checks, findings: Findings) -> None:
    parent = family.parent
    swapped = [c for c, share in family.outside if share > 1 - TOLERANCE and _swapped(c, parent)]
    for grid, _ in swapped:
        findings.error("coordinates_swapped", grid.origin.at(("geometry",)),
                       f"grid {grid.data.grid}: latitude stands where longitude belongs",
                       "GeoJSON positions are [longitude, latitude]: swap them",
                       grid.data.grid)  # fmt: skip
    rest = [(child, share) for child, share in family.outside if child not in swapped]
    if rest and not swapped and checks.gcj02:
        polygons = [polygon for _, polygon in family.children]
        doubtful = [polygon for (_, polygon), _ in rest]
        misfit = mistaken(parent[1], polygons, doubtful)
        if misfit is not None:
            _say_mistaken(family, misfit, findings)
            return
    for (grid, _), share in rest:
        findings.warn("outside_parent", grid.origin.at(("geometry",)),
                      f"grid {grid.data.grid}: {share:.1%} of it lies outside its parent"
                      f" {parent[0].data.grid}",
                      "redraw one of the two", grid.data.grid, parent[0].data.grid)  # fmt: skip


def _say_mistaken(family: Family, misfit: Misfit, findings: Findings) -> None:
    codes = [grid.data.grid for (grid, _), _ in family.outside]
    shown = ", ".join(codes[:3]) + (f" and {len(codes) - 3} more" if len(codes) > 3 else "")
    (first, _), _ = family.outside[0]
    parent = family.parent[0].data.grid
    findings.error(
        "coordinates_gcj02", first.origin.at(("geometry",)),
        f"grids {shown}: taken as WGS-84, {misfit.given:.1%} of the ground of {parent} and its"
        f" children does not match; converted from GCJ-02 it is {misfit.converted:.1%}",
        "convert the outlines from GCJ-02 to WGS-84; if they are right as they are, load with"
        " CIVICGRID_GCJ02_CHECK=false",
        *codes, parent,
    )  # fmt: skip


def _swapped(child: Outline, parent: Outline) -> bool:
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
        if share > TOLERANCE and same_time(*grids):
            yield (*grids, float(share))
