"""The aggregate of joint: an operation, with its units inside."""

from collections.abc import Callable, Mapping
from typing import Any

from case_contracts.events.base import EventData
from joint.commands import convene, department_command
from joint.domain.evolve import evolve
from joint.domain.state import OperationState, Status
from service_kit.store import Context, Decision

DECIDE: dict[type, Callable[[OperationState, Any, Context], Decision]] = {
    convene.Convene: convene.decide,
    department_command.DepartmentCommand: department_command.decide,
}
"""What can be asked of an operation, at a glance."""


class OperationAggregate:
    kind = "operation"
    schema = 3
    state = OperationState

    def initial(self, aggregate: str) -> OperationState:
        return OperationState(operation=aggregate)

    def evolve(self, state: OperationState, event: EventData) -> OperationState:
        return evolve(state, event)

    def decide(self, state: OperationState, command: Any, context: Context) -> Decision:
        return DECIDE[type(command)](state, command, context)

    def fields(self, state: OperationState) -> Mapping[str, Any]:
        """``case`` to look it up by; absent where no whistle was blown under this id. ``under_way``
        is the time of its beginning, until it has ended."""
        found = {} if state.case is None else {"case": state.case}
        if state.status == Status.OPEN and state.convened_at is not None:
            found["under_way"] = state.convened_at.isoformat()
        return found
