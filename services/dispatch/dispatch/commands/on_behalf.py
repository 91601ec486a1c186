"""On-behalf services (代办): papers go from hand to hand, and the result back to the resident."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import Reason
from case_contracts.events.registry import PostingStarted
from dispatch.domain.classes import IS_SERVICE
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.own_task import own_task
from dispatch.domain.routing import Route, may_be_sent, post_party
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, COMPLETES, REVOKES, WORK, Step, Who, text
from dispatch.domain.steps import assign, complete, revoke
from dispatch.domain.world import World
from service_kit.errors import Refused
from service_kit.store import Context, Decision

MORE_NEEDED = "more_needed"


@dataclass(frozen=True)
class HandOnDocuments:
    """The papers, and with them the task, go to another post in a grid of the case: a higher hall
    takes over, or gives it back. ``documents`` are references or kinds, never contents."""

    person: str
    to: str
    documents: tuple[str, ...]


@dataclass(frozen=True)
class ReturnResult:
    """``result``: granted, refused, or more_needed, with the words for the resident."""

    person: str
    result: str
    statement: str


HAND_ON = Step(
    name="hand_on_documents",
    label=text("移交代办材料", "hand the papers on"),
    sources=WORK,
    targets=frozenset({Status.ASSIGNED}),
    who=frozenset({Who.HANDLER}),
    needs=(IS_SERVICE,),
    clocks=(*REVOKES, *ASSIGNS),
)
RETURN_RESULT = Step(
    name="return_result",
    label=text("交还办理结果", "give the result to the resident"),
    sources=WORK,
    targets=WORK | {Status.VERIFYING},
    who=frozenset({Who.HANDLER}),
    needs=(IS_SERVICE,),
    clocks=COMPLETES,
)


def hand_on(state: CaseState, command: HandOnDocuments, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    to = post_party(_post(state, command, context))
    handed = events.DocumentsHandedOn(
        case=state.case,
        taskid=task.id,
        by=command.person,
        to=to,
        documents=command.documents,
        handed_at=context.now,
    )
    after = evolve(state, handed)
    taken = revoke(after, context.world, context.now, "documents_handed_on")
    reasons = (Reason(code="documents_handed_on", refers_to=command.person),)
    after = evolve_all(after, taken)
    chosen = Route(to, None, reasons)
    return [handed, *taken, *assign(after, context.world, context.now, chosen, task.id)]


def _post(state: CaseState, command: HandOnDocuments, context: Context) -> PostingStarted:
    """The post in one of the case's grids, held by somebody else who may have to do with it."""
    world: World = context.world
    conflict = world.conflict(state.about, context.now)
    for grid in state.grids:
        for post in world.postings.in_grid(grid, context.now):
            if post.posting != command.to or not conflict.person_is_free(post.person):
                continue
            if post.person == command.person:
                raise Refused("the papers are with you already", code="own_post")
            if not may_be_sent(state, world, context.now, post):
                raise Refused("the matter is not admitted for workers", code="matter_not_admitted")
            return post
    raise Refused(f"{command.to} is no post in a grid of this case", code="no_such_post")


def return_result(state: CaseState, command: ReturnResult, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    returned: list[EventData] = [
        events.ServiceReturned(
            case=state.case,
            taskid=task.id,
            by=command.person,
            result=command.result,
            statement=command.statement,
            returned_at=context.now,
        )
    ]
    if command.result == MORE_NEEDED:
        return returned
    words = command.statement
    return [*returned, *complete(state, context.world, context.now, (words,), words)]
