"""A post-holder finishes a task that fell to the grid."""

from dataclasses import dataclass

from dispatch.domain.state import CaseState
from dispatch.domain.steps import complete, condition_of
from dispatch.domain.succession import ENDED
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class CompleteTask:
    """The post-holder says that the work is done and refers to what shows it."""

    person: str
    taskid: str
    evidence: tuple[str, ...] = ()


def decide(state: CaseState, command: CompleteTask, context: Context) -> Decision:
    task = state.task
    if task is None or task.id != command.taskid or task.handler.person != command.person:
        raise NotFound(f"no task {command.taskid} of yours in case {state.case}")
    if task.completed_at is not None or not state.is_open:
        raise Refused("the task is already done", code="already_done")
    if not context.world.postings.holds(task.handler, context.now):
        raise Refused("your post in that grid has ended", code=ENDED)
    if condition_of(state, context.world).evidence and not command.evidence:
        raise Refused("the standard asks for evidence of the work", code="evidence_missing")
    return complete(state, context.world, context.now, command.evidence)
