"""Mediation, on-behalf services and inquiries over HTTP, with their words sealed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.integration.dispatch.test_reporters_wishes import act, happened
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import IDLE, QUARREL, filed

SAID = "双方都说对方先动手，柳岸路三号"
TEXT: dict[str, Any] = {
    "after": 0,
    "matters": ["inquiry/*"],
    "title": {"zh": "停车证", "en": "Parking permit"},
    "body": {"zh": "到街道办理。", "en": "Go to the street's centre."},
    "source": "停车管理办法第七条",
    "valid_from": "2020-01-01T00:00:00+08:00",
}


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer) as twin:
        yield twin


async def opened(twin: Twin, matter: str) -> Any:
    await twin.say(filed("case:1", matter=matter, reported_at=clock.now()), "case:1")
    return await happened(twin, events.TaskAssigned, "case:1")


async def test_what_is_said_at_a_mediation_is_sealed(dispatch: Twin, issuer: TestIssuer) -> None:
    task = await opened(dispatch, QUARREL)
    person = task.handler.person
    await act(dispatch, issuer, "case:1", "mediation/sittings", person, {"words": SAID})
    body = {"outcome": "agreement", "words": SAID}
    await act(dispatch, issuer, "case:1", "mediation", "p-nobody", body, 404)
    await act(dispatch, issuer, "case:1", "mediation", person, body)

    ended = await happened(dispatch, events.MediationEnded, "case:1")
    assert ended.statement.startswith("statement:")
    database = dispatch.runtime.database
    kept = [
        str(row)
        for name in await database.list_collection_names()
        async for row in database[name].find({})
    ]
    assert SAID not in str(kept) + str(dispatch.publisher.envelopes)
    rows = await database["statements"].count_documents({})
    assert rows == 2, "what was said with a refused request stays"


async def test_an_inquiry_is_answered_from_a_published_text(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await opened(dispatch, IDLE)
    person = task.handler.person
    words = {"words": "到街道办理。", "knowledge": {"id": "knowledge:parking", "version": 1}}
    refused = await act(dispatch, issuer, "case:1", "inquiry-answer", person, words, 409)
    assert refused["code"] == "no_such_knowledge"

    who = issuer.bearer("p-9", "knowledge.publish", "dispatch")
    answer = await dispatch.http.put("/knowledge/parking", json=TEXT, headers=who)
    assert answer.status_code == 200, answer.text
    again = await dispatch.http.put(
        "/knowledge/parking", json=TEXT | {"source": "another"}, headers=who
    )
    assert (again.status_code, again.json()["code"]) == (409, "knowledge_changed")
    [published] = dispatch.published(events.KnowledgePublished)
    await dispatch.say(published, "knowledge:parking")

    async def listed() -> bool:
        page = await dispatch.http.get(f"/knowledge?matter={IDLE}", headers=who)
        return [each["version"] for each in page.json()["texts"]] == [1]

    await eventually(listed)
    await act(dispatch, issuer, "case:1", "inquiry-answer", person, words)
    answered = await happened(dispatch, events.InquiryAnswered, "case:1")
    assert answered.knowledge.id == "knowledge:parking"

    gone = await dispatch.http.delete("/knowledge/parking?after=1", headers=who)
    assert gone.json()["withdrawn"] is True
