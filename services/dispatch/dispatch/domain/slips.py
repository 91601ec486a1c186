"""Slips (督办单): what they are issued for, to whom, and who is in charge."""

from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import Colour, Trigger
from case_contracts.values import Limit, Party, PartyKind, Versioned
from dispatch.domain.case_parts import Slip
from dispatch.domain.evolve_supervision import BREACHES
from dispatch.domain.routing import leader_for, leader_party
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import condition_of
from dispatch.domain.world import World
from service_kit.worktime import deadline

REPEATED = 3
"""The breach of a case that has a slip of its own."""


def triggers(state: CaseState, event: EventData, world: World) -> list[Trigger]:
    """All that the event, after which the case is in ``state``, is a reason for."""
    met: list[Trigger] = []
    if isinstance(event, events.TaskNearDue) and unattended(state):
        met.append(Trigger.NEAR_DUE)
    if isinstance(event, events.TaskOverdue):
        met.append(Trigger.OVERDUE)
        if condition_of(state, world).urgent:
            met.append(Trigger.PUBLIC_SAFETY)
    if isinstance(event, events.TaskTwiceOverdue):
        met.append(Trigger.TWICE_OVERDUE)
    if isinstance(event, events.SlipOverdue):
        met.append(Trigger.SLIP_OVERDUE)
    if isinstance(event, BREACHES) and state.breaches == REPEATED:
        met.append(Trigger.THIRD_BREACH)
    return met


def unattended(state: CaseState) -> bool:
    """Nothing has been done yet: not accepted, or no step told since, and no operation on."""
    task = state.task
    at_work = task is not None and task.moved and state.status == Status.ACCEPTED
    return state.operation is None and not at_work


def issued(state: CaseState, trigger: Trigger) -> bool:
    """Whether this assignment has a slip for it."""
    number = state.task.assignment if state.task else None
    return any(s.trigger == trigger and s.assignment == number for s in state.slips)


def by_rule(
    state: CaseState, world: World, at: datetime, trigger: Trigger, to: Party
) -> events.SlipIssued | None:
    """The slip that the rules say is issued for it, once in an assignment; None where they say
    nothing of it."""
    rule = world.supervision.slip_rule(trigger, state.matter)
    if rule is None or issued(state, trigger):
        return None
    return issue(
        state, world, at, trigger, rule.colour, to, rule.answer, rules=world.supervision.reference
    )


def issue(
    state: CaseState, world: World, at: datetime, trigger: Trigger, colour: Colour, to: Party,
    answer: Limit | None, *, rules: Versioned | None = None, by: str | None = None,
    statement: str | None = None,
) -> events.SlipIssued:  # fmt: skip
    """A slip that has to be answered within ``answer``, of the case's own calendar."""
    assert state.calendar is not None
    calendar = world.calendar(state.calendar)
    return events.SlipIssued(
        case=state.case,
        slip=f"slip:{len(state.slips) + 1}",
        colour=colour,
        trigger=trigger,
        to=to,
        leader=leader_in_charge(state, world, at, to),
        rules=rules,
        by=by,
        statement=statement,
        issued_at=at,
        answer_by=None if answer is None else deadline(at, answer, calendar),
    )


def overdue(state: CaseState, slip: Slip) -> events.SlipOverdue:
    """Its answer is late, since exactly when it was due."""
    assert slip.answer_by is not None
    return events.SlipOverdue(
        case=state.case, slip=slip.id, to=slip.to, leader=slip.leader, answer_by=slip.answer_by
    )


def leader_in_charge(state: CaseState, world: World, at: datetime, of: Party) -> Party | None:
    """Who is in charge of the department (分管领导), nearest to the case's ground; else of the
    matter and the ground. Nobody who is complained of, and not the handler itself."""
    own = frozenset({each for each in (of.person,) if each})
    if of.kind == PartyKind.DEPARTMENT:
        conflict = world.conflict(state.about, at)
        for each in world.ties.leaders(state.grids, at):
            if of.id in each.departments and conflict.person_is_free(each.person):
                return leader_party(each)
    return leader_for(state, world, at, own)
