"""From rows to what is counted: the rows of each case are folded in their order."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from assessment.domain.counted import Course, Item, Moment, Stint
from assessment.domain.rows import Kind, Row

BY_SEQUENCE = itemgetter(Row._fields.index("sequence"))
"""Dispatch's events of a case as it counted them; the filing is intake's and fits anywhere."""
CASE_CLOCK, HANDLE_CLOCK, RECORDED = "case", "handle", "recorded"
FOUND_FIRST = "found-first"
"""Words in a row's ``code``, separated by blanks where there are several."""


@dataclass
class Ledger:
    """Everything that may be counted, by the names that formulas use."""

    stints: list[Stint] = field(default_factory=list)
    cases: list[Course] = field(default_factory=list)
    completions: list[Moment] = field(default_factory=list)
    failures: list[Moment] = field(default_factory=list)
    reopenings: list[Moment] = field(default_factory=list)

    def counted(self, name: str) -> Iterable[Item]:
        items: dict[str, Iterable[Item]] = {
            "stints": self.stints,
            "cases": self.cases,
            "completions": self.completions,
            "failures": self.failures,
            "reopenings": self.reopenings,
        }
        return items[name]


COUNTED = ("stints", "cases", "completions", "failures", "reopenings")


def fold(rows: Iterable[Row]) -> Ledger:
    """The ledger of these rows; each event once, however often it is among them. A case that is
    void counts in nothing; one that was opened again after that counts whole."""
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_case[row.case].append(row)
    ledger = Ledger()
    while by_case:
        case, own = by_case.popitem()
        if not _is_void(own):
            _Case(Course(case), ledger).fold(own)
    return ledger


def _is_void(rows: Iterable[Row]) -> bool:
    turns = [row for row in rows if row.kind in (Kind.VOIDED, Kind.REOPENED)]
    return bool(turns) and max(turns, key=BY_SEQUENCE).kind == Kind.VOIDED


class _Case:
    """One case while it is being folded."""

    def __init__(self, course: Course, ledger: Ledger) -> None:
        self.course, self.ledger = course, ledger
        self.stints: dict[tuple[str, int], Stint] = {}
        self.newest: Stint | None = None

    def fold(self, rows: list[Row]) -> None:
        once = {row.event: row for row in rows}
        for row in sorted(once.values(), key=BY_SEQUENCE):
            apply = APPLY.get(row.kind)
            if apply is not None:
                apply(self, row)
        self.course.handler = self.newest.handler if self.newest is not None else None
        self.ledger.cases.append(self.course)
        self.ledger.stints += self.stints.values()

    def stint(self, row: Row) -> Stint | None:
        return self.stints.get((row.task or "", row.assignment or 0))

    def moment(self, row: Row) -> Moment:
        known = self.newest.handler if self.newest is not None else None
        return Moment(self.course, row.handler or known, row.at, row.event, row.task)

    def opened(self, row: Row) -> None:
        course = self.course
        course.opened_at, course.opened_event, course.at = row.at, row.event, row.at
        said = (row.code or "").split()
        course.path, course.recorded = course.path or row.path, RECORDED in said
        course.found_first = FOUND_FIRST in said

    def placed(self, row: Row) -> None:
        self.course.path = row.path

    def clock(self, row: Row) -> None:
        if row.code == CASE_CLOCK:
            self.course.due, self.course.due_event = row.due, row.event

    def paused(self, row: Row) -> None:
        """Nobody is late before time runs again."""
        for limited in self._of(row):
            if limited.due is not None and row.due is not None:
                limited.due = max(limited.due, row.due)

    def moved(self, row: Row) -> None:
        for limited in self._of(row):
            if row.due is not None:
                limited.due = row.due
        if row.code == CASE_CLOCK:
            self.course.due_event = row.event

    def _of(self, row: Row) -> list[Course | Stint]:
        """What the clock is for: the case, or the task in the newest handler's hands."""
        if row.code == CASE_CLOCK:
            return [self.course]
        return [self.newest] if row.code == HANDLE_CLOCK and self.newest is not None else []

    def assigned(self, row: Row) -> None:
        task, number = row.task or "", row.assignment or 0
        self.newest = Stint(self.course, task, row.handler or "", row.at, row.due, row.event)
        self.stints[(task, number)] = self.newest

    def overdue(self, row: Row) -> None:
        stint = self.stint(row)
        if stint is not None:
            stint.overdue_event = row.event

    def taken_away(self, row: Row) -> None:
        stint = self.stint(row)
        if stint is not None:
            stint.over_at, stint.over_event = row.at, row.event

    def completed(self, row: Row) -> None:
        self.ledger.completions.append(self.moment(row))
        self.course.completed_at = row.at
        stint = self.stint(row)
        if stint is not None:
            stint.completed_at, stint.completed_event = row.at, row.event

    def passed(self, row: Row) -> None:
        if self.newest is not None and self.newest.completed_event is not None:
            self.newest.verified, self.newest.verified_event = True, row.event

    def failed(self, row: Row) -> None:
        self.ledger.failures.append(self.moment(row))

    def closed(self, row: Row) -> None:
        course = self.course
        course.closed, course.closed_at, course.closed_event = True, row.at, row.event
        if course.due is None:
            course.due = row.due
        if row.code == RECORDED:
            self.passed(row)

    def reopened(self, row: Row) -> None:
        self.course.closed = False
        self.ledger.reopenings.append(self.moment(row))


APPLY: dict[str, Callable[[_Case, Row], None]] = {
    Kind.OPENED: _Case.opened,
    Kind.PLACED: _Case.placed,
    Kind.CLOCK: _Case.clock,
    Kind.PAUSED: _Case.paused,
    Kind.MOVED: _Case.moved,
    Kind.ASSIGNED: _Case.assigned,
    Kind.OVERDUE: _Case.overdue,
    Kind.RETURNED: _Case.taken_away,
    Kind.REVOKED: _Case.taken_away,
    Kind.COMPLETED: _Case.completed,
    Kind.PASSED: _Case.passed,
    Kind.FAILED: _Case.failed,
    Kind.CLOSED: _Case.closed,
    Kind.REOPENED: _Case.reopened,
}
