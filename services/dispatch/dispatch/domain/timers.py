"""When a case next needs attention by itself: a limit or a lease that runs out."""

from datetime import datetime

from dispatch.domain.state import CaseState, Status
from dispatch.domain.succession import in_hands


def next_due(state: CaseState) -> datetime | None:
    """The earliest time at which something happens though nobody does anything."""
    task = state.task
    if task is None or state.recorded:
        return None
    times: list[datetime | None] = []
    if state.operation is None:
        if state.status == Status.ASSIGNED:
            times.append(task.accept_by)
        if state.status == Status.ACCEPTED:
            times.append(task.lease_until)
    if state.status in (Status.ASSIGNED, Status.ACCEPTED, Status.LAPSED) and not task.overdue:
        times.append(task.due_at)
    return min((t for t in times if t is not None), default=None)


def desk(state: CaseState) -> str | None:
    """Whose turn it is, as one word to look up by: ``department:…``, ``person:…`` or
    ``supervisor:<grid>``, and ``reopening:<grid>`` where a higher level is to say whether a
    closed case is opened again; None when it is closed."""
    if not state.is_open:
        return f"reopening:{state.grids[-1]}" if state.referred else None
    if state.status == Status.LAPSED:
        return f"supervisor:{state.grids[-1]}"
    party = in_hands(state)
    if party is None and state.status == Status.VERIFYING:
        return f"supervisor:{state.grids[-1]}"
    if party is None:
        return None
    return f"person:{party.person}" if party.person else f"{party.kind}:{party.id}"
