"""One case as it stands in lists."""

from pydantic import BaseModel

from case_contracts.values import Instant, Party
from dispatch.domain.state import CaseState
from dispatch.domain.waits import waits


class WaitOut(BaseModel):
    """Something that waits: at which desk, what, and until when; ``ref`` is the slip or request."""

    desk: str
    what: str
    due_at: Instant | None
    ref: str | None = None


class Listed(BaseModel):
    """One case in a list. ``late``: its handler is; ``open_slips`` have no answer yet;
    ``escalated_to`` is the grid it went up to."""

    case: str
    status: str
    matter: str
    condition: str
    grid: str
    handler: Party | None
    reported_at: Instant
    due_at: Instant | None
    handle_by: Instant | None
    closed_at: Instant | None
    on_time: bool | None
    late: bool
    paused: bool
    open_slips: int
    reopened: int
    escalated_to: str | None
    waits: list[WaitOut]


def listed(state: CaseState) -> Listed:
    assert state.reported_at is not None
    task = state.task
    return Listed(
        case=state.case,
        status=state.status.value,
        matter=state.matter,
        condition=state.condition,
        grid=state.grid,
        handler=task.handler if task else None,
        reported_at=state.reported_at,
        due_at=state.due_at,
        handle_by=task.due_at if task else None,
        closed_at=state.closed_at,
        on_time=state.on_time,
        late=bool(task and task.overdue and state.is_open),
        paused=any(c.pause for c in state.clocks if c.stopped_at is None),
        open_slips=sum(1 for s in state.slips if s.answered_at is None),
        reopened=state.reopened,
        escalated_to=state.watch.grid if state.watch and state.is_open else None,
        waits=[WaitOut(desk=w.desk, what=w.what, due_at=w.due_at, ref=w.ref) for w in waits(state)],
    )
