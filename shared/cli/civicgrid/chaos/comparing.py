"""Two runs of the same replay beside each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.table import Table

from civicgrid.chaos.course import STEPS, Told, totals
from civicgrid.show import table

MOST = 12
LAPSED, GIVEN, ACCEPTED = "tasks lapsed 失约", "tasks given 派遣", "tasks accepted 接收"
ONLY_LAPSES = (LAPSED, GIVEN, ACCEPTED)
"""What may differ: a task that lapsed is given and accepted once more."""


@dataclass(frozen=True)
class Line:
    """So many undisturbed, so many disturbed. ``may_differ``: it follows from lapses."""

    label: str
    undisturbed: int
    disturbed: int

    @property
    def may_differ(self) -> bool:
        return self.label in ONLY_LAPSES

    @property
    def wrong(self) -> bool:
        return self.undisturbed != self.disturbed and not self.may_differ


Cases = Mapping[str, Told]
"""By what is the same in both runs: the ref of the report."""


def lines(undisturbed: Cases, disturbed: Cases) -> list[Line]:
    """All that is compared, in the order of a case's way."""
    one, other = list(undisturbed.values()), list(disturbed.values())
    first, second = totals(one), totals(other)
    return [
        Line("cases 案卷", len(one), len(other)),
        Line("  ended closed 终态结案", _closed(one), _closed(other)),
        Line(LAPSED, sum(each.lapses for each in one), sum(each.lapses for each in other)),
        Line(GIVEN, sum(each.given for each in one), sum(each.given for each in other)),
        Line(ACCEPTED, sum(t.accepted for t in one), sum(t.accepted for t in other)),
        *(Line(f"  {step}", first[step], second[step]) for step in STEPS),
    ]


def differing(undisturbed: Cases, disturbed: Cases) -> Iterator[str]:
    """Each case that took another course, and what of it differs."""
    for case in sorted(undisturbed.keys() | disturbed.keys()):
        one, other = undisturbed.get(case), disturbed.get(case)
        if one is None or other is None:
            yield f"{case} is in one of the runs alone"
        elif one.course != other.course:
            yield f"{case}: {_said(one, other)}"


def render(found: list[Line]) -> Table:
    """One row a line; the differences that must not be are marked."""
    columns = ("what 项目", "undisturbed 平静#", "disturbed 干扰#", "difference 差#", "")
    shown = [
        (each.label, each.undisturbed, each.disturbed, _difference(each),
         "WRONG 不应有差" if each.wrong else "")
        for each in found
    ]  # fmt: skip
    return table("the same replay twice 同一回放两次", columns, shown)


def _said(one: Told, other: Told) -> str:
    parts = (
        (one.course.handlers, other.course.handlers),
        (sorted(one.course.steps), sorted(other.course.steps)),
        (one.course.ended, other.course.ended),
    )
    return "; ".join(
        f"{before} undisturbed, {after} disturbed" for before, after in parts if before != after
    )


def _closed(cases: list[Told]) -> int:
    return sum(each.course.ended == "closed" for each in cases)


def _difference(line: Line) -> str:
    difference = line.disturbed - line.undisturbed
    return f"{difference:+d}" if difference else ""
