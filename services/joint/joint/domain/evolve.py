"""What each event makes of an operation."""

from collections.abc import Callable
from typing import Any

from case_contracts.events import joint as events
from case_contracts.events.base import EventData
from joint.domain.state import OperationState, Presence, Status, Unit


def evolve(state: OperationState, event: EventData) -> OperationState:
    """Events that change nothing of the state (a refused command) leave it as it is."""
    apply = APPLY.get(type(event))
    return state if apply is None else apply(state, event)


def _convened(state: OperationState, event: events.OperationConvened) -> OperationState:
    return state.model_copy(
        update={
            "status": Status.OPEN,
            "case": event.case,
            "taskid": event.taskid,
            "grid": event.grid,
            "lead": event.lead,
            "about": event.about,
            "convened_at": event.convened_at,
            "arrive_by": event.arrive_by,
        }
    )


def _moved(presence: Presence) -> Callable[[OperationState, Any], OperationState]:
    def apply(state: OperationState, event: Any) -> OperationState:
        unit = state.unit(event.unit) or Unit(department=event.unit)
        return state.with_unit(unit.model_copy(update={"presence": presence, "reason": None}))

    return apply


def _declined(state: OperationState, event: events.UnitDeclined) -> OperationState:
    unit = Unit(department=event.unit, presence=Presence.DECLINED, reason=event.reason)
    return state.with_unit(unit)


def _arrived(state: OperationState, event: events.UnitArrived) -> OperationState:
    unit = Unit(
        department=event.unit,
        presence=Presence.ARRIVED,
        arrived_at=event.at,
        on_time=event.on_time,
    )
    return state.with_unit(unit)


def _concluded(state: OperationState, event: events.OperationConcluded) -> OperationState:
    return state.model_copy(update={"status": Status.CONCLUDED, "concluded_at": event.concluded_at})


APPLY: dict[type[EventData], Callable[[OperationState, Any], OperationState]] = {
    events.OperationConvened: _convened,
    events.UnitInvited: _moved(Presence.INVITED),
    events.UnitJoined: _moved(Presence.JOINED),
    events.UnitDeclined: _declined,
    events.UnitArrived: _arrived,
    events.UnitSignedOff: _moved(Presence.SIGNED_OFF),
    events.OperationConcluded: _concluded,
}
