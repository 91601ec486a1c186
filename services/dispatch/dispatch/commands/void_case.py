"""Nobody's report stands behind the case any longer: it ends without being closed."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain.clocks import stop_clock
from dispatch.domain.evolve import evolve_all
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ENDS, OPEN, WORK, Step, Who, text
from dispatch.domain.steps import revoke
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class VoidCase:
    """``reason`` is a code that the handler is told; ``into`` the case that goes on instead;
    ``by`` who decided it, None where it followed by rule."""

    reason: str
    into: str | None = None
    by: str | None = None


STEP = Step(
    "void_case",
    text("并案作废", "void it: another case goes on"),
    sources=OPEN,
    targets=frozenset({Status.VOIDED}),
    who=frozenset({Who.INTAKE}),
    clocks=ENDS,
    quiet=True,
)


def decide(state: CaseState, command: VoidCase, context: Context) -> Decision:
    """The task is taken from its handler, every clock stops, ``case.voided``.

    A case that is closed or voided stays as it is: what was finished was finished.
    """
    now, reason = context.now, command.reason
    ended: list[EventData] = (
        revoke(state, context.world, now, reason) if state.status in WORK else []
    )
    after = evolve_all(state, ended)
    return [
        *ended,
        *(stop for kind in ClockKind for stop in stop_clock(after, kind, now, reason)),
        events.CaseVoided(
            case=state.case, reason=reason, into=command.into, by=command.by, voided_at=now
        ),
    ]
