"""Candidates near a place: how much of the disc around it lies in each grid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from service_kit.grids.index import GridHit

METRES_PER_DEGREE = 111_320.0
CORNERS, DIGITS = 64, 4


@dataclass(frozen=True, slots=True)
class GridNear:
    """A grid near a place. ``share`` of the disc lies in it; equal shares have the same rank."""

    hit: "GridHit"
    share: float
    rank: int


def disc(lon: float, lat: float, metres: float) -> shapely.Polygon:
    """The disc around a place, in degrees: areas within it compare as they do on the ground."""
    high = metres / METRES_PER_DEGREE
    wide = high / max(cos(radians(lat)), 0.01)
    turns = [2 * pi * n / CORNERS for n in range(CORNERS)]
    return shapely.Polygon([(lon + wide * cos(t), lat + high * sin(t)) for t in turns])


def ranked(hits: Sequence["GridHit"], shares: Sequence[float]) -> Iterator[GridNear]:
    """Largest share first; as many are before each as its rank says, counted from 1."""
    rounded = [round(share, DIGITS) for share in shares]
    order = sorted(zip(hits, rounded, strict=True), key=lambda pair: (-pair[1], pair[0].grid))
    for hit, share in order:
        if share > 0:
            yield GridNear(hit, share, 1 + sum(other > share for other in rounded))
