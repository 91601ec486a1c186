"""What the command centre shows: a scale for the map, and which events are told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from console.domain.live import Hint

Measure = Literal["open", "late", "opened", "found_first"]
MEASURES: tuple[Measure, ...] = ("open", "late", "opened", "found_first")
FOUND_FIRST = "found_first"
"""The share of the month's cases that patrol found before any resident, in per cent."""
STEPS = 4
MOST_TOLD = 50
SHOWN = frozenset({
    "case.opened", "task.assigned", "task.accepted", "task.returned", "task.completed",
    "task.lapsed", "task.overdue", "slip.issued", "case.escalated", "ruling.requested",
    "ruling.made", "verification.passed", "verification.failed", "case.closed", "case.reopened",
    "case.voided", "whistle.blown", "operation.convened", "unit.arrived", "operation.concluded",
})  # fmt: skip
"""Kinds of events that say something to people; the rest is bookkeeping."""
GRAVE = frozenset({"task.overdue", "task.lapsed", "slip.issued", "case.escalated"})
GOOD = frozenset({"case.closed", "verification.passed", "operation.concluded"})
RATES = ("on_time", "closed", "routed_right", "rework")
"""Indicators of a department, in the order of its row."""


@dataclass(frozen=True)
class Step:
    """A step of the scale: from ``least`` to ``most`` cases, or per cent; step 0 are none."""

    number: int
    least: int
    most: int


def scale(counts: Iterable[int]) -> list[Step]:
    """None, then equal steps up to the greatest count."""
    top = max(counts, default=0)
    wide = max(1, -(-top // STEPS))
    steps = [Step(0, 0, 0)]
    for number in range(1, STEPS + 1):
        least = (number - 1) * wide + 1
        if least <= top:
            steps.append(Step(number, least, min(number * wide, top)))
    return steps


def step_of(count: int, steps: Sequence[Step]) -> int:
    return next(step.number for step in steps if step.least <= count <= step.most)


def told(hints: Iterable[Hint]) -> list[Hint]:
    """The last ones that say something, the newest first."""
    found = [hint for hint in hints if hint.kind in SHOWN]
    return found[: -MOST_TOLD - 1 : -1]


def mood(kind: str) -> str:
    """How an event is marked: ``bad``, ``good`` or not at all."""
    if kind in GRAVE:
        return "bad"
    return "good" if kind in GOOD else ""
