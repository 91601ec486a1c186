"""From a report, and what happened to its case, to what its reporter is shown."""

from collections.abc import Mapping
from datetime import datetime

from case_contracts.values import Text
from intake.api.track_schemas import (
    FEW,
    AnsweringOut,
    AnswerOut,
    LimitOut,
    MayOut,
    ReasonOut,
    Status,
    StepOut,
    Tracked,
    WishOut,
)
from intake.domain.labels import REJECTIONS, STEPS, UNCLEAR
from intake.domain.policy import Policy
from intake.domain.progress import Progress
from intake.domain.report import ReportState
from intake.domain.rights import May, Right, rights_of
from intake.domain.rights_labels import (
    ANSWERING,
    LINKED,
    OBJECTIONS,
    RIGHTS,
    VOIDED,
    WISHES,
    WITHDRAWALS,
    WITHDRAWN,
    limit_in_words,
    refusal,
)
from intake.domain.wish import Wish, WishAnswer
from intake.views.progress import Names


def tracked(
    report: ReportState, way: Progress, labels: Names, others: int, policy: Policy, now: datetime
) -> Tracked:
    """Everything that the holder of the receipt may know, and nothing else."""
    assert report.reported_at is not None
    limit = labels.limit
    return Tracked(
        status=status_of(report, way),
        step=way.step,
        steps=[StepOut(step=s, name=STEPS[s], at=way.passed.get(s)) for s in STEPS],
        matter=report.matter or None,
        matter_name=labels.matter,
        condition=labels.condition_code,
        condition_name=labels.condition,
        grid_name=labels.grid,
        reported_at=report.reported_at,
        answering=_answering(report, way),
        limit=LimitOut.of(limit, limit_in_words(limit)) if limit else None,
        due_at=way.due_at,
        overdue=way.overdue,
        closed_at=way.closed_at,
        outcome=labels.closing if way.closed_at else None,
        answer=_answer(way),
        waiting_until=report.waiting.due_at if report.waiting else None,
        reason=report.rejected,
        message=_message(report, way),
        turn_to=report.turn_to,
        withdrawn_at=report.withdrawn_at,
        linked=report.link is not None or others > 0,
        others=others if others >= FEW else None,
        reopened=way.reopened,
        reopening=_wish(way.wish) if way.wish else None,
        additions=report.supplements,
        rated=report.rating is not None,
        notices=way.notices,
        may=[_may(each) for each in rights_of(report, way, now, policy.reopen_window)],
    )


def status_of(report: ReportState, way: Progress) -> Status:
    """How the report stands, in one word."""
    if report.withdrawn_at:
        return "withdrawn"
    if report.rejected:
        return "rejected"
    if report.waiting:
        return "waiting"
    if way.voided_at and way.by_hand:
        return "voided"
    if way.closed_at:
        return "closed"
    return "in_progress" if len(way.passed) > 1 else "received"


def _message(report: ReportState, way: Progress) -> Text | None:
    if report.withdrawn_at:
        return WITHDRAWN
    if report.rejected:
        return REJECTIONS[report.rejected]
    if report.waiting:
        return UNCLEAR[report.waiting.reason]
    if way.voided_at and way.by_hand:
        return VOIDED
    return LINKED if report.link else None


def _answering(report: ReportState, way: Progress) -> AnsweringOut | None:
    """Nobody for what was withdrawn or opened no case."""
    if way.answering is None or report.withdrawn_at or report.rejected:
        return None
    return AnsweringOut(code=way.answering, name=ANSWERING[way.answering])


def _answer(way: Progress) -> AnswerOut | None:
    return AnswerOut(statement=way.answer.statement, given_at=way.answer.at) if way.answer else None


def _wish(wish: Wish) -> WishOut:
    refused = wish.answer is WishAnswer.REFUSED
    return WishOut(
        asked_at=wish.asked_at,
        answer=wish.answer,
        reason=wish.reason,
        message=refusal(wish.reason) if refused else WISHES[wish.answer],
    )


def _may(may: May) -> MayOut:
    return MayOut(
        right=may.right, name=RIGHTS[may.right], until=may.until, reasons=_REASONS[may.right]
    )


def _choices(labels: Mapping[str, Text]) -> list[ReasonOut]:
    return [ReasonOut(code=str(code), name=name) for code, name in labels.items()]


_REASONS: dict[Right, list[ReasonOut]] = {
    Right.ADD: [],
    Right.WITHDRAW: _choices({code.value: name for code, name in WITHDRAWALS.items()}),
    Right.RATE: [],
    Right.REOPEN: _choices({code.value: name for code, name in OBJECTIONS.items()}),
}
