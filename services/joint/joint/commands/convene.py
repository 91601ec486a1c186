"""A whistle was blown (吹哨): call the departments to report (部门报到)."""

from dataclasses import dataclass

from case_contracts.events import joint as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import WhistleBlown
from joint.domain.state import OperationState, Status
from joint.domain.world import World
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Convene:
    """Open the operation that the whistle names."""

    whistle: WhistleBlown


def decide(state: OperationState, command: Convene, context: Context) -> Decision:
    """The lead is invited too: only so does it learn of the operation that it must sign off."""
    if state.status != Status.UNKNOWN:
        return []
    world: World = context.world
    whistle = command.whistle
    arrive_by = whistle.blown_at + world.policy.arrival
    units = tuple(u for u in dict.fromkeys(whistle.units) if u != whistle.lead)
    convened = events.OperationConvened(
        operation=state.operation,
        case=whistle.case,
        taskid=whistle.taskid,
        lead=whistle.lead,
        units=units,
        grid=whistle.grid,
        convened_at=context.now,
        arrive_by=arrive_by,
        about=whistle.about,
    )
    invited: list[EventData] = [
        events.UnitInvited(
            operation=state.operation,
            case=whistle.case,
            unit=unit,
            at=context.now,
            arrive_by=arrive_by,
        )
        for unit in (whistle.lead, *units)
    ]
    return [convened, *invited]
