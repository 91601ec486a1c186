"""An inquiry is answered (咨询): from a published text with its source, or in own words."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from case_contracts.values import Versioned
from dispatch.domain.classes import IS_INQUIRY
from dispatch.domain.own_task import own_task
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import COMPLETES, WORK, Step, Who, text
from dispatch.domain.steps import complete
from service_kit.errors import Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class AnswerInquiry:
    """``statement`` are the words for the reporters; ``knowledge`` the text that they rest on."""

    person: str
    statement: str
    knowledge: Versioned | None = None


STEP = Step(
    name="answer_inquiry",
    label=text("答复咨询", "answer the inquiry"),
    sources=WORK,
    targets=frozenset({Status.VERIFYING}),
    who=frozenset({Who.HANDLER}),
    needs=(IS_INQUIRY,),
    clocks=COMPLETES,
)


def decide(state: CaseState, command: AnswerInquiry, context: Context) -> Decision:
    task = own_task(state, command.person, context)
    known = context.world.knowledge
    if command.knowledge and not known.answers(command.knowledge, state.matter, context.now):
        raise Refused(
            "that version of the text is not in force, or is not about this matter",
            code="no_such_knowledge",
        )
    answered = events.InquiryAnswered(
        case=state.case,
        taskid=task.id,
        by=command.person,
        knowledge=command.knowledge,
        statement=command.statement,
        answered_at=context.now,
    )
    return [
        answered,
        *complete(state, context.world, context.now, (command.statement,), command.statement),
    ]
