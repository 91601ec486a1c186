"""The verifier's word: passed closes the case, failed sends it back to the handler."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Party
from dispatch.domain.answering import at_closing
from dispatch.domain.case_parts import Task, Verification
from dispatch.domain.clocks import stop_clock
from dispatch.domain.evolve import evolve_all
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ASSIGNS, CLOSES, Does, Step, Who, effects, text
from dispatch.domain.steps import assign, close, condition_of
from dispatch.domain.succession import ENDED, again
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision


class _Found(TypedDict):
    case: str
    taskid: str
    round: int
    by: str
    handler: Party
    verified_at: datetime
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Verify:
    """``supervising`` lets somebody stand in where nobody could be asked; ``confirms``: what the
    handler referred to shows that the closing condition is met."""

    person: str
    passed: bool
    reason: str = "not_done"
    evidence: tuple[str, ...] = ()
    supervising: bool = False
    confirms: bool = False


STEP = Step(
    "verify",
    text("核实", "verify the work"),
    sources=frozenset({Status.VERIFYING}),
    targets=frozenset({Status.CLOSED, Status.ASSIGNED}),
    who=frozenset({Who.VERIFIER}),
    clocks=(*CLOSES, *ASSIGNS, *effects(Does.STARTS, ClockKind.ANSWER)),
    code="nothing_to_verify",
)


def decide(state: CaseState, command: Verify, context: Context) -> Decision:
    task, asked = _asked(state, command, context)
    found = _Found(
        case=state.case,
        taskid=task.id,
        round=asked.round,
        by=command.person,
        handler=task.handler,
        verified_at=context.now,
        evidence=_evidence(state, task, command, context),
    )
    if command.passed:
        assert task.completed_at is not None
        passed = events.VerificationPassed(**found)
        closed = [passed, *close(state, context.now, task.completed_at)]
        after = evolve_all(state, closed)
        return [*closed, *at_closing(after, context.world, context.now, command.person)]
    failed = events.VerificationFailed(**found, reason=command.reason)
    stopped: list[EventData] = [
        failed,
        *stop_clock(state, ClockKind.VERIFY, context.now, "failed"),
    ]
    after = evolve_all(state, stopped)
    chosen = again(after, context.world, context.now, task)
    return [
        *stopped,
        *assign(after, context.world, context.now, chosen, task.id, rework=True),
    ]


def _evidence(state: CaseState, task: Task, command: Verify, context: Context) -> tuple[str, ...]:
    """What shows it after the work: the verifier's own, and what the handler referred to where the
    verifier confirms that. Where the closing condition asks for evidence no word goes without."""
    found = (*(task.shown if command.confirms else ()), *command.evidence)
    if command.passed and not found and condition_of(state, context.world).evidence:
        raise Refused(
            "the closing condition asks for evidence: refer to your own, or confirm the handler's",
            code="evidence_missing",
        )
    return tuple(dict.fromkeys(found))


def _asked(state: CaseState, command: Verify, context: Context) -> tuple[Task, Verification]:
    """The verification that waits for this person, who must not have done the work."""
    task, asked = state.task, state.verification
    assert task is not None
    assert asked is not None
    named = asked.verifier is not None and asked.verifier.person == command.person
    stand_in = command.supervising and asked.verifier is None
    if not (named or stand_in):
        raise NotFound(f"no verification of case {state.case} waits for you")
    if asked.verifier is not None and not context.world.postings.holds(asked.verifier, context.now):
        raise Refused("your post in that grid has ended", code=ENDED)
    if command.person in state.handled_by or command.person == state.by:
        raise Refused("whoever handled or reported it does not verify it", code="own_work")
    return task, asked
