"""A supervisor gives the handler more time, or does not; and ends a pause before its end."""

from dataclasses import dataclass

from dispatch.domain import relief
from dispatch.domain.asking import MOVES, REQUESTED, STANDING, grant
from dispatch.domain.case_parts import Request
from dispatch.domain.own_task import own_task
from dispatch.domain.state import CaseState
from dispatch.domain.step import WORK, Does, Step, Who, effects, text
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class DecideRelief:
    """``department`` is the one that the person acts for, if any; ``reason`` is a code of why it
    is refused."""

    person: str
    department: str | None
    request: str
    grant: bool
    reason: str
    statement: str | None = None


@dataclass(frozen=True)
class ResumeClock:
    """Time runs again from now on. ``supervising``: the person may do it for others."""

    person: str
    supervising: bool


DECIDE = Step(
    "decide_relief",
    text("审批挂账、延期", "give more time, or refuse it"),
    sources=WORK,
    targets=WORK,
    who=frozenset({Who.SUPERVISOR}),
    needs=(REQUESTED,),
    clocks=MOVES,
    code="nothing_asked",
)
RESUME = Step(
    "resume_clock",
    text("恢复计时", "let time run again"),
    sources=WORK,
    targets=WORK,
    who=frozenset({Who.SUPERVISOR, Who.HANDLER}),
    needs=(STANDING,),
    clocks=effects(Does.RESUMES, *relief.MOVED),
    code="not_paused",
)


def decide(state: CaseState, command: DecideRelief, context: Context) -> Decision:
    asked = state.request
    if asked is None or asked.id != command.request:
        raise NotFound(f"no request {command.request} waits in case {state.case}")
    if _is_askers(asked, state, command):
        raise Refused("whoever asked for it, or does the work, does not grant it", code="own_work")
    if command.grant:
        return grant(state, asked, command.person, context)
    reason, statement = command.reason, command.statement
    return [relief.refuse(state, asked, command.person, reason, statement, context.now)]


def _is_askers(asked: Request, state: CaseState, command: DecideRelief) -> bool:
    own = command.person in (asked.by.person, state.by, *state.handled_by)
    return own or (command.department is not None and command.department == asked.by.id)


def resume(state: CaseState, command: ResumeClock, context: Context) -> Decision:
    if not command.supervising:
        own_task(state, command.person, context)
    return relief.resume(state, context.world, context.now, command.person)
