"""Figures of departments and grids, and what stands behind each of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from assessment.domain.counted import Course, Item
from assessment.domain.formula import Formula, Indicator, Term
from assessment.domain.ledger import COUNTED, Ledger
from assessment.domain.period import Period
from assessment.domain.predicates import PREDICATES, Predicate

By = Literal["department", "grid"]
DEPARTMENT = "department:"
_Side = tuple[str, bool]  # the indicator's code, and whether it is the numerator
_Alike = tuple[str | None, frozenset[str]]


@dataclass(frozen=True)
class Figure:
    """An indicator of one subject."""

    indicator: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Counted:
    """One thing behind a figure: where it counts, and the events that it rests on."""

    case: str
    task: str | None
    numerator: bool
    denominator: bool
    events: tuple[str, ...]


Scores = dict[str, tuple[Figure, ...]]


def scores(ledger: Ledger, formula: Formula, period: Period, by: By) -> Scores:
    """The figures of every department, or of every grid with all below it."""
    counts: Counter[tuple[str | None, _Side]] = Counter()
    for name in COUNTED:
        terms = _terms(formula, name)
        for (where, answers), number in _alike(ledger, name, period, by).items():
            for side, needed in terms:
                if needed <= answers:
                    counts[(where, side)] += number
    return _figures(_spread(counts, by), formula)


def _alike(ledger: Ledger, name: str, period: Period, by: By) -> Counter[_Alike]:
    """How many there are of each place and set of true answers: every question once."""
    questions = list(PREDICATES[name].items())
    return Counter(
        (_where(item, by), frozenset([q for q, holds in questions if holds(item, period)]))
        for item in ledger.counted(name)
    )


def _terms(formula: Formula, name: str) -> list[tuple[_Side, frozenset[str]]]:
    """Which answers must be true for a side of an indicator."""
    return [
        ((indicator.code, numerator), frozenset(term.where))
        for indicator in formula.indicators
        for terms, numerator in ((indicator.numerator, True), (indicator.denominator, False))
        for term in terms
        if term.count == name
    ]


def behind(
    ledger: Ledger, indicator: Indicator, period: Period, by: By, subject: str
) -> list[Counted]:
    """Everything that counts in one figure, by case."""
    found: list[Counted] = []
    for name in COUNTED:
        above, below = _of(indicator.numerator, name), _of(indicator.denominator, name)
        if above or below:
            for item in _belonging(ledger.counted(name), by, subject):
                up, down = _any(above, item, period), _any(below, item, period)
                if up or down:
                    found.append(_counted(item, up, down))
    return sorted(found, key=lambda c: (c.case, c.events))


def _predicates(term: Term) -> list[Predicate]:
    return [PREDICATES[term.count][name] for name in term.where]


def _where(item: Item, by: By) -> str | None:
    """The handler, or the path of the case's grid."""
    if by == "department":
        return item.handler
    return item.path if isinstance(item, Course) else item.course.path


def subjects(where: str | None, by: By) -> list[str]:
    """Who is credited: the department; the grid and all above it. Posts have no score here."""
    if where is None:
        return []
    if by == "grid":
        return where.split(" ")
    return [where.removeprefix(DEPARTMENT)] if where.startswith(DEPARTMENT) else []


def _spread(counts: Counter[tuple[str | None, _Side]], by: By) -> dict[str, Counter[_Side]]:
    spread: dict[str, Counter[_Side]] = {}
    for (where, side), number in counts.items():
        for subject in subjects(where, by):
            spread.setdefault(subject, Counter())[side] += number
    return spread


def _figures(spread: dict[str, Counter[_Side]], formula: Formula) -> Scores:
    return {
        subject: tuple(
            Figure(i.code, counts[(i.code, True)], counts[(i.code, False)])
            for i in formula.indicators
        )
        for subject, counts in sorted(spread.items())
    }


def _belonging(items: Iterable[Item], by: By, subject: str) -> Iterator[Item]:
    return (item for item in items if subject in subjects(_where(item, by), by))


def _of(terms: Iterable[Term], name: str) -> list[list[Predicate]]:
    return [_predicates(term) for term in terms if term.count == name]


def _any(terms: list[list[Predicate]], item: Item, period: Period) -> bool:
    return any(all(holds(item, period) for holds in term) for term in terms)


def _counted(item: Item, numerator: bool, denominator: bool) -> Counted:
    case = item.case if isinstance(item, Course) else item.course.case
    task = None if isinstance(item, Course) else item.task
    return Counted(case, task, numerator, denominator, tuple(item.events()))


def month_key(period: str, by: str) -> str:
    """What all published scores of one month and kind have in common."""
    return f"{period}:{by}"
