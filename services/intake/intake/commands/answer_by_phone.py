"""What a reporter said on the telephone counts as if they had said it at their receipt."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.intake import ReopeningRequested, SatisfactionRated
from intake.domain.report import ReportState
from service_kit.store.model import Context, Decision

SAID_NOT_DONE = "not_done"


@dataclass(frozen=True)
class AnswerByPhone:
    """``by`` is the operator who wrote it down; ``since`` the closing, or the refusal, that they
    were called about."""

    by: str
    since: datetime
    solved: bool | None
    score: int | None
    wants_reopening: bool
    made_at: datetime


def answer_by_phone(state: ReportState, command: AnswerByPhone, context: Context) -> Decision:
    """``satisfaction.rated`` and ``reopening.requested``, each at most once for each closing:
    what was said at the receipt before the call stands."""
    if state.withdrawn_at is not None:
        return []
    said: list[EventData] = []
    rated = state.rating is not None and state.rating.at >= command.since
    if command.solved is not None and command.score is not None and not rated:
        said.append(
            SatisfactionRated(
                report=state.report,
                case=state.case,
                solved=command.solved,
                score=command.score,
                rated_at=command.made_at,
                by=command.by,
            )
        )
    asked = state.reopening_asked_at
    if command.wants_reopening and (asked is None or asked < command.since):
        said.append(
            ReopeningRequested(
                report=state.report,
                case=state.case,
                reason=SAID_NOT_DONE,
                requested_at=command.made_at,
                by=command.by,
            )
        )
    return said
