"""Point to grid with 20,000 unit grids, on one core."""

import random
import time
from datetime import UTC, datetime

from case_contracts.events.registry import GridPublished
from service_kit.grids import GridIndex

SIDE = 142  # 142 x 142 = 20,164 unit grids under one district
POINTS = 200_000
SINGLE = 50_000
FROM = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TARGET = 50_000


def measure() -> list[tuple[str, str, str, bool]]:
    """Rows of (what, measured, target, met)."""
    index = GridIndex.build(_grids())
    draw = random.Random(1)
    lons = [draw.uniform(0, SIDE) for _ in range(POINTS)]
    lats = [draw.uniform(0, SIDE) for _ in range(POINTS)]
    index.at(lons[0], lats[0], NOW)
    started = time.perf_counter()
    for lon, lat in zip(lons[:SINGLE], lats[:SINGLE], strict=True):
        index.at(lon, lat, NOW)
    single = SINGLE / (time.perf_counter() - started)
    started = time.perf_counter()
    index.at_many(lons, lats, NOW)
    many = POINTS / (time.perf_counter() - started)
    return [
        ("point -> grid, one by one", f"{single:,.0f}/s", f"{TARGET:,}/s", single >= TARGET),
        ("point -> grid, in bulk", f"{many:,.0f}/s", f"{TARGET:,}/s", many >= TARGET),
    ]


def _grids() -> list[GridPublished]:
    outline = _square(0, 0, SIDE)
    grids = [_grid("d", None, "district", outline)]
    grids += [
        _grid(f"u{x}-{y}", "d", "unit", _square(x, y, 1)) for x in range(SIDE) for y in range(SIDE)
    ]
    return grids


def _square(x: float, y: float, size: float) -> list[list[list[float]]]:
    return [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]]


def _grid(
    code: str, parent: str | None, level: str, ring: list[list[list[float]]]
) -> GridPublished:
    return GridPublished.model_validate(
        {
            "grid": code,
            "level": level,
            "parent": parent,
            "path": [parent] if parent else [],
            "name": {"zh": code, "en": code},
            "geometry": {"type": "Polygon", "coordinates": ring},
            "valid_from": FROM,
        }
    )
