"""A post-holder finishes a task that fell to the grid."""

from dataclasses import dataclass

from dispatch.domain.own_task import own_task
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import COMPLETES, WORK, Step, Who, text
from dispatch.domain.steps import complete, condition_of
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class CompleteTask:
    """The post-holder says that the work is done and refers to what shows it; ``answer`` are the
    words proposed for the reporters."""

    person: str
    taskid: str
    evidence: tuple[str, ...] = ()
    answer: str | None = None


STEP = Step(
    "complete_task",
    text("处理完毕", "complete the task"),
    sources=WORK,
    targets=frozenset({Status.VERIFYING}),
    who=frozenset({Who.HANDLER}),
    clocks=COMPLETES,
    code="already_done",
)


def decide(state: CaseState, command: CompleteTask, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    if task.id != command.taskid:
        raise NotFound(f"no task {command.taskid} of yours in case {state.case}")
    if condition_of(state, context.world).evidence and not command.evidence:
        raise Refused("the standard asks for evidence of the work", code="evidence_missing")
    return complete(state, context.world, context.now, command.evidence, command.answer)
