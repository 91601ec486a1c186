"""A supervisor gives a task to its lead anew: after a lapse, or to another department."""

from dataclasses import dataclass

from case_contracts.events.dispatch import Reason
from dispatch.domain.evolve import evolve_all
from dispatch.domain.routing import Route, route
from dispatch.domain.state import CaseState, Status
from dispatch.domain.steps import assign, revoke
from service_kit.errors import Refused
from service_kit.store import Context, Decision

OPEN_WORK = (Status.ASSIGNED, Status.ACCEPTED, Status.LAPSED)


@dataclass(frozen=True)
class Reassign:
    """``by`` is the supervisor or the sweep; ``reason`` a code that the old handler is told."""

    by: str
    reason: str = "lapsed"


def decide(state: CaseState, command: Reassign, context: Context) -> Decision:
    if state.status not in OPEN_WORK or state.task is None:
        raise Refused("there is no open task to reassign", code="no_open_task")
    taken = revoke(state, context.now, command.reason)
    after = evolve_all(state, taken)
    chosen = route(after, context.world, context.now)
    reasons = (Reason(code=command.reason, refers_to=command.by), *chosen.reasons)
    again = Route(chosen.handler, chosen.charter, reasons)
    return [*taken, *assign(after, context.world, context.now, again, state.task.id)]


@dataclass(frozen=True)
class ReexamineCharter:
    """A sweep found that the charter version of this task gives no right to it any longer."""

    charter: str
    version: int


def reexamine(state: CaseState, command: ReexamineCharter, context: Context) -> Decision:
    """Take the task away if it still relies on that version; otherwise nothing changes."""
    task = state.task
    relies = (
        task is not None
        and state.status in OPEN_WORK
        and task.charter is not None
        and (task.charter.id, task.charter.version) == (command.charter, command.version)
        and not context.world.charters.holds(task.charter, context.now, state.matter)
    )
    if not relies:
        return []
    return decide(state, Reassign(by=command.charter, reason="charter_revoked"), context)
