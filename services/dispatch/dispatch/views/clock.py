"""The clock explained: each segment with its versions and the working spans that it counted."""

from typing import Any

from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from service_kit.worktime import explain

MAX_SPANS = 200


def explained(state: CaseState, world: World) -> dict[str, Any]:
    """Every segment of the ledger, and for those with a limit how the deadline was counted."""
    assert state.calendar is not None
    calendar = world.calendar(state.calendar)
    segments = []
    for clock in state.clocks:
        row: dict[str, Any] = clock.model_dump(mode="json")
        if clock.limit is not None:
            spans = explain(clock.started_at, clock.limit, calendar)
            row["counted"] = [
                {"from": s.start.isoformat(), "to": s.end.isoformat()} for s in spans[:MAX_SPANS]
            ]
        segments.append(row)
    return {
        "case": state.case,
        "due_at": state.due_at.isoformat() if state.due_at else None,
        "standard": state.standard.model_dump() if state.standard else None,
        "calendar": state.calendar.model_dump(),
        "zone": calendar.zone.key,
        "segments": segments,
    }
