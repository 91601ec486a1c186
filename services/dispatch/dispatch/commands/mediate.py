"""Mediation of a dispute (调解): sittings, and what came of them. What was said is sealed."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import MediationOutcome, Reason
from dispatch.domain.above import next_above
from dispatch.domain.case_parts import Mediation
from dispatch.domain.classes import IS_DISPUTE
from dispatch.domain.evolve import evolve, evolve_all
from dispatch.domain.own_task import own_task
from dispatch.domain.routing import Route, involved
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, COMPLETES, WORK, Step, Who, text
from dispatch.domain.steps import assign, complete, revoke
from service_kit.errors import Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class HoldMediation:
    """A sitting was held; ``statement`` is the sealed record of it."""

    person: str
    statement: str


@dataclass(frozen=True)
class EndMediation:
    """What came of it; ``passed_to`` names who goes on where it was passed on (a code such as
    ``court`` or ``arbitration-commission``)."""

    person: str
    outcome: MediationOutcome
    statement: str
    passed_to: str | None = None


HOLD = Step(
    name="hold_mediation",
    label=text("调解", "hold a sitting of the mediation"),
    sources=WORK,
    targets=WORK,
    who=frozenset({Who.HANDLER}),
    needs=(IS_DISPUTE,),
)
END = Step(
    name="end_mediation",
    label=text("调解结束", "end the mediation"),
    sources=WORK,
    targets=frozenset({Status.VERIFYING, Status.ASSIGNED}),
    who=frozenset({Who.HANDLER}),
    needs=(IS_DISPUTE,),
    clocks=(*COMPLETES, *ASSIGNS),
)


def hold(state: CaseState, command: HoldMediation, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    before = state.mediation or Mediation()
    return [
        events.MediationHeld(
            case=state.case,
            taskid=task.id,
            number=before.sittings + 1,
            by=command.person,
            statement=command.statement,
            held_at=context.now,
        )
    ]


def end(state: CaseState, command: EndMediation, context: Context) -> Decision:
    """An agreement, and passing it on, complete the task; where it failed the case goes to the
    next level up (难事不出街道), until there is none: then it can only be passed on."""
    task = own_task(state, command.person, context)
    passed_on = command.outcome == MediationOutcome.PASSED_ON
    if passed_on != (command.passed_to is not None):
        raise Refused("say to whom it is passed on, and only then", code="passed_to_missing")
    ended = events.MediationEnded(
        case=state.case,
        taskid=task.id,
        outcome=command.outcome,
        by=command.person,
        statement=command.statement,
        passed_to=command.passed_to,
        ended_at=context.now,
    )
    after = evolve(state, ended)
    if command.outcome == MediationOutcome.FAILED:
        return [ended, *_up(after, context)]
    return [ended, *complete(after, context.world, context.now, (command.statement,))]


def _up(state: CaseState, context: Context) -> list[EventData]:
    assert state.task is not None
    above = next_above(state, context.world, context.now, state.task.handler.grid, involved(state))
    if above is None:
        raise Refused(
            "nobody above can mediate further: pass it on to a court or a commission",
            code="passing_on_needed",
        )
    taken = revoke(state, context.world, context.now, "mediation_failed")
    reasons = (Reason(code="mediation_failed", refers_to=state.task.handler.id),)
    chosen = Route(above, None, reasons)
    after = evolve_all(state, taken)
    return [*taken, *assign(after, context.world, context.now, chosen, state.task.id)]
