"""One of the posts that an emergency was told to takes the task: the first one is its handler."""

from dataclasses import dataclass

from case_contracts.events.dispatch import Reason
from dispatch.commands.department_rows import NO_OPERATION
from dispatch.domain.case_parts import TAKEN
from dispatch.domain.evolve import evolve_all
from dispatch.domain.routing import Route, may_have
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, REVOKES, Need, Step, Who, text
from dispatch.domain.steps import assign, revoke
from dispatch.domain.succession import ENDED
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Take:
    """The post-holder is on the way."""

    person: str


STEP = Step(
    "take",
    text("紧急接手", "take the emergency"),
    sources=frozenset({Status.ASSIGNED, Status.LAPSED}),
    targets=frozenset({Status.ASSIGNED}),
    who=frozenset({Who.ALERTED}),
    needs=(
        Need(
            "nobody_alerted",
            text("没有紧急通知", "nobody was alerted"),
            lambda state, _, __: bool(state.alerted),
        ),
        Need(
            "already_taken",
            text("已有人接手", "somebody has taken it already"),
            lambda state, _, __: state.task is not None and not state.task.taken,
        ),
        NO_OPERATION,
    ),
    clocks=(*REVOKES, *ASSIGNS),
    code="already_accepted",
)


def decide(state: CaseState, command: Take, context: Context) -> Decision:
    """Of two who take it at once the second is refused, ``already_taken``."""
    post = next((p for p in state.alerted if p.person == command.person), None)
    if post is None or state.task is None:
        raise NotFound(f"case {state.case} was not told to you as an emergency")
    if not context.world.postings.holds(post, context.now):
        raise Refused("your post in that grid has ended", code=ENDED)
    if not may_have(state, context.world, context.now, post):
        raise Refused(
            f"{state.matter} is no longer admitted for grid workers: leave it to who has it, or"
            " have the matter admitted again", code="matter_not_admitted",
        )  # fmt: skip
    taken = revoke(state, context.world, context.now, TAKEN)
    after = evolve_all(state, taken)
    chosen = Route(post, None, (Reason(code=TAKEN, refers_to=post.id),))
    return [*taken, *assign(after, context.world, context.now, chosen, state.task.id)]
