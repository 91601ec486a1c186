"""A reporter's vote on a closed case: solved or not, satisfied from 1 to 5."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import SatisfactionRated
from intake.domain.report import ReportState
from service_kit.errors import Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class RateSatisfaction:
    """``closed_at`` is the last closing of the case; None while it is open."""

    solved: bool
    score: int
    closed_at: datetime | None


def rate_satisfaction(state: ReportState, command: RateSatisfaction, context: Context) -> Decision:
    """``satisfaction.rated``: one vote for each closing; it stands, and cannot be replaced.

    The same vote again changes nothing. A case that was opened again and closed again can be
    voted on again. Raises Refused ``withdrawn``, ``not_closed`` and ``already_rated``.
    """
    if state.withdrawn_at is not None:
        raise Refused("the report has been withdrawn; so has its vote", code="withdrawn")
    if command.closed_at is None:
        raise Refused("the case is not closed; rate it when it is", code="not_closed")
    before = state.rating
    if before is not None and before.at >= command.closed_at:
        if (before.solved, before.score) == (command.solved, command.score):
            return []
        raise Refused("this closing has been rated already", code="already_rated")
    return [
        SatisfactionRated(
            report=state.report,
            case=state.case,
            solved=command.solved,
            score=command.score,
            rated_at=context.now,
        )
    ]
