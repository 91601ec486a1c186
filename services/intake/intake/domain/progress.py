"""How far a case has come, in the seven steps (七步流程), for the one who reported it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.domain.report import ReportState
from intake.domain.wish import Wish, WishAnswer


class Kind(StrEnum):
    """What can have happened to a case since it was opened."""

    ASSIGNED = "assigned"
    OVERDUE = "overdue"
    DONE = "done"
    CLOSED = "closed"
    ANSWERED = "answered"
    REFERRED = "referred"
    REFUSED = "refused"
    REOPENED = "reopened"
    TOLD = "told"
    VOIDED = "voided"


class Step(StrEnum):
    """The seven steps, in their order."""

    COLLECTION = "collection"
    FILING = "filing"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    FEEDBACK = "feedback"
    VERIFICATION = "verification"
    ASSESSMENT = "assessment"


class Answering(StrEnum):
    """Who answers for the case now, in general terms: never which post, unit or person."""

    DISTRICT = "district"
    REVIEWER = "reviewer"
    DEPARTMENT = "department"
    GRID = "grid"
    VERIFIER = "verifier"


STEPS = tuple(Step)


@dataclass(frozen=True)
class Happened:
    """One thing that happened to the case; ``report`` only where it concerns one reporter.

    ``by_grid``: the work is a grid's, not a department's. ``by_hand``: people voided it, not a
    rule. ``reason`` is a code, ``statement`` refers to the words of an answer.
    """

    kind: Kind
    at: datetime
    due_at: datetime | None = None
    on_time: bool | None = None
    report: str | None = None
    by_grid: bool = False
    reason: str | None = None
    by_hand: bool = False
    statement: str | None = None


@dataclass(frozen=True)
class Answered:
    """The words for the reporters are with dispatch, under this reference."""

    statement: str
    at: datetime


@dataclass(frozen=True)
class Progress:
    """``passed`` says when each step was done with; ``step`` is the first that is not.

    ``overdue`` is what dispatch has said, never computed here: only its clock knows pauses.
    ``reopened`` counts how often the case was opened again; ``wish`` is this reporter's, to have
    it opened again; ``voided_at`` when it ended without having been dealt with, ``by_hand`` where
    people decided that; ``answer`` what the reporters were told on this closing.
    """

    step: Step
    passed: dict[Step, datetime]
    due_at: datetime | None
    overdue: bool
    closed_at: datetime | None
    notices: int
    answering: Answering | None = Answering.DISTRICT
    reopened: int = 0
    wish: Wish | None = None
    voided_at: datetime | None = None
    by_hand: bool = False
    answer: Answered | None = None

    @property
    def ended_at(self) -> datetime | None:
        """When it ended in a way that a reporter may object to; None where it did not."""
        return self.voided_at if self.voided_at and self.by_hand else self.closed_at


def progress_of(
    report: ReportState, opened_at: datetime | None, rows: Iterable[Happened]
) -> Progress:
    """Fold what happened, in the order in which it did, however it arrived."""
    happened = sorted(rows, key=lambda h: (h.at, _RANK[h.kind]))
    way = _Way(report.reported_at, opened_at)
    for each in happened:
        way.take(each)
    if way.closed_at and report.rating and report.rating.at >= way.closed_at:
        way.passed[Step.ASSESSMENT] = report.rating.at
    return Progress(
        step=next((s for s in STEPS if s not in way.passed), Step.ASSESSMENT),
        passed=way.passed,
        due_at=way.due_at,
        overdue=way.overdue,
        closed_at=way.closed_at,
        notices=sum(h.kind is Kind.TOLD and h.report == report.report for h in happened),
        answering=Answering.REVIEWER if report.waiting else way.answering,
        reopened=way.reopened,
        wish=_wish(report, happened),
        voided_at=way.voided_at,
        by_hand=way.by_hand,
        answer=way.answer,
    )


_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_AFTER_DISPATCH = (Step.HANDLING, Step.FEEDBACK, Step.VERIFICATION, Step.ASSESSMENT)
_ANSWERS = {
    Kind.REFERRED: WishAnswer.REFERRED,
    Kind.REFUSED: WishAnswer.REFUSED,
    Kind.REOPENED: WishAnswer.REOPENED,
}


class _Way:
    """Where the case is after what was taken so far."""

    def __init__(self, reported_at: datetime | None, opened_at: datetime | None) -> None:
        begun = {Step.COLLECTION: reported_at, Step.FILING: opened_at}
        self.passed = {step: at for step, at in begun.items() if at is not None}
        self.due_at: datetime | None = None
        self.overdue = False
        self.closed_at: datetime | None = None
        self.answering: Answering | None = Answering.DISTRICT
        self.reopened = 0
        self.voided_at: datetime | None = None
        self.by_hand = False
        self.answer: Answered | None = None

    def take(self, happened: Happened) -> None:
        """What only becomes of a wish, or is told, leaves the case where it is."""
        match happened.kind:
            case Kind.ASSIGNED:
                self._work_begins(happened.due_at)
                self.passed[Step.DISPATCH] = happened.at
                self.answering = Answering.GRID if happened.by_grid else Answering.DEPARTMENT
            case Kind.OVERDUE:
                self.overdue = True
            case Kind.DONE:
                self._done(happened.at)
            case Kind.CLOSED:
                self._closed(happened)
            case Kind.ANSWERED:
                self.answer = Answered(happened.statement or "", happened.at)
            case Kind.REOPENED:
                self._reopened()
            case Kind.VOIDED:
                self.answering, self.voided_at = None, happened.at
                self.by_hand = happened.by_hand

    def _work_begins(self, due_at: datetime | None) -> None:
        for step in _AFTER_DISPATCH:
            self.passed.pop(step, None)
        self.due_at, self.overdue, self.closed_at = due_at, False, None

    def _reopened(self) -> None:
        self._work_begins(None)
        self.answer, self.voided_at, self.by_hand = None, None, False
        self.answering, self.reopened = Answering.DISTRICT, self.reopened + 1

    def _done(self, at: datetime) -> None:
        """Asking somebody else to check the same work does not make it done later."""
        self.answering = Answering.VERIFIER
        for step in (Step.HANDLING, Step.FEEDBACK):
            self.passed.setdefault(step, at)

    def _closed(self, happened: Happened) -> None:
        for step in (Step.DISPATCH, Step.HANDLING, Step.FEEDBACK):
            self.passed.setdefault(step, happened.at)
        self.passed[Step.VERIFICATION] = self.closed_at = happened.at
        self.due_at, self.overdue = happened.due_at or self.due_at, happened.on_time is False
        self.answering = None


def _wish(report: ReportState, happened: Sequence[Happened]) -> Wish | None:
    """What became of the reporter's newest wish, since the ending that it is about; None where
    there is none, or the case has ended once more since then."""
    asked_at = report.dissented_at
    if asked_at is None or any(_ends(h) and h.at > asked_at for h in happened):
        return None
    endings = [h.at for h in happened if _ends(h)]
    since = max(endings, default=asked_at)
    found = Wish(asked_at, WishAnswer.WAITING)
    for each in happened:
        mine = each.kind is Kind.REOPENED or each.report == report.report
        if each.kind in _ANSWERS and mine and each.at >= since:
            found = Wish(asked_at, _ANSWERS[each.kind], each.reason)
    return found


def _ends(happened: Happened) -> bool:
    """Closed, or voided by hand: a reporter may object to either."""
    return happened.kind is Kind.CLOSED or (happened.kind is Kind.VOIDED and happened.by_hand)
