"""Whose turn it is in one case, and what happens by itself."""

from pydantic import BaseModel

from case_contracts.values import Instant
from dispatch.domain.state import CaseState
from dispatch.domain.timers import coming
from dispatch.domain.waits import waits
from dispatch.views.listed import WaitOut


class Coming(BaseModel):
    """What happens at that time though nobody does anything, by its timer: ``acceptance`` and
    ``lease`` let the task lapse, ``pause`` ends one, the others tell what is late."""

    what: str
    at: Instant


class Turn(BaseModel):
    """``waits``: the turn first, then what waits beside it; ``coming``: the next first."""

    case: str
    waits: list[WaitOut]
    coming: list[Coming]


def turn(state: CaseState) -> Turn:
    return Turn(
        case=state.case,
        waits=[WaitOut(desk=w.desk, what=w.what, due_at=w.due_at, ref=w.ref) for w in waits(state)],
        coming=[Coming(what=name, at=at) for name, at in coming(state)],
    )
