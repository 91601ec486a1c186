"""Each grid's outline by itself: GeoJSON (RFC 7946) in WGS-84 degrees, closed, not crossing."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from case_contracts.events.registry import GridPublished
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings

Grid = Placed[GridPublished]
Outline = tuple[Grid, Any]
"""A grid with its shapely polygon."""

HALF, WHOLE = 90, 180
NUMBERS = "iuf"
"""Kinds of numpy's types: texts, truth values and numbers beyond all measure are no degrees."""


class _Wrong(Exception):
    """What is wrong with an outline: code, message, hint."""


def check_outlines(draft: Draft, findings: Findings) -> list[Outline]:
    """The grids whose outlines can be reckoned with; the others are errors."""
    read = [outline for grid in draft.grids if (outline := _read(grid, findings))]
    return _valid(read, findings)


def _valid(read: list[Outline], findings: Findings) -> list[Outline]:
    valid = shapely.is_valid([polygon for _, polygon in read])
    for (grid, polygon), fine in zip(read, valid, strict=True):
        if not fine:
            reason = shapely.is_valid_reason(polygon)
            _error(grid, findings, "outline_invalid", f"the outline is not valid: {reason}",
                   "draw it so that it does not cross or touch itself there; the function to fix"
                   " geometries of a map program does it, then look at what it made")  # fmt: skip
    return [outline for outline, fine in zip(read, valid, strict=True) if fine]


def read_outline(grid: Grid, findings: Findings) -> Any | None:
    """The polygon of one outline; None, and an error, if it cannot be reckoned with."""
    read = _read(grid, findings)
    if read is None:
        return None
    return next((polygon for _, polygon in _valid([read], findings)), None)


def _read(grid: Grid, findings: Findings) -> Outline | None:
    try:
        for ring in _rings(grid.data.geometry):
            _check_ring(ring)
    except _Wrong as wrong:
        _error(grid, findings, *wrong.args)
        return None
    return grid, shape(grid.data.geometry)


def _error(grid: Grid, findings: Findings, code: str, message: str, hint: str) -> None:
    place, said = grid.origin.at(("geometry",)), f"grid {grid.data.grid}: {message}"
    findings.error(code, place, said, hint, grid.data.grid)


def _rings(geometry: dict[str, Any]) -> Iterator[Any]:
    """The rings of a Polygon or MultiPolygon, unread."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Wrong("outline_malformed", f"a {kind} is no outline",
                     "a grid needs a Polygon or MultiPolygon")  # fmt: skip
    for polygon in _list(coordinates) if kind == "MultiPolygon" else [coordinates]:
        yield from _list(polygon)


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise _Wrong("outline_malformed", "coordinates are missing", "export the outline anew")
    return found


def _check_ring(ring: Any) -> None:
    try:
        points = np.asarray(ring)
    except (TypeError, ValueError):
        points = np.empty(0)
    points = points.astype(float) if points.dtype.kind in NUMBERS else np.empty(0)
    if points.ndim != 2 or points.shape[1] not in (2, 3) or not np.isfinite(points).all():
        raise _Wrong("outline_malformed", "a ring is not a list of [longitude, latitude]",
                     "export the outline anew")  # fmt: skip
    _check_range(points)
    if (points[0] != points[-1]).any():
        raise _Wrong("outline_unclosed", "a ring does not end where it begins",
                     "repeat its first position at its end")  # fmt: skip
    if len(points) < 4:
        raise _Wrong("outline_malformed", "a ring has fewer than four positions", "draw it anew")


def _check_range(points: Any) -> None:
    size = np.abs(points[:, :2])
    wrong = (size[:, 0] > WHOLE) | (size[:, 1] > HALF)
    if not wrong.any():
        return
    place, (lon, lat) = points[wrong][0].tolist(), size[wrong][0]
    if lon <= HALF and lat <= WHOLE:
        raise _Wrong("coordinates_swapped", f"latitude stands where longitude belongs in {place}",
                     "GeoJSON positions are [longitude, latitude]: swap them")  # fmt: skip
    raise _Wrong("coordinates_out_of_range", f"{place} is no place in degrees",
                 "convert the coordinates to WGS-84 longitude and latitude")  # fmt: skip
