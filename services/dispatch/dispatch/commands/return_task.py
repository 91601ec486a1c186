"""A post-holder gives a task back: not theirs to do."""

from dataclasses import dataclass

from dispatch.domain.own_task import own_task
from dispatch.domain.returning import NOT_RULED, RETURNS, Returned, give_back
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import WORK, Step, Who, text
from service_kit.store import Context, Decision

STEP = Step(
    "return_task",
    text("退回任务", "return the task"),
    sources=WORK,
    targets=frozenset({Status.ASSIGNED, Status.RULING}),
    who=frozenset({Who.HANDLER}),
    needs=(NOT_RULED,),
    clocks=RETURNS,
    code="already_done",
)


@dataclass(frozen=True)
class ReturnTask:
    """``reason`` is a code, ``proposed`` the department that should have it instead."""

    person: str
    reason: str
    proposed: str | None = None
    statement: str | None = None


def decide(state: CaseState, command: ReturnTask, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    said = Returned(command.reason, command.proposed, command.statement)
    ruling = context.new_id("ruling")
    return give_back(state, context.world, context.now, task, said, ruling)
