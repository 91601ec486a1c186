"""The departments have done it together: the lead's task counts as completed by the operation."""

from dataclasses import dataclass

from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import COMPLETES, WORK, Step, Who, text
from dispatch.domain.steps import complete
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class ConcludeOperation:
    operation: str


STEP = Step(
    "conclude_operation",
    text("联合行动结束", "conclude the operation"),
    sources=WORK,
    targets=frozenset({Status.VERIFYING}),
    who=frozenset({Who.OPERATION}),
    clocks=COMPLETES,
    quiet=True,
)


def decide(state: CaseState, command: ConcludeOperation, context: Context) -> Decision:
    if state.operation != command.operation:
        return []
    return complete(state, context.world, context.now, (command.operation,))
