"""Bends the plane of rectangles into an irregular district on the map (WGS-84).

The bend is smooth and the same for every point, and an outline carries every corner that lies
on it, also those of its neighbours: so grids that tile on the plane tile on the map, and
children fill their parents to the last digit.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from math import pi, sin

from civicgrid.sample.layout import Node, Rect

_WEST, _SOUTH, _WIDTH, _HEIGHT = 113.5712, 34.6204, 0.2230, 0.1640
Degrees = tuple[float, float]


def bend(x: float, y: float, side: int) -> Degrees:
    """Longitude and latitude of a point of the plane whose west-east extent is ``side``."""
    u, v = x / side, y / (side * 0.75)
    lon = u + 0.045 * sin(2.3 * pi * v + 0.6) + 0.022 * sin(3.1 * pi * u + 4.1 * v)
    lat = v + 0.060 * sin(1.9 * pi * u + 1.1) + 0.024 * sin(3.7 * pi * v + 5.3 * u)
    return round(_WEST + _WIDTH * lon, 6), round(_SOUTH + _HEIGHT * lat, 6)


class Outlines:
    """Polygons for all grids of one tree."""

    def __init__(self, root: Node) -> None:
        self.side = root.rect.east
        across: dict[int, set[int]] = defaultdict(set)
        along: dict[int, set[int]] = defaultdict(set)
        for unit in root.at("unit"):
            for x, y in _corners(unit.rect):
                across[x].add(y)
                along[y].add(x)
        self._across = {x: sorted(ys) for x, ys in across.items()}
        self._along = {y: sorted(xs) for y, xs in along.items()}

    def polygon(self, rect: Rect) -> dict[str, object]:
        """The GeoJSON polygon of a grid, counter-clockwise, closed."""
        south = [(x, rect.south) for x in _within(self._along[rect.south], rect.west, rect.east)]
        east = [(rect.east, y) for y in _within(self._across[rect.east], rect.south, rect.north)]
        north = [(x, rect.north) for x in _within(self._along[rect.north], rect.west, rect.east)]
        west = [(rect.west, y) for y in _within(self._across[rect.west], rect.south, rect.north)]
        ring = [*south, *east[1:], *reversed(north[:-1]), *reversed(west[:-1])]
        return {"type": "Polygon", "coordinates": [[list(self.point(x, y)) for x, y in ring]]}

    def point(self, x: float, y: float) -> Degrees:
        return bend(x, y, self.side)

    def inside(self, rect: Rect, u: float, v: float) -> Degrees:
        """The point at the shares ``u`` and ``v`` of a rectangle, kept off its edges."""
        x = rect.west + (rect.east - rect.west) * (0.15 + 0.7 * u)
        y = rect.south + (rect.north - rect.south) * (0.15 + 0.7 * v)
        return self.point(x, y)


def _corners(rect: Rect) -> list[tuple[int, int]]:
    return [(x, y) for x in (rect.west, rect.east) for y in (rect.south, rect.north)]


def _within(places: list[int], first: int, last: int) -> list[int]:
    return places[bisect_left(places, first) : bisect_right(places, last)]
