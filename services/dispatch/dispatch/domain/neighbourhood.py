"""What everybody may know of the cases around them: figures of a month by grid, small ones left
out (domain, People's data)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from case_contracts.values import MatterClass
from dispatch.domain.shares import Step, shares
from service_kit.suppression import TOTAL, Tree, hidden, left_out, sums

CLASSES = tuple(each.value for each in MatterClass)
REST = " rest"
"""Behind a grid's code: what lies in it and in none of the grids below."""


@dataclass(frozen=True)
class Happened:
    """A case that was reported. ``path`` are its grids from the top; ``in_time`` is null while it
    is neither done nor late."""

    path: tuple[str, ...]
    matter_class: str
    in_time: bool | None


@dataclass(frozen=True)
class Public:
    """What is told of a grid and all below it; None where it is left out. ``in_time`` is the share
    of those that were due."""

    grid: str
    parent: str | None
    reported: int | None
    classes: Mapping[str, int | None]
    open: int | None
    in_time: Step | None


def public(cases: Iterable[Happened], paths: Mapping[str, Sequence[str]]) -> list[Public]:
    """Of each of the grids that are public, from the top down; ``paths`` are those above them."""
    tally = _Tally(paths)
    for case in cases:
        tally.add(case)
    return tally.public()


class _Tally:
    def __init__(self, paths: Mapping[str, Sequence[str]]) -> None:
        self._parents = {
            grid: next((each for each in reversed(path) if each in paths), None)
            for grid, path in sorted(paths.items(), key=lambda each: (len(each[1]), each[0]))
        }
        self._inner = {each for each in self._parents.values() if each is not None}
        self._classes: dict[str, Counter[str]] = {each: Counter() for each in CLASSES}
        self._open, self._due, self._in_time = Counter[str](), Counter[str](), Counter[str]()
        self._rests: dict[str, str] = {}

    def add(self, case: Happened) -> None:
        grid = next((each for each in reversed(case.path) if each in self._parents), None)
        if grid is None:
            return
        place = self._rest(grid) if grid in self._inner else grid
        self._classes[case.matter_class][place] += 1
        if case.in_time is None:
            self._open[place] += 1
        else:
            self._due[place] += 1
            self._in_time[place] += case.in_time

    def public(self) -> list[Public]:
        tree, rests = self._tree(), frozenset(self._rests)
        left = left_out(tree, self._classes, never=rests)
        open_left = hidden(tree, self._open, {}, already=left[TOTAL])
        steps = shares(tree, self._in_time, self._due)
        counts = {
            each: dict(zip(tree.names, sums(tree, of), strict=True))
            for each, of in {**self._classes, "open": self._open}.items()
        }
        found = []
        for grid, parent in self._parents.items():
            classes = {each: None if grid in left[each] else counts[each][grid] for each in CLASSES}
            total = sum(counts[each][grid] for each in CLASSES)
            told = grid not in left[TOTAL]
            found.append(
                Public(
                    grid=grid,
                    parent=parent,
                    reported=total if told else None,
                    classes=classes,
                    open=None if grid in open_left else counts["open"][grid],
                    in_time=steps.get(grid) if told else None,
                )
            )
        return found

    def _rest(self, grid: str) -> str:
        return self._rests.setdefault(grid + REST, grid) + REST

    def _tree(self) -> Tree:
        parents = {**self._parents, **self._rests}
        names = list(parents)
        places = {name: place for place, name in enumerate(names)}
        above = [parents[name] for name in names]
        return Tree(names, [None if each is None else places[each] for each in above])
