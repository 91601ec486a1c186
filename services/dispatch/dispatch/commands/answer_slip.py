"""The answer to a supervision slip: what was done, and what will be."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.values import PartyKind
from dispatch.domain.case_parts import Slip
from dispatch.domain.slips import overdue
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import Step, Who, text
from service_kit.errors import NotFound, Refused
from service_kit.store import Context, Decision

_ANY = frozenset(Status) - {Status.UNKNOWN, Status.UNPLACED}
STEP = Step(
    "answer_slip",
    text("答复督办单", "answer a supervision slip"),
    sources=_ANY,
    targets=_ANY,
    who=frozenset({Who.SLIP_ANSWERER}),
)


@dataclass(frozen=True)
class AnswerSlip:
    """``statement`` refers to the words; ``department`` is whom the person acts for, if any."""

    slip: str
    person: str
    statement: str
    department: str | None = None


def decide(state: CaseState, command: AnswerSlip, context: Context) -> Decision:
    """Once, by whom it was issued to or the leader in charge. A late answer is taken, and told to
    be late where no timer has come by before."""
    slip = next((each for each in state.slips if each.id == command.slip), None)
    if slip is None or not _is_theirs(slip, command, context):
        raise NotFound(f"no slip {command.slip} of yours in case {state.case}")
    if slip.answered_at is not None:
        raise Refused("the slip has its answer", code="slip_answered")
    late = slip.answer_by is not None and context.now > slip.answer_by
    missed = [overdue(state, slip)] if late and not slip.breached else []
    answered = events.SlipAnswered(
        case=state.case,
        slip=slip.id,
        by=command.person,
        statement=command.statement,
        answered_at=context.now,
        on_time=not (late or slip.breached),
    )
    return [*missed, answered]


def _is_theirs(slip: Slip, command: AnswerSlip, context: Context) -> bool:
    """The department's own people; who holds the post, or held it then; the leader in charge."""
    if slip.leader is not None and slip.leader.person == command.person:
        return True
    if slip.to.kind == PartyKind.DEPARTMENT:
        return command.department == slip.to.id
    spans = context.world.postings.by_posting.get(slip.to.id, ())
    holders = {span.data.person for span in spans if span.valid(context.now)}
    return command.person in {slip.to.person, *holders}
