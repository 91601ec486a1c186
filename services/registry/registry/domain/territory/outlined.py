"""Comparing ground: whether outlines cover the same, and how much they have in common."""

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

TOLERANCE = 0.001
"""Share of the ground by which the outlines of one change may differ: corners are rounded to
about a decimetre, and a new corner on a slanted border lies beside it by as much."""


def union(outlines: Sequence[BaseGeometry]) -> BaseGeometry:
    """Their common ground, without the seams."""
    return areas(shapely.union_all(list(outlines)))


def areas(outline: BaseGeometry) -> BaseGeometry:
    """What of it is ground; lines and points that a computation leaves over are dropped."""
    if outline.geom_type in ("Polygon", "MultiPolygon"):
        return outline
    parts = [part for part in getattr(outline, "geoms", ()) if part.area > 0]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def lost(before: BaseGeometry, after: BaseGeometry) -> float:
    """Which share of the ground before is not in the ground after."""
    return float(shapely.area(shapely.difference(before, after)) / shapely.area(before))


def overlaps(outlines: Sequence[BaseGeometry]) -> Iterator[tuple[int, int, float]]:
    """Pairs that have more in common than the tolerance, with the share of the smaller one."""
    tree = shapely.STRtree(list(outlines))
    near = tree.query(list(outlines), predicate="intersects").T.tolist()
    for one, other in sorted((one, other) for one, other in near if one < other):
        share = common(outlines[one], outlines[other])
        if share > TOLERANCE:
            yield one, other, share


def common(one: BaseGeometry, other: BaseGeometry) -> float:
    """The common ground as a share of the smaller one's."""
    smaller = min(shapely.area(one), shapely.area(other))
    return float(shapely.area(shapely.intersection(one, other)) / smaller) if smaller else 0.0


def geojson(outline: BaseGeometry) -> dict[str, Any]:
    """The outline as GeoJSON."""
    drawn = mapping(shapely.orient_polygons(outline))
    return {"type": drawn["type"], "coordinates": _lists(drawn["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(each) for each in value] if isinstance(value, tuple | list) else value
