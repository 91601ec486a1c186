"""What a reporter may do now, and until when (domain rule 3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from intake.domain.progress import Progress
from intake.domain.report import ReportState

MOST_ADDITIONS = 20


class Right(StrEnum):
    """What a receipt gives the right to."""

    ADD = "add"
    WITHDRAW = "withdraw"
    RATE = "rate"
    REOPEN = "reopen"


class Withdrawal(StrEnum):
    """Why somebody takes a report back."""

    SOLVED_ITSELF = "solved_itself"
    MISTAKE = "mistake"
    REPORTED_ELSEWHERE = "reported_elsewhere"
    NO_LONGER_WANTED = "no_longer_wanted"


class Objection(StrEnum):
    """Why somebody wants a closed case opened again."""

    NOT_DONE = "not_done"
    CAME_BACK = "came_back"
    DONE_BADLY = "done_badly"
    OTHER_PLACE = "other_place"


@dataclass(frozen=True)
class May:
    """``until`` is null where no time has been set for it."""

    right: Right
    until: datetime | None = None


def rights_of(report: ReportState, way: Progress, now: datetime, window: timedelta) -> list[May]:
    """While the case is open: add and withdraw. Once it is closed: vote on that closing, and
    within the window have it opened again; so too where people have voided it."""
    if report.withdrawn_at or report.rejected or (way.voided_at and not way.by_hand):
        return []
    if way.voided_at:
        return _objection(way, way.voided_at + window, now)
    if way.closed_at is None:
        may = [May(Right.WITHDRAW)]
        return [May(Right.ADD), *may] if report.supplements < MOST_ADDITIONS else may
    found = []
    if report.rating is None or report.rating.at < way.closed_at:
        found.append(May(Right.RATE))
    return [*found, *_objection(way, way.closed_at + window, now)]


def _objection(way: Progress, until: datetime, now: datetime) -> list[May]:
    return [May(Right.REOPEN, until)] if way.wish is None and now <= until else []
