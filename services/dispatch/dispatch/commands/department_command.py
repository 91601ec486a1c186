"""What a department may say about its task. Dispatch has the last word: a command under an old
assignment number or a revoked charter is refused, with a reason, as an event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from case_contracts import commands as said
from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Party, PartyKind
from dispatch.commands.department_rows import STEPS
from dispatch.domain import machine
from dispatch.domain.asking import Wanted, ask
from dispatch.domain.case_parts import Task
from dispatch.domain.clocks import stop_clock
from dispatch.domain.evolve import evolve_all
from dispatch.domain.returning import Returned, give_back
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import accept, complete, condition_of, facts, lease_from
from dispatch.domain.world import World
from service_kit.errors import Refused
from service_kit.store import Context, Decision

RETRYABLE = frozenset({"operation_open"})


@dataclass(frozen=True)
class DepartmentCommand:
    """A command as the gateway handed it on; ``id`` is the forwarded one."""

    id: str
    department: str
    command: said.TaskCommand

    @property
    def step(self) -> str:
        """The name of its row."""
        return self.command.name


def decide(state: CaseState, command: DepartmentCommand, context: Context) -> Decision:
    try:
        task = _current(state, command, context.world, context)
        machine.check(STEPS[command.step], state, context.world, context.now)
        return HANDLERS[command.command.name](state, task, command, context)
    except Refused as refusal:
        return [
            events.CommandRefused(
                case=state.case,
                command=command.id,
                department=command.department,
                name=command.command.name,
                code=refusal.code,
                retry=refusal.code in RETRYABLE,
            )
        ]


def _current(state: CaseState, command: DepartmentCommand, world: World, context: Context) -> Task:
    """The task, if it is this department's now, under this number and a charter in force."""
    task, said_of = state.task, command.command
    if task is None or task.id != said_of.taskid:
        raise Refused(code="not_your_task")
    own = task.handler == Party(kind=PartyKind.DEPARTMENT, id=command.department)
    if task.assignment != said_of.assignment or state.status == Status.RULING:
        raise Refused(code="assignment_is_over" if own else "not_your_task")
    if not own:
        raise Refused(code="not_your_task")
    charter, charters = task.charter, world.charters
    if charter is not None and not charters.holds(charter, context.now, state.matter):
        raise Refused(code="charter_revoked")
    return task


def _accept(
    state: CaseState, task: Task, command: DepartmentCommand, context: Context
) -> list[EventData]:
    return accept(state, context.world, context.now)


def _progress(
    state: CaseState, task: Task, command: DepartmentCommand, context: Context
) -> list[EventData]:
    """Who is at work without a word of acceptance is not waited for to accept; it releases nobody
    (首接负责) until it says so."""
    step = getattr(command.command, "step", "heartbeat")
    return [
        events.TaskProgressed(
            **facts(state, task),
            step=step,
            lease_until=lease_from(state, context.world, context.now),
        ),
        *stop_clock(state, ClockKind.ACCEPT, context.now, "at_work"),
    ]


def _return(
    state: CaseState, task: Task, command: DepartmentCommand, context: Context
) -> list[EventData]:
    assert isinstance(command.command, said.Return)
    returned = Returned(command.command.reason, command.command.proposed)
    ruling = context.new_id("ruling")
    return give_back(state, context.world, context.now, task, returned, ruling)


def _complete(
    state: CaseState, task: Task, command: DepartmentCommand, context: Context
) -> list[EventData]:
    assert isinstance(command.command, said.Complete)
    evidence = command.command.evidence
    if condition_of(state, context.world).evidence and not evidence:
        raise Refused(code="evidence_missing")
    first: list[EventData] = []
    if state.status != Status.ACCEPTED:
        first = accept(state, context.world, context.now)
        state = evolve_all(state, first)
    return [*first, *complete(state, context.world, context.now, evidence)]


def _ask_help(
    state: CaseState, task: Task, command: DepartmentCommand, context: Context
) -> list[EventData]:
    assert isinstance(command.command, said.AskHelp)
    conflict = context.world.conflict(state.about, context.now)
    if not all(map(conflict.department_is_free, command.command.units)):
        raise Refused(code="conflict_of_interest")
    return [
        events.WhistleBlown(
            case=state.case,
            taskid=task.id,
            operation=context.new_id("operation"),
            by=task.handler,
            units=command.command.units,
            lead=command.department,
            grid=state.grid,
            blown_at=context.now,
            reason=command.command.reason,
            about=state.about,
        )
    ]


def _ask_for_time(
    state: CaseState, task: Task, command: DepartmentCommand, context: Context
) -> list[EventData]:
    assert isinstance(command.command, said.AskPause | said.AskExtension)
    wanted = Wanted(
        command.command.reason,
        until=getattr(command.command, "until", None),
        limit=getattr(command.command, "limit", None),
    )
    return ask(state, task, wanted, context)


Handler = Callable[[CaseState, Task, DepartmentCommand, Context], list[EventData]]
HANDLERS: dict[str, Handler] = {
    "accept": _accept,
    "heartbeat": _progress,
    "progress": _progress,
    "return": _return,
    "complete": _complete,
    "ask_help": _ask_help,
    "ask_pause": _ask_for_time,
    "ask_extension": _ask_for_time,
}


def command_of(forwarded: Any) -> DepartmentCommand:
    """From the gateway's message; only commands about tasks come here."""
    return DepartmentCommand(forwarded.id, forwarded.department, forwarded.command)
