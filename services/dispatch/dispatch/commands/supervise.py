"""What a supervisor does by hand: press the handler, issue a slip, take the case up a level."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import Colour, Trigger
from case_contracts.values import Limit
from dispatch.domain.escalation import escalated, next_watch, taken_over
from dispatch.domain.evolve import evolve
from dispatch.domain.slips import issue
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, OPEN, REVOKES, WORK, Need, Step, Who, text
from dispatch.domain.steps import facts
from service_kit.errors import Refused
from service_kit.store import Context, Decision

_SUPERVISOR = frozenset({Who.SUPERVISOR})
_TOP = Need(
    "at_the_top",
    text("已到最高一级，其上无人可提级", "there is nobody further up who could watch over it"),
    lambda state, world, now: next_watch(state, world, now) is not None,
)
_HANDLED = OPEN - {Status.UNPLACED}

PRESS = Step(
    "press",
    text("督办", "press the handler"),
    sources=WORK,
    targets=WORK,
    who=_SUPERVISOR,
    code="no_open_task",
)
ISSUE_SLIP = Step(
    "issue_slip",
    text("发督办单", "issue a supervision slip"),
    sources=WORK,
    targets=WORK,
    who=_SUPERVISOR,
    code="no_open_task",
)
ESCALATE = Step(
    "escalate",
    text("提级关注", "take it up a level, to watch over it"),
    sources=_HANDLED,
    targets=_HANDLED,
    who=_SUPERVISOR,
    needs=(_TOP,),
)
TAKE_OVER = Step(
    "take_over",
    text("提级办理", "have the level above do it"),
    sources=WORK,
    targets=frozenset({Status.ASSIGNED}),
    who=_SUPERVISOR,
    needs=(_TOP,),
    clocks=(*REVOKES, *ASSIGNS),
    code="no_open_task",
)


@dataclass(frozen=True)
class Press:
    """``reason`` is a code, ``statement`` refers to the words to the handler."""

    by: str
    reason: str
    statement: str | None = None


@dataclass(frozen=True)
class IssueSlip:
    """``answer``: how long the answer may take; the district's rule for the colour else."""

    by: str
    colour: Colour
    statement: str | None = None
    answer: Limit | None = None


@dataclass(frozen=True)
class Escalate:
    """One level up, to watch over the case."""

    by: str
    reason: str
    statement: str | None = None


@dataclass(frozen=True)
class TakeOver:
    """One level up, to do the work: the task goes to the post there."""

    by: str
    reason: str
    statement: str | None = None


def press(state: CaseState, command: Press, context: Context) -> Decision:
    task = state.task
    assert task is not None
    _not_their_own(state, command.by)
    return [
        events.TaskPressed(
            **facts(state, task),
            by=command.by,
            reason=command.reason,
            statement=command.statement,
            pressed_at=context.now,
        )
    ]


def issue_slip(state: CaseState, command: IssueSlip, context: Context) -> Decision:
    """To whoever has the task."""
    assert state.task is not None
    _not_their_own(state, command.by)
    answer = command.answer or context.world.supervision.answer_to(command.colour)
    return [
        issue(
            state, context.world, context.now, Trigger.BY_HAND, command.colour,
            state.task.handler, answer, by=command.by, statement=command.statement,
        )
    ]  # fmt: skip


def escalate(state: CaseState, command: Escalate | TakeOver, context: Context) -> Decision:
    """The level above watches from now on; where it takes over, it has the task as well."""
    world, now = context.world, context.now
    watch = next_watch(state, world, now)
    if watch is None:
        raise Refused(_TOP.label.en, code=_TOP.code)
    takes_over = isinstance(command, TakeOver)
    up = escalated(
        state, now, watch, command.reason, by=command.by, statement=command.statement,
        takes_over=takes_over,
    )  # fmt: skip
    happened: list[EventData] = [up]
    if takes_over:
        happened += taken_over(evolve(state, up), world, now, watch, command.by)
    return happened


def _not_their_own(state: CaseState, person: str) -> None:
    handler = state.task.handler if state.task else None
    if handler is not None and handler.person == person:
        raise Refused("this is your own task: another supervisor must do that", code="own_work")
