"""Whether somebody was inside a grid, from a place that is then forgotten."""

from datetime import datetime

from case_contracts.events.intake import Whereabouts
from case_contracts.values import Point
from service_kit.grids import GridIndex


def is_inside(point: Point, grid: str, when: datetime, grids: GridIndex) -> bool:
    """Whether the place lay in the grid or one below it; its border belongs to it."""
    hits = grids.at(point.lon, point.lat, when)
    return any(grid == hit.grid or grid in hit.path for hit in hits)


def whereabouts(point: Point | None, grid: str, when: datetime, grids: GridIndex) -> Whereabouts:
    if point is None:
        return Whereabouts.UNKNOWN
    return Whereabouts.INSIDE if is_inside(point, grid, when, grids) else Whereabouts.OUTSIDE
