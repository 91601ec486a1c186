"""The task that is in a person's own hands."""

from dispatch.domain.case_parts import Task
from dispatch.domain.state import CaseState
from dispatch.domain.succession import ENDED
from service_kit.errors import NotFound, Refused
from service_kit.store.model import Context


def own_task(state: CaseState, person: str, context: Context) -> Task:
    """The open task of which this person's post is the handler.

    Raises NotFound where it is not theirs, Refused where it is done or the post has ended.
    """
    task = state.task
    if task is None or task.handler.person != person:
        raise NotFound(f"no task of yours in case {state.case}")
    if task.completed_at is not None or not state.is_open:
        raise Refused("the task is already done", code="already_done")
    if not context.world.postings.holds(task.handler, context.now):
        raise Refused("your post in that grid has ended", code=ENDED)
    return task
