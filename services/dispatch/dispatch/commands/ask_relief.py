"""A post-holder asks for more time: a pause (挂账) or an extension (延期)."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.values import Limit
from dispatch.domain.asking import FOR_EXTENSION, FOR_PAUSE, Wanted, ask
from dispatch.domain.own_task import own_task
from dispatch.domain.state import CaseState
from dispatch.domain.step import WORK, Step, Who, text
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class AskPause:
    """Time is to stand still until then at the latest; ``statement`` refers to words."""

    person: str
    reason: str
    until: datetime
    statement: str | None = None


@dataclass(frozen=True)
class AskExtension:
    """The limit is to be longer by this much; ``statement`` refers to words."""

    person: str
    reason: str
    limit: Limit
    statement: str | None = None


PAUSE = Step(
    "ask_task_pause",
    text("申请挂账", "ask that time stands still"),
    sources=WORK,
    targets=WORK,
    who=frozenset({Who.HANDLER}),
    needs=FOR_PAUSE,
    code="already_done",
)
EXTENSION = Step(
    "ask_task_extension",
    text("申请延期", "ask for more time"),
    sources=WORK,
    targets=WORK,
    who=frozenset({Who.HANDLER}),
    needs=FOR_EXTENSION,
    code="already_done",
)


def pause(state: CaseState, command: AskPause, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    wanted = Wanted(command.reason, command.statement, until=command.until)
    return ask(state, task, wanted, context)


def extension(state: CaseState, command: AskExtension, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    wanted = Wanted(command.reason, command.statement, limit=command.limit)
    return ask(state, task, wanted, context)
