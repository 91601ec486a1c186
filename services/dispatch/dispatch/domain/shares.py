"""How much was done in time, in steps so wide that no small count can be told from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from service_kit.suppression import THRESHOLD, Range, Tree, narrowed, sums

FEWEST = 20
"""Of fewer cases that were due nothing is said: a step has two counts in it at the least."""


@dataclass(frozen=True)
class Step:
    """Per cent of those due: at least ``least``, and less than ``most`` unless that is 100."""

    least: int
    most: int

    def holds(self, part: int, whole: int) -> bool:
        below = part * 100 < self.most * whole or self.most == 100
        return self.least * whole <= part * 100 and below

    def of(self, whole: int) -> Range:
        """The counts that are in it."""
        found = [part for part in range(whole + 1) if self.holds(part, whole)]
        return Range(found[0], found[-1])


STEPS = (Step(0, 50), Step(50, 70), Step(70, 80), Step(80, 90), Step(90, 100))


def shares(tree: Tree, in_time: Mapping[str, int], due: Mapping[str, int]) -> dict[str, Step]:
    """By grid, where there were enough and where it tells no small count, though a reader knew
    how many were due everywhere."""
    done, whole = sums(tree, in_time), sums(tree, due)
    steps = {
        place: next(step for step in STEPS if step.holds(done[place], whole[place]))
        for place in range(len(tree.names))
        if whole[place] >= FEWEST
    }
    while told := _told(tree, done, whole, steps):
        del steps[_uppermost(tree, told[0], steps)]
    return {tree.names[place]: step for place, step in steps.items()}


def _told(tree: Tree, done: list[int], whole: list[int], steps: Mapping[int, Step]) -> list[int]:
    """Where a small count, of those in time or of those late, can be computed."""
    known = [
        steps[place].of(count) if place in steps else Range(0, count)
        for place, count in enumerate(whole)
    ]
    return [
        place
        for place, found in enumerate(narrowed(tree, known))
        if whole[place] and found.width == 0
        and min(done[place], whole[place] - done[place]) < THRESHOLD
    ]  # fmt: skip


def _uppermost(tree: Tree, place: int, steps: Mapping[int, Step]) -> int:
    """The highest grid over it of which something is said, else any."""
    line: list[int] = []
    above: int | None = place
    while above is not None:
        line.append(above)
        above = tree.parents[above]
    return next((each for each in reversed(line) if each in steps), min(steps))
