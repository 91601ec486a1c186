"""A small map of what is wrong: an SVG with the grids that errors and warnings name."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

WIDTH, LEGEND, MARGIN, FINEST = 640.0, 66.0, 0.12, 0.7
MOST_GRIDS, MOST_LABELS = 600, 60
_WRONG, _DOUBTFUL = "#c62828", "#ef8f00"
_STYLES = {
    "parent": "fill:#f8d7da;stroke:#37474f;stroke-width:2",
    "beside": "fill:#ffffff;stroke:#90a4ae;stroke-width:1",
    "doubtful": f"fill:{_DOUBTFUL};fill-opacity:.4;stroke:{_DOUBTFUL};stroke-width:1.5",
    "wrong": f"fill:{_WRONG};fill-opacity:.4;stroke:{_WRONG};stroke-width:1.5",
}
_LEGEND = {
    "wrong": "错误 error",
    "doubtful": "存疑 warning",
    "parent": "上级网格，露出处为空白 parent: what shows is a gap",
    "beside": "其他网格 other grids",
}


@dataclass(frozen=True)
class Seen:
    """What is on the map: outlines by code, and each grid's parent."""

    outlines: Mapping[str, BaseGeometry]
    parents: Mapping[str, str | None]


def picture(seen: Seen, wrong: Collection[str], doubtful: Collection[str]) -> str | None:
    """The map of these grids, with their parents and neighbours; None if none has an outline."""
    named = [code for code in {**dict.fromkeys(wrong), **dict.fromkeys(doubtful)}
             if code in seen.outlines][:MOST_GRIDS]  # fmt: skip
    if not named:
        return None
    frame = _Frame.around([seen.outlines[code] for code in named])
    layers = _layers(seen, named, set(wrong))
    body = [frame.path(seen.outlines[code], _STYLES[style]) for code, style in layers]
    body += [frame.label(seen.outlines[code], code) for code in named[:MOST_LABELS]]
    return _svg(frame, "".join(body))


def _layers(seen: Seen, named: list[str], wrong: set[str]) -> Iterator[tuple[str, str]]:
    """From the bottom up: parents, neighbours, then the grids in question, large ones first."""
    children = set(seen.parents.values())
    above = {code for code in named if code in children} | {
        parent for code in named if (parent := seen.parents.get(code)) in seen.outlines and parent
    }
    by_size = sorted(seen.outlines, key=lambda code: -seen.outlines[code].area)
    yield from ((code, "parent") for code in by_size if code in above)
    beside = [code for code in by_size if seen.parents.get(code) in above and code not in above]
    yield from ((code, "beside") for code in beside[:MOST_GRIDS] if code not in named)
    inner = [code for code in by_size if code in named and code not in above]
    yield from ((code, "wrong" if code in wrong else "doubtful") for code in inner)


@dataclass(frozen=True)
class _Frame:
    """From degrees to the picture's units: north is up, and a metre is as long either way."""

    west: float
    north: float
    scale_x: float
    scale_y: float
    height: float

    @classmethod
    def around(cls, outlines: list[BaseGeometry]) -> "_Frame":
        west, south, east, north = (float(each) for each in shapely.total_bounds(outlines))
        narrow = max(cos(radians((south + north) / 2)), 0.01)
        wide = max((east - west) * narrow, (north - south) / 2, 1e-9)
        scale = WIDTH * (1 - 2 * MARGIN) / wide
        left = west - (WIDTH / scale - (east - west) * narrow) / 2 / narrow
        tall = (north - south) * scale + 2 * MARGIN * WIDTH
        return cls(left, north + MARGIN * WIDTH / scale, scale * narrow, scale, tall)

    def path(self, outline: BaseGeometry, style: str) -> str:
        drawn = shapely.simplify(shapely.transform(outline, self._placed), FINEST)
        box = shapely.box(-WIDTH, -self.height, 2 * WIDTH, 2 * self.height)
        drawn = shapely.intersection(drawn, box) if drawn.is_valid else drawn
        rings = (ring for part in _polygons(drawn) for ring in (part.exterior, *part.interiors))
        lines = "".join(f"M{_points(ring)}Z" for ring in rings)
        return f'<path d="{lines}" style="{style}" fill-rule="evenodd"/>' if lines else ""

    def label(self, outline: BaseGeometry, code: str) -> str:
        point = shapely.transform(shapely.point_on_surface(outline), self._placed)
        return f'<text x="{point.x:.0f}" y="{point.y:.0f}">{escape(code)}</text>'

    def _placed(self, points: Any) -> Any:
        x, y = points[:, 0] - self.west, self.north - points[:, 1]
        return np.column_stack((x * self.scale_x, y * self.scale_y))


def _polygons(shape: BaseGeometry) -> list[Any]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def _points(ring: Any) -> str:
    return "L".join(f"{x:.1f},{y:.1f}" for x, y in list(ring.coords)[:-1])


def _svg(frame: _Frame, body: str) -> str:
    size = f"{WIDTH:.0f} {frame.height + LEGEND:.0f}"
    legend = "".join(
        f'<rect x="{10 + n % 2 * 130}" y="{frame.height + 10 + n // 2 * 26:.0f}" width="18"'
        f' height="14" style="{_STYLES[style]}"/><text class="l" x="{34 + n % 2 * 130}"'
        f' y="{frame.height + 22 + n // 2 * 26:.0f}">{escape(said)}</text>'
        for n, (style, said) in enumerate(_LEGEND.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img"'
        ' aria-label="网格问题示意图 map of the grids in question">'
        "<style>text{font:11px sans-serif;text-anchor:middle}.l{text-anchor:start}</style>"
        f'<svg width="{WIDTH:.0f}" height="{frame.height:.0f}">{body}</svg>{legend}</svg>'
    )
