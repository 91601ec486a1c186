"""A supervisor gives a task to its lead anew: after a lapse, or to another department."""

from dataclasses import dataclass, replace

from case_contracts.events.dispatch import Reason
from dispatch.domain.case_parts import LAPSED
from dispatch.domain.evolve import evolve_all
from dispatch.domain.named import named_department, named_post
from dispatch.domain.routing import Route, route
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, REVOKES, WORK, Step, Who, text
from dispatch.domain.steps import assign, revoke
from dispatch.domain.succession import as_ruled
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Reassign:
    """``by`` is the supervisor or the sweep; ``reason`` a code that the old handler is told. To
    the ``department`` or the ``post`` that is named; else, after a lapse, to whom a ruling gave it;
    else to whom the rules give it."""

    by: str
    reason: str = LAPSED
    department: str | None = None
    post: str | None = None


STEP = Step(
    "reassign",
    text("转办", "give the task anew"),
    sources=WORK,
    targets=frozenset({Status.ASSIGNED}),
    who=frozenset({Who.SUPERVISOR}),
    clocks=(*REVOKES, *ASSIGNS),
    code="no_open_task",
)
REEXAMINE = replace(
    STEP,
    name="reexamine_charter",
    label=text("权责失效收回", "take it back when the charter ends"),
    who=frozenset({Who.TIMER}),
    quiet=True,
)


def decide(state: CaseState, command: Reassign, context: Context) -> Decision:
    assert state.task is not None
    taken = revoke(state, context.world, context.now, command.reason)
    after = evolve_all(state, taken)
    chosen = _chosen(after, command, context)
    reasons = (Reason(code=command.reason, refers_to=command.by), *chosen.reasons)
    again = Route(chosen.handler, chosen.charter, reasons)
    rework = state.task.rework
    return [*taken, *assign(after, context.world, context.now, again, state.task.id, rework=rework)]


def _chosen(state: CaseState, command: Reassign, context: Context) -> Route:
    if command.department is not None:
        return named_department(state, context.world, context.now, command.department)
    if command.post is not None:
        return named_post(state, context.world, context.now, command.post)
    if command.reason == LAPSED and state.task is not None and state.task.ruled:
        return as_ruled(state, context.world, context.now, state.task)
    return route(state, context.world, context.now)


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
        and task.charter is not None
        and (task.charter.id, task.charter.version) == (command.charter, command.version)
        and not context.world.charters.holds(task.charter, context.now, state.matter)
    )
    if not relies:
        return []
    return decide(state, Reassign(by=command.charter, reason="charter_revoked"), context)
