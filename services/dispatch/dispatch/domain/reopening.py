"""When a closed case is opened again because a reporter wishes it: the one rule, however the wish
is said (a vote, a request, on the telephone).

One dissent blocks silent closure and opens it again once; after that a higher level decides, and
its word on a closing is the last, so that a case can end (domain rules 3 and 5).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.domain.state import CaseState, Status


class Answer(StrEnum):
    """What follows from a wish."""

    REOPEN = "reopen"
    REFER = "refer"
    REFUSE = "refuse"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Answered:
    """``reason`` is a code, where the wish is refused."""

    answer: Answer
    reason: str = ""


def answer_to(state: CaseState, report: str, at: datetime, window: timedelta) -> Answered:
    """What becomes of the wish that this reporter had at that time.

    A case that is open again, and a wish that waits already, need nothing. What two people of the
    district have voided is for a higher level at once; what is void by rule stays so.
    """
    by_hand = state.voiding is not None and state.voiding.approved_at is not None
    if state.status == Status.VOIDED and not by_hand:
        return Answered(Answer.REFUSE, "voided")
    if state.status not in (Status.CLOSED, Status.VOIDED) or report in state.referred:
        return Answered(Answer.NOTHING)
    if at - _ended_at(state) > window:
        return Answered(Answer.REFUSE, "too_late")
    if state.decided:
        return Answered(Answer.REFUSE, "decided_before")
    return Answered(Answer.REFER if state.dissents or by_hand else Answer.REOPEN)


def _ended_at(state: CaseState) -> datetime:
    voided_at = state.voiding.approved_at if state.voiding else None
    ended_at = voided_at if state.status == Status.VOIDED else state.closed_at
    assert ended_at is not None
    return ended_at
