"""Reports by matter and place, for finding the few that lie near a point."""

from collections.abc import Iterator
from math import cos, floor, radians

from service_kit.alike.likeness import METRES_PER_DEGREE, Alike, Located, compare

COLUMNS = 160_000
"""Cells around the earth: some 250 m each from north to south, eastwards less."""
CELL = 360 / COLUMNS
Cell = tuple[str, int, int]


class Nearby:
    """Grid-hashed, so that looking costs a few dictionary look-ups where nothing is near,
    whatever the number of reports, the rule's metres and the latitude."""

    def __init__(self) -> None:
        self._cells: dict[Cell, dict[str, Located]] = {}
        self._where: dict[str, Cell] = {}

    def __len__(self) -> int:
        return len(self._where)

    def add(self, placed: Located) -> None:
        """Keep it; one of the same case is kept once, as it was first."""
        if placed.case in self._where:
            return
        cell = (placed.matter, _column(placed.lon), _row(placed.lat))
        self._where[placed.case] = cell
        self._cells.setdefault(cell, {})[placed.case] = placed

    def drop(self, case: str) -> None:
        """It is no candidate any longer."""
        cell = self._where.pop(case, None)
        if cell is None:
            return
        within = self._cells[cell]
        del within[case]
        if not within:
            del self._cells[cell]

    def forget(self, before: float) -> None:
        """Drop what was reported before that moment (Unix seconds)."""
        old = [c for within in self._cells.values() for c, p in within.items() if p.at < before]
        for case in old:
            self.drop(case)

    def alike(self, new: Located, metres: float, hours: float) -> list[Alike]:
        """Older ones of the same matter within both, the most alike first."""
        found = []
        for placed in self._around(new, metres):
            alike = compare(new, placed, metres, hours)
            if alike is not None and placed.case != new.case:
                found.append(alike)
        found.sort(key=lambda alike: (-alike.score, alike.older.at, alike.older.case))
        return found

    def all(self) -> list[Located]:
        """Everything kept, oldest first."""
        kept = [placed for within in self._cells.values() for placed in within.values()]
        return sorted(kept, key=lambda placed: (placed.at, placed.case))

    def _around(self, new: Located, metres: float) -> Iterator[Located]:
        high = metres / METRES_PER_DEGREE
        wide = high / max(cos(radians(min(abs(new.lat) + high, 90.0))), 1e-3)
        for row in range(_row(new.lat - high), _row(new.lat + high) + 1):
            for column in _columns(new.lon, wide):
                yield from self._cells.get((new.matter, column, row), {}).values()


def _columns(lon: float, wide: float) -> Iterator[int]:
    """Once around the earth at most."""
    first, last = floor((lon - wide) / CELL), floor((lon + wide) / CELL)
    for column in range(first, min(last, first + COLUMNS - 1) + 1):
        yield column % COLUMNS


def _column(lon: float) -> int:
    return floor(lon / CELL) % COLUMNS


def _row(lat: float) -> int:
    return floor(lat / CELL)
