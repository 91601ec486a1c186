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

    A case that is open again, and a wish that waits already, need nothing.
    """
    if state.status == Status.VOIDED:
        return Answered(Answer.REFUSE, "voided")
    if state.status != Status.CLOSED or report in state.referred:
        return Answered(Answer.NOTHING)
    assert state.closed_at is not None
    if at - state.closed_at > window:
        return Answered(Answer.REFUSE, "too_late")
    if state.decided:
        return Answered(Answer.REFUSE, "decided_before")
    return Answered(Answer.REFER if state.dissents else Answer.REOPEN)
