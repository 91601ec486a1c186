"""How far a case has come, in the seven steps (七步流程), for the one who reported it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.domain.report import ReportState


class Kind(StrEnum):
    """What can have happened to a case since it was opened."""

    ASSIGNED = "assigned"
    OVERDUE = "overdue"
    DONE = "done"
    CLOSED = "closed"
    REOPENED = "reopened"
    TOLD = "told"


class Step(StrEnum):
    """The seven steps, in their order."""

    COLLECTION = "collection"
    FILING = "filing"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    FEEDBACK = "feedback"
    VERIFICATION = "verification"
    ASSESSMENT = "assessment"


STEPS = tuple(Step)


@dataclass(frozen=True)
class Happened:
    """One thing that happened to the case; ``report`` only where it concerns one reporter."""

    kind: Kind
    at: datetime
    due_at: datetime | None = None
    on_time: bool | None = None
    report: str | None = None


@dataclass(frozen=True)
class Progress:
    """``passed`` says when each step was done with; ``step`` is the first that is not.

    ``overdue`` is what dispatch has said, never computed here: only its clock knows pauses.
    """

    step: Step
    passed: dict[Step, datetime]
    due_at: datetime | None
    overdue: bool
    closed_at: datetime | None
    notices: int


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
    step = next((s for s in STEPS if s not in way.passed), Step.ASSESSMENT)
    notices = sum(h.kind is Kind.TOLD and h.report == report.report for h in happened)
    return Progress(step, way.passed, way.due_at, way.overdue, way.closed_at, notices)


_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_AFTER_DISPATCH = (Step.HANDLING, Step.FEEDBACK, Step.VERIFICATION, Step.ASSESSMENT)


class _Way:
    """Where the case is after what was taken so far."""

    def __init__(self, reported_at: datetime | None, opened_at: datetime | None) -> None:
        begun = {Step.COLLECTION: reported_at, Step.FILING: opened_at}
        self.passed = {step: at for step, at in begun.items() if at is not None}
        self.due_at: datetime | None = None
        self.overdue = False
        self.closed_at: datetime | None = None

    def take(self, happened: Happened) -> None:
        match happened.kind:
            case Kind.ASSIGNED:
                self._work_begins(happened.due_at)
                self.passed[Step.DISPATCH] = happened.at
            case Kind.OVERDUE:
                self.overdue = True
            case Kind.DONE:
                self._done(happened.at)
            case Kind.CLOSED:
                self._closed(happened)
            case Kind.REOPENED:
                self._work_begins(None)
            case Kind.TOLD:
                pass

    def _work_begins(self, due_at: datetime | None) -> None:
        for step in _AFTER_DISPATCH:
            self.passed.pop(step, None)
        self.due_at, self.overdue, self.closed_at = due_at, False, None

    def _done(self, at: datetime) -> None:
        """Asking somebody else to check the same work does not make it done later."""
        for step in (Step.HANDLING, Step.FEEDBACK):
            self.passed.setdefault(step, at)

    def _closed(self, happened: Happened) -> None:
        for step in (Step.DISPATCH, Step.HANDLING, Step.FEEDBACK):
            self.passed.setdefault(step, happened.at)
        self.passed[Step.VERIFICATION] = self.closed_at = happened.at
        self.due_at, self.overdue = happened.due_at or self.due_at, happened.on_time is False
