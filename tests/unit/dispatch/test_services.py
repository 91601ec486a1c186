"""Disputes, on-behalf services and inquiries: the same case, other conditions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import KnowledgePublished, MediationOutcome
from case_contracts.events.registry import StandardPublished
from case_contracts.values import Versioned
from dispatch.commands.answer_inquiry import AnswerInquiry
from dispatch.commands.mediate import EndMediation, HoldMediation
from dispatch.commands.on_behalf import HandOnDocuments, ReturnResult
from dispatch.commands.open_case import OpenCase
from dispatch.commands.publish_knowledge import (
    KnowledgeAggregate,
    KnowledgeText,
    PublishKnowledge,
)
from dispatch.commands.verify import Verify
from dispatch.domain.knowledge import Knowledge
from dispatch.domain.state import Status
from dispatch.domain.world import build_standards
from service_kit.errors import CivicError, NotFound
from service_kit.store import Actor, Context
from tests.unit.dispatch.district import (
    FROM,
    IDLE,
    LITTER,
    QUARREL,
    START,
    Desk,
    filed,
    registry_events,
)

PAPERS = "service/documents/form"
SAID = "statement:1"


def opened(matter: str) -> Desk:
    desk = Desk()
    standard = next(e for e in registry_events() if isinstance(e, StandardPublished))
    example = standard.matters[0].model_copy(
        update={"code": PAPERS, "conditions": standard.matters[1].conditions}
    )
    more = standard.model_copy(update={"matters": (*standard.matters, example)})
    desk.world = replace(desk.world, standards=build_standards([more]))
    desk.do(OpenCase(filed(matter=matter)))
    return desk


def owner(desk: Desk) -> str | None:
    assert desk.state.task is not None
    return desk.state.task.handler.person


def refused(desk: Desk, command: Any) -> str:
    with pytest.raises(CivicError) as caught:
        desk.do(command)
    return caught.value.code


def test_an_agreement_completes_the_task_and_somebody_else_verifies_it() -> None:
    desk = opened(QUARREL)
    mediator = owner(desk)
    assert mediator == "p-lead"  # a quarrel is not admitted for workers

    assert desk.do(HoldMediation(mediator, SAID)) == ["mediation.held"]
    assert desk.do(HoldMediation(mediator, SAID)) == ["mediation.held"]
    assert desk.last(events.MediationHeld).number == 2
    done = desk.do(EndMediation(mediator, MediationOutcome.AGREEMENT, SAID))

    assert done[:2] == ["mediation.ended", "task.completed"]
    assert desk.state.status == Status.VERIFYING
    assert refused(desk, Verify(mediator, passed=True, confirms=True)) == "not_found"
    assert desk.state.verification is not None
    verifier = desk.state.verification.verifier
    assert verifier is not None
    assert verifier.person not in (None, mediator)


def test_a_failed_mediation_goes_up_until_it_can_only_be_passed_on() -> None:
    desk = opened(QUARREL)
    first = owner(desk)
    assert first is not None

    desk.do(EndMediation(first, MediationOutcome.FAILED, SAID))
    assert (first, owner(desk)) == ("p-lead", "p-boss")
    assert desk.last(events.TaskAssigned).reasons[0].code == "mediation_failed"
    again = EndMediation("p-boss", MediationOutcome.FAILED, SAID)
    assert refused(desk, again) == "passing_on_needed"
    passed_on = EndMediation("p-boss", MediationOutcome.PASSED_ON, SAID, "court")
    assert "task.completed" in desk.do(passed_on)


def test_passing_on_says_to_whom_and_nothing_else_does() -> None:
    desk = opened(QUARREL)
    passed_on = EndMediation("p-lead", MediationOutcome.PASSED_ON, SAID)
    assert refused(desk, passed_on) == "passed_to_missing"
    agreed = EndMediation("p-lead", MediationOutcome.AGREEMENT, SAID, "court")
    assert refused(desk, agreed) == "passed_to_missing"


@pytest.mark.parametrize(
    ("matter", "command", "code"),
    [
        (LITTER, HoldMediation("p-w1", SAID), "no_dispute"),
        (LITTER, ReturnResult("p-w1", "granted", SAID), "no_service"),
        (QUARREL, AnswerInquiry("p-lead", SAID), "no_inquiry"),
    ],
)
def test_each_belongs_to_its_class(matter: str, command: Any, code: str) -> None:
    assert refused(opened(matter), command) == code


def test_only_whose_task_it_is() -> None:
    with pytest.raises(NotFound):
        opened(QUARREL).do(HoldMediation("p-boss", SAID))


def test_papers_and_task_go_to_the_higher_hall_and_the_result_comes_back() -> None:
    desk = opened(PAPERS)
    assert owner(desk) == "p-lead"
    handed = desk.do(HandOnDocuments("p-lead", "posting:d:p-boss", ("copy:id-card",)))

    assert handed[:2] == ["documents.handed_on", "task.revoked"]
    assert desk.state.papers is not None
    assert desk.state.papers.id == "posting:d:p-boss"
    assert owner(desk) == "p-boss"
    assert desk.do(ReturnResult("p-boss", "more_needed", SAID)) == ["service.returned"]
    assert desk.state.status == Status.ASSIGNED
    assert "task.completed" in desk.do(ReturnResult("p-boss", "granted", SAID))


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("posting:u2:p-w2", "no_such_post"),
        ("posting:u1:p-w1", "matter_not_admitted"),
        ("posting:c:p-lead", "own_post"),
        ("posting:nowhere", "no_such_post"),
    ],
)
def test_papers_go_only_where_the_task_may_go(to: str, code: str) -> None:
    assert refused(opened(PAPERS), HandOnDocuments("p-lead", to, ("form:1",))) == code


def text(matter: str = "inquiry/*", **change: Any) -> KnowledgePublished:
    content = KnowledgePublished.EXAMPLE | {
        "knowledge": "knowledge:k", "version": 1, "matters": [matter], "valid_from": FROM,
    }  # fmt: skip
    return KnowledgePublished.model_validate(content | change)


def test_an_inquiry_is_answered_from_a_text_that_holds() -> None:
    desk = opened(IDLE)
    person = owner(desk)
    assert person is not None
    wanted = Versioned(id="knowledge:k", version=1)
    assert refused(desk, AnswerInquiry(person, SAID, wanted)) == "no_such_knowledge"
    desk.world = replace(desk.world, knowledge=Knowledge([text()]))

    done = desk.do(AnswerInquiry(person, SAID, wanted))

    assert done[:2] == ["inquiry.answered", "task.completed"]
    assert desk.last(events.InquiryAnswered).knowledge == wanted


def test_of_a_text_the_newest_version_that_holds_counts_until_it_is_withdrawn() -> None:
    later = START + timedelta(days=10)
    first, second = text(), text(version=2, valid_from=later)
    withdrawn = text(version=3, withdrawn=True)

    def version(known: Knowledge, at: Any) -> int | None:
        found = known.current("knowledge:k", at)
        return found.version if found else None

    assert version(Knowledge([second, first]), START) == 1
    assert version(Knowledge([first, second]), later) == 2
    assert version(Knowledge([first, second, withdrawn]), later) is None
    assert Knowledge([text("inquiry/water/*")]).about(IDLE, START) == []
    assert Knowledge([text()]).about(IDLE, START) != []
    assert version(Knowledge([text(valid_to=later)]), later) is None


def test_two_who_publish_at_once_do_not_overwrite_each_other() -> None:
    aggregate = KnowledgeAggregate()
    state = aggregate.initial("knowledge:k")
    context = Context(START, str, None, "1", "1", Actor("test"))
    content = KnowledgeText.of(text())

    [published] = aggregate.decide(state, PublishKnowledge(content, 0, "p-1"), context)
    assert isinstance(published, KnowledgePublished)
    state = aggregate.evolve(state, published)
    assert aggregate.decide(state, PublishKnowledge(content, 1, "p-2"), context) == []
    with pytest.raises(CivicError, match="after=1"):
        aggregate.decide(state, PublishKnowledge(content, 0, "p-2"), context)
    [gone] = aggregate.decide(state, PublishKnowledge(None, 1, "p-2"), context)
    assert isinstance(gone, KnowledgePublished)
    assert gone.withdrawn
    state = aggregate.evolve(state, gone)
    with pytest.raises(CivicError) as caught:
        aggregate.decide(state, PublishKnowledge(None, 2, "p-2"), context)
    assert caught.value.code == "withdrawn"
