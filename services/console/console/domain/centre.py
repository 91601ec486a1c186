"""Where the middle of a grid is."""

from collections.abc import Iterator
from typing import Any


def centre(geometry: dict[str, Any]) -> tuple[float, float]:
    """The middle of the box around an outline: longitude and latitude, to some metres."""
    points = list(_points(geometry["coordinates"]))
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return round((min(lons) + max(lons)) / 2, 5), round((min(lats) + max(lats)) / 2, 5)


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for each in coordinates:
        yield from _points(each)
