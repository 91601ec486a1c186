"""The spatial index of a district's grids, over all their validities."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from case_contracts.events.registry import GridPublished, GridRetired
from service_kit.grids.near import GridNear, disc, ranked
from service_kit.grids.spans import GridSpan, grid_spans

BESIDE = 1e-5
"""In degrees, about a metre: outlines that were drawn side by side need not meet exactly."""


Touching = list[tuple[int, bool]]
"""The spans that touch a place, whenever they were valid, and whether it lies inside."""


class UnknownGrid(LookupError):
    """No grid of this code was valid at that time."""


@dataclass(frozen=True, slots=True)
class GridHit:
    """A grid that a place lies in. ``path``: the grids above it, from the root down."""

    grid: str
    level: str
    path: tuple[str, ...]
    on_border: bool


class GridIndex:
    """Which grids a place lay in at a time. Immutable: a change of grids makes a new index.

    Places are WGS-84 degrees, times carry their zone. Outlines are taken as they are: a border
    belongs to the grids on both of its sides, and nothing is picked arbitrarily among them.
    """

    def __init__(self, spans: Sequence[GridSpan]) -> None:
        shapes = [shape(span.data.geometry) for span in spans]
        shapely.prepare(shapes)
        self._shapes = np.array(shapes, dtype=object)
        self._tree = shapely.STRtree(shapes)
        self._spans = spans
        self._starts = np.array([span.start.timestamp() for span in spans])
        self._ends = np.array([span.end.timestamp() for span in spans])
        self._inside = [_hit(span.data, on_border=False) for span in spans]
        self._border = [_hit(span.data, on_border=True) for span in spans]
        self._looked_up: dict[tuple[float, float], Touching] = {}
        self._by_code: dict[str, list[GridSpan]] = defaultdict(list)
        for span in spans:
            self._by_code[span.data.grid].append(span)

    @classmethod
    def build(cls, events: Iterable[GridPublished | GridRetired]) -> "GridIndex":
        """From grid events in the order of their sequence per grid."""
        return cls(grid_spans(events))

    def at(self, lon: float, lat: float, when: datetime) -> list[GridHit]:
        """The lowest grids that the place lay in, lowest level first; the grids above each are
        its path. Empty outside the district; several on a border or where outlines overlap."""
        touching = self._looked_up.get((lon, lat))
        if touching is None:
            touching = self._touching(lon, lat)
        return _lowest(
            [
                self._inside[i] if inside else self._border[i]
                for i, inside in touching
                if self._spans[i].valid(when)
            ]
        )

    def looked_up(self, places: Iterable[tuple[float, float]]) -> "GridIndex":
        """The same index, which has looked up these (lon, lat) already, together: asked for each
        in the midst of other work, they take some times as long."""
        asked = list(dict.fromkeys(places))
        touching: list[Touching] = [[] for _ in asked]
        xs, ys = np.array(asked, dtype=float).reshape(-1, 2).T
        for place, i, inside in self._rows(xs, ys):
            touching[place].append((i, inside))
        index = copy(self)
        index._looked_up = dict(zip(asked, touching, strict=True))
        return index

    def at_many(
        self, lons: Sequence[float], lats: Sequence[float], when: datetime | Sequence[datetime]
    ) -> list[list[GridHit]]:
        """``at`` for many places at once, at one time or each at its own; some times faster."""
        xs, ys = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        moments = _moments(when, len(xs))
        hits: list[list[GridHit]] = [[] for _ in range(len(xs))]
        for place, i, inside in self._rows(xs, ys, moments):
            hits[place].append(self._inside[i] if inside else self._border[i])
        return [_lowest(each) for each in hits]

    def near(self, lon: float, lat: float, metres: float, when: datetime) -> list[GridNear]:
        """The lowest grids that the disc of that radius around the place touches, the one with
        the largest share of it first; equal shares have the same rank."""
        around = disc(lon, lat, metres)
        found = self._tree.query(around, predicate="intersects").tolist()
        valid = [i for i in found if self._spans[i].valid(when)]
        above = {code for i in valid for code in self._inside[i].path}
        lowest = [i for i in valid if self._inside[i].grid not in above]
        on_border = shapely.intersects_xy(self._shapes[lowest], lon, lat) & ~shapely.contains_xy(
            self._shapes[lowest], lon, lat
        )
        hits = [
            self._border[i] if border else self._inside[i]
            for i, border in zip(lowest, on_border.tolist(), strict=True)
        ]
        common = shapely.area(shapely.intersection(self._shapes[lowest], around))
        return list(ranked(hits, (common / around.area).tolist()))

    def beside(self, code: str, when: datetime) -> list[GridPublished]:
        """The grids of the same depth whose outlines come within about a metre of its own, by
        code; none where it was not valid."""
        own = next(
            (n for n, s in enumerate(self._spans) if s.data.grid == code and s.valid(when)), None
        )
        if own is None:
            return []
        depth = len(self._spans[own].data.path)
        found = self._tree.query(self._shapes[own], predicate="dwithin", distance=BESIDE)
        spans = [self._spans[n] for n in found.tolist() if n != own]
        beside = [s.data for s in spans if s.valid(when) and len(s.data.path) == depth]
        return sorted(beside, key=lambda grid: grid.grid)

    def contains_district(self, lon: float, lat: float, when: datetime) -> bool:
        """Whether any grid of the district has the place."""
        return bool(self.at(lon, lat, when))

    def known(self, code: str, when: datetime) -> bool:
        """Whether a grid of this code was valid."""
        return self._span(code, when) is not None

    def path(self, code: str, when: datetime) -> tuple[str, ...]:
        """The grids above it, from the root down; raises UnknownGrid."""
        return self.published(code, when).path

    def published(self, code: str, when: datetime) -> GridPublished:
        """The grid as it was valid; raises UnknownGrid."""
        span = self._span(code, when)
        if span is None:
            raise UnknownGrid(f"no grid {code} was valid at {when.isoformat()}")
        return span.data

    def valid(self, when: datetime) -> list[GridSpan]:
        """All the grids that were valid, with the time for which they stand so."""
        return [span for span in self._spans if span.valid(when)]

    def _touching(self, lon: float, lat: float) -> Touching:
        found = self._tree.query(shapely.Point(lon, lat))
        shapes = self._shapes[found]
        touched = shapely.intersects_xy(shapes, lon, lat)
        within = shapely.contains_xy(shapes, lon, lat)
        rows = zip(found.tolist(), touched.tolist(), within.tolist(), strict=True)
        return [(i, inside) for i, touches, inside in rows if touches]

    def _rows(self, xs: Any, ys: Any, moments: Any = None) -> Iterator[tuple[int, int, bool]]:
        """(place, span, whether inside) for all that touch; with moments only what was valid."""
        places, found = self._tree.query(shapely.points(xs, ys))
        if moments is not None:
            asked = moments[places]
            valid = (self._starts[found] <= asked) & (asked < self._ends[found])
            places, found = places[valid], found[valid]
        touched = shapely.intersects_xy(self._shapes[found], xs[places], ys[places])
        places, found = places[touched], found[touched]
        within = shapely.contains_xy(self._shapes[found], xs[places], ys[places])
        return zip(places.tolist(), found.tolist(), within.tolist(), strict=True)

    def _span(self, code: str, when: datetime) -> GridSpan | None:
        return next((s for s in self._by_code.get(code, ()) if s.valid(when)), None)


def _hit(grid: GridPublished, *, on_border: bool) -> GridHit:
    return GridHit(grid.grid, grid.level, grid.path, on_border)


def _rank(hit: GridHit) -> tuple[int, bool, str]:
    return -len(hit.path), hit.on_border, hit.grid


def _lowest(hits: list[GridHit]) -> list[GridHit]:
    """Without those that stand above another; deepest first, inside before on the border."""
    above = {code for hit in hits for code in hit.path}
    return sorted((hit for hit in hits if hit.grid not in above), key=_rank)


def _moments(when: datetime | Sequence[datetime], count: int) -> Any:
    times = [when] * count if isinstance(when, datetime) else when
    if len(times) != count:
        raise ValueError(f"{count} places but {len(times)} times")
    return np.array([time.timestamp() for time in times])
