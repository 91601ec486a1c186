"""A supervisor names who is to check the work instead of whom it waits for."""

from dataclasses import dataclass

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.registry import PostingStarted
from dispatch.domain.clocks import stop_clock
from dispatch.domain.evolve import evolve_all
from dispatch.domain.routing import post_party
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import Does, Step, Who, effects, text
from dispatch.domain.steps import ask_verifier
from dispatch.domain.verifying import may_verify
from dispatch.domain.world import World
from service_kit.errors import Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class NameVerifier:
    """``posting`` is the post whose holder is asked from now on."""

    by: str
    posting: str


STEP = Step(
    "name_verifier",
    text("指定核实人", "name another verifier"),
    sources=frozenset({Status.VERIFYING}),
    targets=frozenset({Status.VERIFYING}),
    who=frozenset({Who.SUPERVISOR}),
    clocks=(*effects(Does.STOPS, ClockKind.VERIFY), *effects(Does.STARTS, ClockKind.VERIFY)),
    code="nothing_to_verify",
)


def decide(state: CaseState, command: NameVerifier, context: Context) -> Decision:
    """A new round, under a limit of its own from now on."""
    world, now = context.world, context.now
    post = _post(world, command.posting, context)
    if not may_verify(state, world, now, post):
        raise Refused(
            "whoever handled or reported it, or whom it is about, does not verify it",
            code="own_work",
        )
    stopped: list[EventData] = [*stop_clock(state, ClockKind.VERIFY, now, "verifier_named")]
    return [*stopped, *ask_verifier(evolve_all(state, stopped), world, now, post_party(post))]


def _post(world: World, posting: str, context: Context) -> PostingStarted:
    spans = world.postings.by_posting.get(posting, ())
    for span in spans:
        if span.valid(context.now):
            return span.data
    raise Refused(f"nobody holds the post {posting} now", code="no_such_post")
