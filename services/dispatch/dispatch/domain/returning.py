"""A handler gives the task back: once the rules route it anew, after that an arbiter decides
(domain rule 2)."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain.arbiters import next_arbiter
from dispatch.domain.case_parts import Task
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.routing import Route, names_of, route
from dispatch.domain.rulings import Question, ask, concerned
from dispatch.domain.state import CaseState
from dispatch.domain.step import ASSIGNS, REVOKES, Does, Need, effects, text
from dispatch.domain.steps import assign, facts, revoke
from dispatch.domain.world import World
from service_kit.errors import NotYet

NOT_RULED = Need(
    "ruled",
    text("任务系裁定派遣，不得退回", "an arbiter has given the task, and it cannot be returned"),
    lambda state, _, __: state.task is None or not state.task.ruled,
)
RETURNS = (*REVOKES, *ASSIGNS, *effects(Does.STARTS, ClockKind.DISPATCH))
"""What returning does to the clocks: the next handler's runs, or that of the handing on."""

TWICE, NOBODY_ELSE = "returned_twice", "nobody_else"


@dataclass(frozen=True)
class Returned:
    """Why, to whom instead, and a reference to the words."""

    reason: str
    proposed: str | None = None
    statement: str | None = None


def give_back(
    state: CaseState, world: World, now: datetime, task: Task, said: Returned, ruling: str
) -> list[EventData]:
    """The handler's clock stops; the next one's begins, or that of the handing on. ``ruling`` is
    the id of one that may become necessary."""
    returned = events.TaskReturned(
        **facts(state, task),
        reason=said.reason,
        proposed=said.proposed,
        statement=said.statement,
        returned_at=now,
    )
    after = evolve(state, returned)
    taken = revoke(after, world, now, "returned")[1:]  # its own event says that it is over
    after = evolve_all(after, taken)
    chosen = None if state.returned_by else _elsewhere(after, world, now, task, said.proposed)
    if chosen is not None:
        return [returned, *taken, *assign(after, world, now, chosen, task.id)]
    reason = TWICE if state.returned_by else NOBODY_ELSE
    charters = concerned(after, world, now, said.proposed)
    question = Question(ruling, reason, task.handler, said.proposed, charters, said.statement)
    arbiter = next_arbiter(after, world, now)
    return [returned, *taken, *ask(after, world, now, question, arbiter)]


def _elsewhere(
    state: CaseState, world: World, at: datetime, task: Task, proposed: str | None
) -> Route | None:
    """Whom the rules find instead; None: nobody but who returned it."""
    own = names_of(task.handler)
    try:
        found = route(state, world, at, proposed=proposed, avoid=own)
    except NotYet:
        return None
    return None if names_of(found.handler) & own else found
