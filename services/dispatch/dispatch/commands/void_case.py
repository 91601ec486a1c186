"""Nobody's report stands behind the case any longer: it ends without being closed."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain.evolve import evolve_all
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import revoke, stop_clock
from service_kit.errors import NotYet
from service_kit.store import Context, Decision

IN_HANDS = (Status.ASSIGNED, Status.ACCEPTED, Status.LAPSED)


@dataclass(frozen=True)
class VoidCase:
    """``reason`` is a code that the handler is told; ``into`` the case that goes on instead;
    ``by`` who decided it, None where it followed by rule."""

    reason: str
    into: str | None = None
    by: str | None = None


def decide(state: CaseState, command: VoidCase, context: Context) -> Decision:
    """The task is taken from its handler, every clock stops, ``case.voided``.

    A case that is closed or voided stays as it is: what was finished was finished. Raises NotYet
    while the case itself has not arrived.
    """
    if state.status == Status.UNKNOWN:
        raise NotYet(f"case {state.case} has not arrived")
    if not state.is_open:
        return []
    now, reason = context.now, command.reason
    ended: list[EventData] = revoke(state, now, reason) if state.status in IN_HANDS else []
    after = evolve_all(state, ended)
    return [
        *ended,
        *(stop for kind in ClockKind for stop in stop_clock(after, kind, now, reason)),
        events.CaseVoided(
            case=state.case, reason=reason, into=command.into, by=command.by, voided_at=now
        ),
    ]
