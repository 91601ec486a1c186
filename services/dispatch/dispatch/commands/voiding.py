"""Voiding by hand: somebody asks that a case ends without being dealt with, another approves."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from dispatch.commands import void_case
from dispatch.domain.case_parts import Voiding
from dispatch.domain.own_task import own_task
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ENDS, OPEN, WORK, Need, Step, Who, text
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class RequestVoiding:
    """``reason`` is a code that the reporters are told; ``supervising``: the person may ask
    whoever handles it."""

    person: str
    reason: str
    statement: str | None = None
    supervising: bool = False


@dataclass(frozen=True)
class DecideVoiding:
    """The approver's word; ``reason`` is a code, of a refusal."""

    person: str
    approve: bool
    reason: str = "problem_is_there"
    statement: str | None = None


NOT_ASKED = Need(
    "voiding_asked",
    text("已有待批的作废申请", "a wish to void it waits already"),
    lambda state, _world, _at: state.voiding is None,
)
ASKED = Need(
    "no_voiding_asked",
    text("没有待批的作废申请", "nobody has asked to void it"),
    lambda state, _world, _at: state.voiding is not None,
)
REQUEST = Step(
    "request_voiding",
    text("申请作废", "ask to void the case"),
    sources=OPEN,
    targets=OPEN,
    who=frozenset({Who.HANDLER, Who.SUPERVISOR}),
    needs=(NOT_ASKED,),
)
DECIDE = Step(
    "decide_voiding",
    text("审批作废", "decide on voiding the case"),
    sources=OPEN,
    targets=OPEN | {Status.VOIDED},
    who=frozenset({Who.APPROVER}),
    needs=(ASKED,),
    clocks=ENDS,
)


def request(state: CaseState, command: RequestVoiding, context: Context) -> Decision:
    """By a supervisor, or the post that has the task in hand."""
    if not command.supervising:
        own_task(state, command.person, context)
        if state.status not in WORK:
            raise NotFound(f"no task of yours in case {state.case}")
    return [
        events.VoidingRequested(
            case=state.case,
            by=command.person,
            reason=command.reason,
            statement=command.statement,
            requested_at=context.now,
        )
    ]


def decide(state: CaseState, command: DecideVoiding, context: Context) -> Decision:
    """Approved, it ends; refused, it goes on as it was."""
    asked = state.voiding
    assert asked is not None
    _may_approve(state, asked, command.person, context)
    if command.approve:
        void = void_case.VoidCase(asked.reason, by=command.person)
        return void_case.decide(state, void, context)
    return [
        events.VoidingRefused(
            case=state.case,
            by=command.person,
            reason=command.reason,
            statement=command.statement,
            refused_at=context.now,
        )
    ]


def _may_approve(state: CaseState, asked: Voiding, person: str, context: Context) -> None:
    """Four eyes: neither who asked, nor who works on it or reported it."""
    if context.world.conflict(state.about, context.now).hides_from(person, None):
        raise NotFound(f"there is no case {state.case}")
    if person == asked.by:
        raise Refused("somebody else must approve what you asked for", code="own_request")
    if person in (*state.handled_by, state.by):
        raise Refused("whoever works on it or reported it does not approve", code="own_work")
