"""A higher level decides whether a case that reporters object to again is opened once more."""

from dataclasses import dataclass

from dispatch.commands.reopen import refused, reopened
from dispatch.domain.state import CaseState, Status
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class DecideReopening:
    """``reason`` is a code: why it is opened again, or stays closed."""

    person: str
    reopen: bool
    reason: str


def decide(state: CaseState, command: DecideReopening, context: Context) -> Decision:
    """One word for everybody who objected to this closing; nobody who worked on the case, or
    whom the complaint is about, may give it."""
    conflict = context.world.conflict(state.about, context.now)
    if state.status == Status.UNKNOWN or conflict.hides_from(command.person, None):
        raise NotFound(f"there is no case {state.case}")
    if state.status != Status.CLOSED or not state.referred:
        raise Refused("no wish to open this case again waits", code="nothing_referred")
    if command.person in (*state.handled_by, state.by, _verifier(state)):
        raise Refused("whoever worked on it or reported it does not decide", code="own_work")
    if command.reopen:
        return reopened(state, state.referred[0], command.reason, context)
    return [
        refused(state, report, command.reason, context, command.person) for report in state.referred
    ]


def _verifier(state: CaseState) -> str | None:
    asked = state.verification
    return asked.verifier.person if asked and asked.verifier else None
