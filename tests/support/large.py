"""A generated district of 20,000 unit grids: a district, 20 streets, 200 communities."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from case_contracts.district import DistrictBundle, Raw
from civicgrid.district_dir import raw
from civicgrid.district_dir.presets import CHINA_15
from tests.support.cities import district

WEST, SOUTH, SIDE = 113.0, 34.0, 0.005
ACROSS, DOWN = 200, 100
LEVELS = ["district", "street", "community", "unit"]
ROOT = "410199"


def large() -> DistrictBundle:
    """The district with the 15-digit scheme of codes, and somebody in every unit grid."""
    codes = dict(zip(LEVELS, CHINA_15[len(LEVELS)], strict=True))
    bundle = district(list(_grids()), LEVELS, "Asia/Shanghai", codes)
    ranges = {"unit": {"least": 100, "most": 250}}
    return bundle.model_copy(update={"head": raw(bundle.head.value | {"households": ranges})})


def _grids() -> Iterator[Raw]:
    yield _grid(ROOT, "district", None, 0, 0, ACROSS, DOWN)
    for s in range(20):
        x, y = s % 5 * 40, s // 5 * 25
        street = f"{ROOT}{s + 1:03}"
        yield _grid(street, "street", ROOT, x, y, 40, 25)
        for c in range(10):
            # Five communities side by side, two rows of 12 and 13.
            east, north, tall = c % 5 * 8, (0, 12)[c // 5], (12, 13)[c // 5]
            community = f"{street}{c + 1:03}"
            yield _grid(community, "community", street, x + east, y + north, 8, tall)
            for u in range(8 * tall):
                yield _grid(f"{community}{u + 1:03}", "unit", community,
                            x + east + u % 8, y + north + u // 8, 1, 1)  # fmt: skip


def _grid(code: str, level: str, parent: str | None, x: int, y: int, wide: int, tall: int) -> Raw:
    units = wide * tall
    return raw({
        "grid": code, "level": level, "parent": parent, "name": {"zh": code, "en": code},
        "households": 150 * units, "geometry": _rectangle(x, y, x + wide, y + tall),
    })  # fmt: skip


def _rectangle(west: int, south: int, east: int, north: int) -> dict[str, Any]:
    """With a position at every unit grid's corner, as neighbours have it."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = [place for a, b in pairwise(corners) for place in _edge(a, b)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _edge(a: tuple[int, int], b: tuple[int, int]) -> Iterator[list[float]]:
    steps = max(abs(b[0] - a[0]), abs(b[1] - a[1]))
    for n in range(steps):
        x, y = a[0] + (b[0] - a[0]) * n // steps, a[1] + (b[1] - a[1]) * n // steps
        yield [round(WEST + x * SIDE, 6), round(SOUTH + y * SIDE, 6)]
