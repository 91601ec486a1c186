"""The departments have done it together: the lead's task counts as completed by the operation."""

from dataclasses import dataclass

from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import complete
from service_kit.store import Context, Decision

OPEN_WORK = (Status.ASSIGNED, Status.ACCEPTED, Status.LAPSED)


@dataclass(frozen=True)
class ConcludeOperation:
    operation: str


def decide(state: CaseState, command: ConcludeOperation, context: Context) -> Decision:
    if state.operation != command.operation or state.status not in OPEN_WORK:
        return []
    return complete(state, context.world, context.now, (command.operation,))
