"""The answer to the reporters of a closed case, where none was given with the closing."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.dispatch import ClockKind
from dispatch.domain.answering import give
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import Does, Need, Step, Who, effects, text
from dispatch.domain.world import World
from service_kit.errors import NotFound
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class GiveAnswer:
    """``statement`` are the words; ``supervising``: the person may answer whoever handled it."""

    person: str
    statement: str
    supervising: bool = False


def _not_yet(state: CaseState, _world: World, _at: datetime) -> bool:
    return state.answer is None or state.answer.given_at is None


NOT_ANSWERED = Need(
    "answered_before", text("本次结案已经答复", "this closing has been answered"), _not_yet
)
STEP = Step(
    "give_answer",
    text("答复上报人", "answer the reporters"),
    sources=frozenset({Status.CLOSED}),
    targets=frozenset({Status.CLOSED}),
    who=frozenset({Who.HANDLER, Who.SUPERVISOR}),
    needs=(NOT_ANSWERED,),
    clocks=effects(Does.STOPS, ClockKind.ANSWER),
    code="not_closed",
)


def decide(state: CaseState, command: GiveAnswer, context: Context) -> Decision:
    """By a supervisor, or whose post did the work last."""
    handler = state.task.handler if state.task else None
    own = handler is not None and handler.person == command.person
    in_office = handler is not None and context.world.postings.holds(handler, context.now)
    if not (command.supervising or (own and in_office)):
        raise NotFound(f"there is no case {state.case} for you to answer")
    return give(state, command.statement, command.person, context.now)
