"""GCJ-02, in which Chinese web maps draw, passed off as WGS-84: some 500 m beside the truth.

An outline alone does not tell; a parent's does, when its children only fit it after conversion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import prcoords
import shapely

WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
"""Where GCJ-02 is used at all."""
DOUBTFUL = 0.01
CLEARLY = 4
"""Converted outlines must fit so many times better."""


@dataclass(frozen=True)
class Misfit:
    """Shares of a parent's ground that do not match its children's: gaps, overlaps and what lies
    outside, of the outlines as given and when taken as GCJ-02."""

    given: float
    converted: float


def mistaken(
    parent: shapely.Geometry,
    children: Sequence[shapely.Geometry],
    doubtful: Sequence[shapely.Geometry],
) -> Misfit | None:
    """Whether all the children, or only the doubtful ones, fit clearly better when converted."""
    west, south, east, north = shapely.total_bounds([parent, *children])
    if west < WEST or south < SOUTH or east > EAST or north > NORTH:
        return None
    given = misfit(parent, children)
    if given <= DOUBTFUL:
        return None
    some = {id(each) for each in doubtful}
    trials = [[to_wgs84(child) for child in children]]
    if len(some) < len(children):
        trials.append([to_wgs84(c) if id(c) in some else c for c in children])
    converted = min(misfit(parent, trial) for trial in trials)
    return Misfit(given, converted) if converted * CLEARLY < given else None


def misfit(parent: shapely.Geometry, children: Sequence[shapely.Geometry]) -> float:
    """The share of the parent's ground that is not exactly one child's, or a child's outside."""
    union = shapely.union_all(children)
    overlaps = shapely.area(children).sum() - shapely.area(union)
    beside = shapely.area(shapely.symmetric_difference(union, parent))
    return float((overlaps + beside) / shapely.area(parent))


def to_wgs84(outline: shapely.Geometry) -> shapely.Geometry:
    """An outline in GCJ-02 degrees, in WGS-84 degrees (exact to about a centimetre)."""
    return shapely.transform(outline, _converted)


def _converted(points: Any) -> Any:
    places = (prcoords.gcj_wgs_bored((lat, lon), False) for lon, lat in points.tolist())
    return np.array([(place.lon, place.lat) for place in places])
