"""An operation that the department leads; the units that it calls come, and sign off at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from case_contracts.commands import AskHelp, OperationCommand
from case_contracts.inbox import InvitationItem, OperationProgressItem
from civicgrid.sandbox.tasks import SandboxTask

ARRIVE_WITHIN = timedelta(minutes=30)
UNITS_TAKE = ("joined", "arrived", "signed_off")
LEAD_MAY: Mapping[str, frozenset[str]] = {
    "invited": frozenset({"join", "arrive", "sign_off"}),
    "joined": frozenset({"arrive", "sign_off"}),
    "arrived": frozenset({"sign_off"}),
    "signed_off": frozenset(),
}
BECOMES = {"join": "joined", "arrive": "arrived", "sign_off": "signed_off"}


@dataclass
class Operation:
    task: SandboxTask
    presence: str = "invited"

    @property
    def over(self) -> bool:
        return self.presence == "signed_off"


def refusal(operation: Operation | None, command: OperationCommand) -> str | None:
    """As joint says no to a lead."""
    if operation is None:
        return "not_your_operation"
    if operation.over:
        return "operation_is_over"
    may = command.name in LEAD_MAY[operation.presence]
    return None if may else f"unit_is_{operation.presence}"


def told(
    task: SandboxTask, command: AskHelp, head: Any, now: datetime
) -> Iterator[InvitationItem | OperationProgressItem]:
    """What the lead finds in its inbox; ``head`` gives id, cursor and department of an item."""
    assert task.operation is not None
    about = {"operation": task.operation, "case": task.item.case}
    lead = task.item.department
    called = {"grid": task.item.grid, "lead": lead, "units": command.units}
    by = now + ARRIVE_WITHIN
    yield InvitationItem.model_validate({**head(), **about, **called, "arrive_by": by})
    for unit in command.units:
        for step in UNITS_TAKE:
            done = {**head(), **about, "unit": unit, "step": step}
            yield OperationProgressItem.model_validate(done)
