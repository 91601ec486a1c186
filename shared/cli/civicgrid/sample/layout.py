"""The tree of the sample's grids, as rectangles on a plane that ``outline`` bends into a map.

Codes: district 6 digits, street 9, community 12, base grid 13, unit grid 15. The last three
digits of a unit grid are its base grid (1) and its number in it (2), so that every grid's code
begins with its parent's.
"""

from dataclasses import dataclass, field
from random import Random

LEVELS = ("district", "street", "community", "base", "unit")
ROOT = "410199"
STREETS, COMMUNITIES, BASES, UNITS = 12, 162, 396, 1144
_DIGITS = {"street": 3, "community": 3, "base": 1, "unit": 2}
_SIDE = 1 << 24


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in whole numbers: neighbours share their edges exactly."""

    west: int
    south: int
    east: int
    north: int

    def split(self, share: float) -> tuple["Rect", "Rect"]:
        """Two parts, ``share`` in the first, cut across the longer side."""
        if self.east - self.west >= self.north - self.south:
            cut = self.west + round((self.east - self.west) * share)
            return (
                Rect(self.west, self.south, cut, self.north),
                Rect(cut, self.south, self.east, self.north),
            )
        cut = self.south + round((self.north - self.south) * share)
        return (
            Rect(self.west, self.south, self.east, cut),
            Rect(self.west, cut, self.east, self.north),
        )


@dataclass(slots=True)
class Node:
    """A grid: its code, level, rectangle and what it is divided into."""

    code: str
    level: str
    rect: Rect
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    def at(self, level: str) -> list["Node"]:
        """All grids of ``level`` within this one, in the order of their codes."""
        if self.level == level:
            return [self]
        return [node for child in self.children for node in child.at(level)]

    @property
    def path(self) -> list["Node"]:
        """From the district down to this grid."""
        return [*(self.parent.path if self.parent else []), self]


def plan(random: Random) -> Node:
    """The whole tree, with as many grids of each level as the constants say."""
    root = Node(ROOT, "district", Rect(0, 0, _SIDE, _SIDE * 3 // 4))
    parents = [root]
    for level, wanted in zip(LEVELS[1:], (STREETS, COMMUNITIES, BASES, UNITS), strict=True):
        counts = _counts(len(parents), wanted, random)
        parents = [
            child
            for parent, count in zip(parents, counts, strict=True)
            for child in _divide(parent, level, count, random)
        ]
    return root


def _counts(parents: int, wanted: int, random: Random) -> list[int]:
    """``wanted`` children shared out unevenly, at least one and at most nine times the mean."""
    counts = [1] * parents
    weights = [random.uniform(0.6, 1.4) for _ in range(parents)]
    for _ in range(wanted - parents):
        # The parent that is furthest behind its weight gets the next one.
        behind = min(range(parents), key=lambda n: (counts[n] / weights[n], n))
        counts[behind] += 1
    return counts


def _divide(parent: Node, level: str, count: int, random: Random) -> list[Node]:
    digits = _DIGITS[level]
    rects = _parts(parent.rect, count, random)
    parent.children = [
        Node(f"{parent.code}{number:0{digits}d}", level, rect, parent)
        for number, rect in enumerate(rects, start=1)
    ]
    return parent.children


def _parts(rect: Rect, count: int, random: Random) -> list[Rect]:
    if count == 1:
        return [rect]
    first = count // 2
    even = first / count
    one, other = rect.split(even * random.uniform(0.86, 1.14))
    return [*_parts(one, first, random), *_parts(other, count - first, random)]
