"""Point to grid: which grids, valid at a time, a place lies in. Pure; from grid events."""

from service_kit.grids.index import GridHit, GridIndex, UnknownGrid
from service_kit.grids.near import GridNear
from service_kit.grids.spans import GridSpan, grid_spans

__all__ = ["GridHit", "GridIndex", "GridNear", "GridSpan", "UnknownGrid", "grid_spans"]
