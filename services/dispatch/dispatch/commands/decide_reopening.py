"""A higher level decides whether a case that reporters object to again is opened once more."""

from dataclasses import dataclass

from dispatch.commands.reopen import refused, reopened
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import FINISHED, REOPENS, Need, Step, Who, text
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class DecideReopening:
    """``reason`` is a code: why it is opened again, or stays closed."""

    person: str
    reopen: bool
    reason: str


STEP = Step(
    "decide_reopening",
    text("裁定是否重开", "decide on opening it again"),
    sources=FINISHED,
    targets=FINISHED | {Status.ASSIGNED},
    who=frozenset({Who.SUPERVISOR}),
    needs=(
        Need(
            "nothing_referred",
            text("没有待裁定的重开请求", "no wish to open it again waits"),
            lambda state, _, __: bool(state.referred),
        ),
    ),
    clocks=REOPENS,
    code="nothing_referred",
)


def decide(state: CaseState, command: DecideReopening, context: Context) -> Decision:
    """One word for everybody who objected to this closing, or to its being voided; nobody who
    worked on the case or voided it, or whom the complaint is about, may give it."""
    conflict = context.world.conflict(state.about, context.now)
    if conflict.hides_from(command.person, None):
        raise NotFound(f"there is no case {state.case}")
    if command.person in (*state.handled_by, state.by, _verifier(state), *_voided(state)):
        raise Refused("whoever worked on it or reported it does not decide", code="own_work")
    if command.reopen:
        return reopened(state, state.referred[0], command.reason, context)
    return [
        refused(state, report, command.reason, context, command.person) for report in state.referred
    ]


def _voided(state: CaseState) -> tuple[str | None, ...]:
    return (state.voiding.by, state.voiding.approved_by) if state.voiding else ()


def _verifier(state: CaseState) -> str | None:
    asked = state.verification
    return asked.verifier.person if asked and asked.verifier else None
