"""Answers, voiding and statements over HTTP, with canaries: what people wrote is nowhere else."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.intake import ReopeningRequested
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import LITTER, filed

PROPOSED = "金丝雀答复一：已清扫干净"
WHY = "金丝雀理由二：现场没有垃圾"
CANARIES = ("金丝雀",)


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer, tick_seconds=0.05) as twin:
        yield twin


@pytest.fixture
def people(dispatch: Twin, issuer: TestIssuer) -> "People":
    return People(dispatch, issuer)


class People:
    """Who asks dispatch, by their scopes."""

    def __init__(self, twin: Twin, issuer: TestIssuer) -> None:
        self.twin, self._issuer = twin, issuer

    async def post(
        self, person: str, path: str, body: dict[str, Any], scopes: str = "cases.verify",
        status: int = 200,
    ) -> Any:  # fmt: skip
        who = self._issuer.bearer(person, scopes, "dispatch")
        answer = await self.twin.http.post(path, json=body, headers=who)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, person: str, path: str, scopes: str, status: int = 200) -> Any:
        who = self._issuer.bearer(person, scopes, "dispatch")
        answer = await self.twin.http.get(path, headers=who)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def open(self, case: str) -> str:
        await self.twin.say(filed(case, matter=LITTER, reported_at=clock.now()), case)
        await eventually(lambda: self._of(events.TaskAssigned, case))
        await eventually(lambda: self.twin.runtime.database["view_case"].find_one({"_id": case}))
        found: str = self._of(events.TaskAssigned, case)[-1].taskid
        return found

    async def done(self, case: str, answer: str | None = None) -> None:
        """The grid's worker does it, the leader checks it."""
        taskid = await self.open(case)
        body = {"taskid": taskid, **({"answer": answer} if answer else {})}
        await self.post("p-w1", f"/cases/{case}/completion", body)
        await self.post("p-lead", f"/cases/{case}/verification", {"passed": True})

    def given(self, case: str) -> str:
        found: str = self._of(events.AnswerGiven, case)[-1].statement
        return found

    def _of(self, kind: Any, case: str) -> list[Any]:
        return [e for e in self.twin.published(kind) if e.case == case]


async def test_a_given_answer_is_read_without_a_token_by_its_reference_and_no_other_statement_is(
    people: People, dispatch: Twin
) -> None:
    await people.done("case:1", PROPOSED)
    found = await dispatch.http.get(f"/answers/{people.given('case:1')}")
    assert (found.status_code, found.json()["words"]) == (200, PROPOSED)
    assert found.headers["cache-control"] == "no-store"

    taskid = await people.open("case:2")
    proposed = await people.post(
        "p-w1", "/cases/case:2/completion", {"taskid": taskid, "answer": "还没核实"}
    )
    not_given = await dispatch.http.get(f"/answers/{proposed['answer']['statement']}")
    unknown = await dispatch.http.get(f"/answers/statement:{'0' * 36}")
    assert (not_given.status_code, unknown.status_code) == (404, 404)
    assert not_given.json()["detail"] == unknown.json()["detail"]
    assert (await dispatch.http.get("/answers/nonsense")).status_code == 422


async def test_a_case_without_an_answer_waits_at_its_desk_until_somebody_answers(
    people: People, dispatch: Twin
) -> None:
    await people.done("case:1")
    supervises = "cases.read cases.supervise"
    desk = await people.get("p-boss", "/cases?desk=answers:d", supervises)
    assert [each["case"] for each in desk["cases"]] == ["case:1"]
    await people.post("p-w2", "/cases/case:1/answer", {"words": PROPOSED}, status=404)
    await people.post("p-boss", "/cases/case:1/answer", {"words": PROPOSED}, supervises)
    assert (await people.get("p-boss", "/cases?desk=answers:d", supervises))["cases"] == []
    found = await dispatch.http.get(f"/answers/{people.given('case:1')}")
    assert found.json()["words"] == PROPOSED


async def test_two_people_void_a_case_and_a_reporter_may_object(
    people: People, dispatch: Twin
) -> None:
    await people.open("case:1")
    asked = {"reason": "no_such_problem", "statement": WHY}
    await people.post("p-w1", "/cases/case:1/voiding", asked)
    decision = {"approve": True}
    path = "/cases/case:1/voiding/decision"
    await people.post("p-w1", path, decision, "cases.supervise", status=403)
    own = await people.post("p-w1", path, decision, "cases.approve", status=409)
    assert own["code"] == "own_request"
    assert (await people.post("p-chief", path, decision, "cases.approve"))["status"] == "voided"
    wish = ReopeningRequested.model_validate(
        {**ReopeningRequested.EXAMPLE, "case": "case:1", "requested_at": clock.now()}
    )
    await dispatch.say(wish, wish.report)
    await eventually(lambda: dispatch.published(events.ReopeningReferred))
    again = {"reopen": True, "reason": "it_is_there"}
    reopened = await people.post("p-boss", "/cases/case:1/reopening", again, "cases.supervise")
    assert reopened["status"] == "assigned"


async def test_statements_are_read_for_a_purpose_that_is_written_down_by_those_concerned(
    people: People, dispatch: Twin
) -> None:
    await people.open("case:1")
    asked = {"reason": "no_such_problem", "statement": WHY}
    await people.post("p-w1", "/cases/case:1/voiding", asked)
    path = "/cases/case:1/statements"
    await people.get("p-w1", path, "cases.verify", status=422)
    await people.get("p-w2", f"{path}?purpose=verify", "cases.verify", status=404)
    await people.get("p-stranger", f"{path}?purpose=verify", "cases.read", status=403)
    for person, scopes in (("p-w1", "cases.verify"), ("p-chief", "cases.approve")):
        [said] = await people.get(person, f"{path}?purpose=approve", scopes)
        assert (said["words"], said["event"]) == (WHY, "voiding.requested")
    trail = [row async for row in dispatch.runtime.database["vault_audit"].find({})]
    assert [(r["who"], r["what"], r["purpose"], r["subject"]) for r in trail] == [
        ("p-w1", "statements", "approve", "case:1"),
        ("p-chief", "statements", "approve", "case:1"),
    ]


async def test_erased_statements_are_gone_and_the_case_goes_on(
    people: People, dispatch: Twin, issuer: TestIssuer
) -> None:
    await people.done("case:1", PROPOSED)
    who = issuer.bearer("p-chief", "vault.erase", "dispatch")
    path = "/cases/case:1/statements?purpose=erasure-request"
    assert (await dispatch.http.delete(path, headers=who)).status_code == 204
    gone = await dispatch.http.get(f"/answers/{people.given('case:1')}")
    assert (gone.status_code, gone.json()["code"]) == (410, "erased")
    said = await people.get("p-boss", path, "cases.supervise")
    assert [(each["event"], each["words"]) for each in said] == [
        ("task.completed", None), ("answer.given", None),
    ]  # fmt: skip


async def test_what_is_said_with_a_refused_request_is_forgotten(
    people: People, dispatch: Twin
) -> None:
    await people.open("case:1")
    await people.post("p-w1", "/cases/case:1/answer", {"words": PROPOSED}, status=409)
    assert await dispatch.runtime.database["statements"].count_documents({}) == 0


async def test_canaries_in_statements_are_nowhere_but_sealed(
    people: People, dispatch: Twin, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in any collection of dispatch, not in an event, not in a log."""
    await people.done("case:1", PROPOSED)
    await people.open("case:2")
    asked = {"reason": "no_such_problem", "statement": WHY}
    await people.post("p-w1", "/cases/case:2/voiding", asked)
    refusal = {"approve": False, "statement": WHY}
    await people.post("p-chief", "/cases/case:2/voiding/decision", refusal, "cases.approve")
    database = dispatch.runtime.database
    assert await database["statements"].count_documents({}) == 3
    for name in await database.list_collection_names():
        async for row in database[name].find({}):
            _clean(_flat(row), name)
    for envelope in dispatch.publisher.envelopes:
        _clean(envelope.model_dump_json().encode(), envelope.type)
    printed = capfd.readouterr()
    _clean((printed.out + printed.err).encode(), "the log")


def _clean(content: bytes, where: str) -> None:
    for canary in CANARIES:
        for encoding in ("utf-8", "gb18030", "unicode_escape"):
            assert canary.encode(encoding) not in content, where


def _flat(value: Any) -> bytes:
    if isinstance(value, dict):
        return b"|".join(str(key).encode() + b"=" + _flat(each) for key, each in value.items())
    if isinstance(value, list):
        return b"|".join(map(_flat, value))
    return value if isinstance(value, bytes) else str(value).encode()
