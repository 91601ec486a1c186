"""How fast a place finds its grid among 20,000 unit grids (quality.md, Performance)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from case_contracts.events.registry import GridPublished
from service_kit.grids import GridIndex

ACROSS, DOWN, PLACES = 200, 100, 50_000
WHEN = datetime(2026, 6, 1, tzinfo=UTC)


def rectangle(west: float, south: float, east: float, north: float, sides: int) -> dict[str, Any]:
    """A rectangle with ``sides`` positions on each edge."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = [
        [a[0] + (b[0] - a[0]) * n / sides, a[1] + (b[1] - a[1]) * n / sides]
        for a, b in pairwise(corners)
        for n in range(sides)
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def grid(code: str, path: tuple[str, ...], outline: dict[str, Any]) -> GridPublished:
    placed = {"grid": code, "level": str(len(path)), "path": path, "geometry": outline}
    parent = path[-1] if path else None
    return GridPublished.model_validate({**GridPublished.EXAMPLE, **placed, "parent": parent})


def district() -> list[GridPublished]:
    """20 streets and 20,000 units on one degree by one."""
    grids = [grid("d", (), rectangle(113, 34, 114, 35, 250))]
    for n in range(20):
        west, south = 113 + n % 4 / 4, 34 + n // 4 / 5
        street = rectangle(west, south, west + 1 / 4, south + 1 / 5, 50)
        grids.append(grid(f"s{n}", ("d",), street))
    for n in range(ACROSS * DOWN):
        x, y = n % ACROSS, n // ACROSS
        west, south = 113 + x / ACROSS, 34 + y / DOWN
        unit = rectangle(west, south, west + 1 / ACROSS, south + 1 / DOWN, 3)
        grids.append(grid(f"u{n}", ("d", f"s{x * 4 // ACROSS + y * 5 // DOWN * 4}"), unit))
    return grids


def rate(look_up: Callable[[], object]) -> float:
    """Places per second of one core's time: the best of three."""
    spent = []
    for _ in range(3):
        started = time.process_time()
        look_up()
        spent.append(time.process_time() - started)
    return PLACES / min(spent)


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_lookups_per_second_of_a_core(record_property: Callable[[str, object], None]) -> None:
    index = GridIndex.build(district())
    random = Random(1)
    lons = [113 + random.random() for _ in range(PLACES)]
    lats = [34 + random.random() for _ in range(PLACES)]
    many = rate(lambda: index.at_many(lons, lats, WHEN))
    single = rate(lambda: [index.at(*place, WHEN) for place in zip(lons, lats, strict=True)])
    record_property("lookups_per_second", {"at_many": round(many), "at": round(single)})
    assert many >= 50_000
    assert single >= 5_000
