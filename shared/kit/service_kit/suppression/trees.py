"""Small counts on a tree of grids: which to leave out, so that no difference gives one away.

What is shown, with the rule that a grid's count is the sum of its children's, is a system of
equations. ``bounds`` solves it as a reader could: sums over a tree make the narrowest range of
every cell exact (each in two passes). ``hidden`` leaves out every count below the threshold,
zero too, and then further ones, the smallest that help, until no cell that is left out can be
told to within a range narrower than the threshold.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

THRESHOLD = 5
"""Smaller counts are not shown (``shared/design/domain.md``, People's data)."""

UNLIMITED = 10**9


@dataclass(frozen=True)
class Tree:
    """Grids from the top down: ``parents[n]`` is the place of the n-th one's parent, None for a
    root, and smaller than n."""

    names: Sequence[str]
    parents: Sequence[int | None]
    children: Sequence[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        below: list[list[int]] = [[] for _ in self.names]
        for place, parent in enumerate(self.parents):
            if parent is not None:
                below[parent].append(place)
        object.__setattr__(self, "children", below)

    def bottom_up(self) -> Iterator[int]:
        yield from range(len(self.names) - 1, -1, -1)


@dataclass(frozen=True)
class Range:
    """The least and the most that a count can be, as far as a reader can tell."""

    least: int
    most: int

    @property
    def width(self) -> int:
        return self.most - self.least


def sums(tree: Tree, counts: Mapping[str, int]) -> list[int]:
    """The count of every grid: the lowest ones' as given (0 if not), the others' their sum."""
    found = [0] * len(tree.names)
    for place in tree.bottom_up():
        below = tree.children[place]
        found[place] = (
            sum(found[each] for each in below) if below else counts.get(tree.names[place], 0)
        )
    return found


def bounds(
    tree: Tree, values: Sequence[int], shown: Sequence[bool], caps: Sequence[int]
) -> list[Range]:
    """What a reader can tell of every cell who sees those ``shown`` and knows that none is
    negative or above its cap."""
    return narrowed(tree, _known(values, shown, caps))


def narrowed(tree: Tree, known: Sequence[Range]) -> list[Range]:
    """The same where of every cell a range is known."""
    return _downwards(tree, _upwards(tree, known))


def hidden(
    tree: Tree,
    counts: Mapping[str, int],
    caps: Mapping[str, int],
    threshold: int = THRESHOLD,
    already: Collection[str] = (),
) -> frozenset[str]:
    """The grids whose count must be left out. ``caps`` are what readers know that a count cannot
    exceed: the households of a grid. ``already`` are those left out for other reasons."""
    search = _Search(tree, counts, caps, threshold, already)
    while search.improve():
        pass
    return frozenset(tree.names[n] for n, shown in enumerate(search.shown) if not shown)


class _Search:
    """Leaves out more and more; ends at the latest when nothing is shown any longer."""

    def __init__(
        self, tree: Tree, counts: Mapping[str, int], caps: Mapping[str, int], threshold: int,
        already: Collection[str],
    ) -> None:  # fmt: skip
        self._tree = tree
        self._values = sums(tree, counts)
        known = [caps.get(name, UNLIMITED) for name in tree.names]
        self._caps = [max(cap, value) for cap, value in zip(known, self._values, strict=True)]
        nothing = [False] * len(tree.names)
        before = bounds(tree, self._values, nothing, self._caps)
        self._needed = [min(threshold, each.width) for each in before]
        self.shown = [
            value >= threshold and name not in already
            for name, value in zip(tree.names, self._values, strict=True)
        ]

    def improve(self) -> bool:
        """Leave out one more under each grid where something can be told; False if nothing can."""
        from_below = _upwards(self._tree, _known(self._values, self.shown, self._caps))
        found = _downwards(self._tree, from_below)
        done: set[int | None] = set()
        chosen: set[int] = set()
        for place, each in enumerate(found):
            if self.shown[place] or each.width >= self._needed[place]:
                continue
            top = self._nearest_shown(place)
            if top not in done:
                done.add(top)
                inside = from_below[place].width < self._needed[place]
                chosen.add(self._further(place, top, inside=inside))
        for place in chosen:
            self.shown[place] = False
        return bool(chosen)

    def _nearest_shown(self, place: int) -> int | None:
        above = self._tree.parents[place]
        while above is not None and not self.shown[above]:
            above = self._tree.parents[above]
        return above

    def _further(self, place: int, top: int | None, *, inside: bool) -> int:
        """The smallest shown count that blurs the cell: within it where what is shown of its own
        children tells it, else beside it, else the one above."""
        within = list(self._frontier(self._tree.children[place]))
        if inside and within:
            return self._smallest(within)
        tops = self._tree.children[top] if top is not None else self._roots()
        beside = [each for each in self._frontier(tops) if each not in set(within)]
        if beside:
            return self._smallest(beside)
        return top if top is not None else self._smallest(within)

    def _frontier(self, starts: Sequence[int]) -> Iterator[int]:
        """The highest shown grids at and below these."""
        waiting = list(starts)
        while waiting:
            place = waiting.pop()
            if self.shown[place]:
                yield place
            else:
                waiting += self._tree.children[place]

    def _roots(self) -> list[int]:
        return [place for place, parent in enumerate(self._tree.parents) if parent is None]

    def _smallest(self, places: Sequence[int]) -> int:
        return min(places, key=lambda place: (self._values[place], place))


def _known(values: Sequence[int], shown: Sequence[bool], caps: Sequence[int]) -> list[Range]:
    """What is said of each cell by itself."""
    return [
        Range(value, value) if told else Range(0, cap)
        for value, told, cap in zip(values, shown, caps, strict=True)
    ]


def _upwards(tree: Tree, known: Sequence[Range]) -> list[Range]:
    """What can be told of each cell from what is known of it and below it."""
    found = list(known)
    for place in tree.bottom_up():
        below = tree.children[place]
        if below:
            own = found[place]
            least = sum(found[each].least for each in below)
            most = sum(found[each].most for each in below)
            found[place] = Range(max(own.least, least), min(own.most, most))
    return found


def _downwards(tree: Tree, from_below: Sequence[Range]) -> list[Range]:
    """And from what is shown above and beside it."""
    found = list(from_below)
    for place, below in enumerate(tree.children):
        least = sum(from_below[each].least for each in below)
        most = sum(from_below[each].most for each in below)
        for each in below:
            own = from_below[each]
            found[each] = Range(
                max(own.least, found[place].least - (most - own.most)),
                min(own.most, found[place].most - (least - own.least)),
            )
    return found
