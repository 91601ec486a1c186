"""The arbiter's word on who is responsible: binding, and not to be returned."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind, Reason
from case_contracts.values import Versioned
from dispatch.domain.arbiters import may_arbitrate
from dispatch.domain.case_parts import Ruling
from dispatch.domain.clocks import stop_clock
from dispatch.domain.evolve import evolve_all
from dispatch.domain.named import entitled_department, named_post
from dispatch.domain.routing import Route
from dispatch.domain.rulings import beside
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, Does, Step, Who, effects, text
from dispatch.domain.steps import assign
from dispatch.domain.succession import ENDED
from dispatch.domain.world import World
from service_kit.errors import Invalid, NotFound, Refused
from service_kit.store import Context, Decision

STEP = Step(
    "rule",
    text("裁定", "rule who is responsible"),
    sources=frozenset({Status.RULING}),
    targets=frozenset({Status.ASSIGNED}),
    who=frozenset({Who.ARBITER}),
    clocks=(*effects(Does.STOPS, ClockKind.DISPATCH), *ASSIGNS),
    code="nothing_to_rule",
)


@dataclass(frozen=True)
class Rule:
    """``lead`` is a department's id, or with ``post`` a posting's; ``charters`` are what the ruling
    rests on. ``standing_in`` lets somebody rule where no arbiter could be named; ``acting_for`` is
    the department that they act for, if any."""

    person: str
    lead: str
    post: bool
    reason: str
    statement: str | None = None
    charters: tuple[Versioned, ...] = ()
    propose: bool = False
    standing_in: bool = False
    acting_for: str | None = None


def decide(state: CaseState, command: Rule, context: Context) -> Decision:
    world, now = context.world, context.now
    asked = _asked(state, command, context)
    _charters_are_known(command, world)
    chosen = (_post if command.post else _department)(state, command, context)
    why = Reason(code=command.reason, refers_to=asked.id)
    ruled = Route(chosen.handler, chosen.charter, (why, *chosen.reasons))
    made: list[EventData] = [
        events.RulingMade(
            case=state.case,
            ruling=asked.id,
            by=command.person,
            lead=chosen.handler,
            reason=command.reason,
            statement=command.statement,
            charters=command.charters,
            matter=state.matter,
            grid=state.grid,
            propose=command.propose,
            made_at=now,
        ),
        *stop_clock(state, ClockKind.DISPATCH, now, "ruled"),
    ]
    after, task = evolve_all(state, made), context.new_id("task")
    return [*made, *assign(after, world, now, ruled, task, ruling=asked.id)]


def _asked(state: CaseState, command: Rule, context: Context) -> Ruling:
    """The question that waits for this person, who must be no party to it."""
    asked, world, now = state.ruling, context.world, context.now
    assert asked is not None
    hidden = world.conflict(state.about, now).hides_from(command.person, command.acting_for)
    named = asked.arbiter is not None and asked.arbiter.person == command.person
    stand_in = command.standing_in and asked.arbiter is None
    if hidden or not (named or stand_in):
        raise NotFound(f"no ruling on case {state.case} waits for you")
    if asked.arbiter is not None and not world.postings.holds(asked.arbiter, now):
        raise Refused("your post in that grid has ended", code=ENDED)
    if not may_arbitrate(state, world, now, command.person, command.acting_for):
        raise Refused("whoever reported or handled it does not rule on it", code="own_work")
    return asked


def _charters_are_known(command: Rule, world: World) -> None:
    for each in command.charters:
        if not world.charters.known(each):
            raise Invalid(
                f"charters: {each.id} version {each.version} was never granted; name versions"
                " that the evidence lists", code="unknown_charter",
            )  # fmt: skip


def _department(state: CaseState, command: Rule, context: Context) -> Route:
    """The right to see and act comes from a charter entry, a lead's or a support's; a ruling alone
    gives none. Raises Invalid, and what ``entitled_department`` raises."""
    department, charters = command.lead, context.world.charters
    if not any(department in each for each in charters.departments.values()):
        raise Invalid(f"lead: no department {department} has any charter",
                      code="unknown_department")  # fmt: skip
    return entitled_department(state, context.world, context.now, department)


def _post(state: CaseState, command: Rule, context: Context) -> Route:
    """Also one of the grid beside it: where the border is what they differ about."""
    if command.propose:
        raise Invalid("propose: a charter is a department's; a post has none",
                      code="nothing_to_propose")  # fmt: skip
    world = context.world
    return named_post(state, world, context.now, command.lead, beside(state, world))
