"""What a called department may say: join, decline, arrive, sign off.

A command that changes nothing is answered by an event with the reason, so that the gateway can
tell the department. Unknown operations and those of others get the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from case_contracts import commands as said
from case_contracts.events import joint as events
from case_contracts.events.base import EventData
from joint.domain.state import OperationState, Status, Unit
from joint.domain.transitions import allowed
from service_kit.errors import Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class DepartmentCommand:
    """A command as the gateway handed it on; ``id`` is the forwarded one."""

    id: str
    department: str
    command: said.OperationCommand


def decide(state: OperationState, command: DepartmentCommand, context: Context) -> Decision:
    try:
        unit = _called(state, command)
        return HANDLERS[command.command.name](state, unit, command, context)
    except Refused as refusal:
        return [
            events.OperationCommandRefused(
                operation=state.operation,
                command=command.id,
                department=command.department,
                name=command.command.name,
                code=refusal.code,
                retry=False,
            )
        ]


def _called(state: OperationState, command: DepartmentCommand) -> Unit:
    """The unit, if it was called, the operation goes on, and the step is its to take now."""
    unit = state.unit(command.department)
    if unit is None:
        raise Refused(code="not_your_operation")
    if state.status == Status.CONCLUDED:
        raise Refused(code="operation_is_over")
    if command.command.name not in allowed(unit.presence, lead=_leads(state, unit)):
        raise Refused(code=f"unit_is_{unit.presence}")
    return unit


def _leads(state: OperationState, unit: Unit) -> bool:
    return unit.department == state.lead


class UnitFacts(TypedDict):
    """What every event about a unit says of it."""

    operation: str
    case: str
    unit: str


def _facts(state: OperationState, unit: Unit) -> UnitFacts:
    assert state.case is not None
    return UnitFacts(operation=state.operation, case=state.case, unit=unit.department)


def _join(
    state: OperationState, unit: Unit, _: DepartmentCommand, context: Context
) -> list[EventData]:
    return [events.UnitJoined(**_facts(state, unit), at=context.now)]


def _decline(
    state: OperationState, unit: Unit, command: DepartmentCommand, context: Context
) -> list[EventData]:
    assert isinstance(command.command, said.Decline)
    reason = command.command.reason
    return [events.UnitDeclined(**_facts(state, unit), at=context.now, reason=reason)]


def _arrive(
    state: OperationState, unit: Unit, _: DepartmentCommand, context: Context
) -> list[EventData]:
    assert state.arrive_by is not None
    on_time = context.now <= state.arrive_by
    return [events.UnitArrived(**_facts(state, unit), at=context.now, on_time=on_time)]


def _sign_off(
    state: OperationState, unit: Unit, _: DepartmentCommand, context: Context
) -> list[EventData]:
    signed = events.UnitSignedOff(**_facts(state, unit), at=context.now)
    if not _leads(state, unit):
        return [signed]
    assert state.case is not None
    assert state.taskid is not None
    concluded = events.OperationConcluded(
        operation=state.operation,
        case=state.case,
        taskid=state.taskid,
        by=unit.department,
        concluded_at=context.now,
    )
    return [signed, concluded]


Handler = Callable[[OperationState, Unit, DepartmentCommand, Context], list[EventData]]
HANDLERS: dict[str, Handler] = {
    "join": _join,
    "decline": _decline,
    "arrive": _arrive,
    "sign_off": _sign_off,
}
