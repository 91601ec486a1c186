"""What was reported comes from intake's vault, for whoever has to act now."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from service_kit import clock
from tests.integration.dispatch.fake_intake import CASE_WORDS, FakeIntake
from tests.integration.dispatch.served import served
from tests.integration.dispatch.test_reporters_wishes import act, happened
from tests.support.served import served_here
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.dispatch.district import LITTER, filed


@pytest.fixture
def vault() -> FakeIntake:
    return FakeIntake(known={"case:1", "case:about"}, erased={"case:erased"})


@pytest.fixture
async def dispatch(
    mongo_url: str, database: str, issuer: TestIssuer, vault: FakeIntake
) -> AsyncIterator[Twin]:
    async with (
        served_here(vault.app()) as url,
        served(mongo_url, database, issuer, peers={"intake": url}) as twin,
    ):
        yield twin


async def opened(twin: Twin, case: str = "case:1", **more: Any) -> Any:
    said = filed(case, matter=LITTER, reported_at=clock.now(), **more)
    await twin.say(said, case)
    return await happened(twin, events.TaskAssigned, case)


async def asked(
    twin: Twin, issuer: TestIssuer, person: str, case: str = "case:1", scope: str = "cases.verify"
) -> Any:
    who = issuer.bearer(person, scope, "dispatch")
    return await twin.http.get(f"/cases/{case}/words", headers=who)


async def test_the_worker_reads_them_then_the_verifier_and_each_look_says_whose_it_is(
    dispatch: Twin, issuer: TestIssuer, vault: FakeIntake
) -> None:
    task = await opened(dispatch)
    answer = await asked(dispatch, issuer, "p-w1")
    language = "language"
    told = {name: value for name, value in CASE_WORDS.items() if name != language}
    assert answer.json() == {"case": "case:1", "purpose": "handle-task", **told}
    assert answer.headers["cache-control"] == "no-store"
    for nobody in ("p-w2", "p-lead", "p-boss"):
        assert (await asked(dispatch, issuer, nobody)).status_code == 404

    await act(dispatch, issuer, "case:1", "completion", "p-w1", {"taskid": task.taskid})
    check = await happened(dispatch, events.VerificationRequested, "case:1")
    verifier = check.verifier.person
    assert (await asked(dispatch, issuer, "p-w1")).status_code == 404
    assert (await asked(dispatch, issuer, verifier)).json()["purpose"] == "verify"
    assert vault.asked == [("case:1", "handle-task", "p-w1"), ("case:1", "verify", verifier)]


async def test_it_needs_a_right_and_an_unknown_case_looks_as_one_of_somebody_else(
    dispatch: Twin, issuer: TestIssuer, vault: FakeIntake
) -> None:
    await opened(dispatch)
    assert (await asked(dispatch, issuer, "p-w1", scope="cases.read")).status_code == 403
    unknown = (await asked(dispatch, issuer, "p-w2", "case:none")).json()
    others = (await asked(dispatch, issuer, "p-w2")).json()
    assert (unknown["status"], unknown["code"]) == (others["status"], others["code"])
    assert vault.asked == []


async def test_whom_a_complaint_is_about_reads_nothing(
    dispatch: Twin, issuer: TestIssuer, vault: FakeIntake
) -> None:
    await opened(dispatch, "case:about", about={"kind": "person", "id": "p-w1"})
    for person in ("p-w1", "p-w2"):
        assert (await asked(dispatch, issuer, person, "case:about")).status_code == 404
    assert vault.asked == []


async def test_erased_words_are_gone_and_an_intake_that_is_away_can_be_asked_again(
    dispatch: Twin, issuer: TestIssuer, vault: FakeIntake
) -> None:
    for case in ("case:1", "case:erased", "case:silent"):
        await opened(dispatch, case)
    assert (await asked(dispatch, issuer, "p-w1", "case:erased")).status_code == 410
    assert (await asked(dispatch, issuer, "p-w1", "case:silent")).status_code == 404
    vault.away = True
    answer = await asked(dispatch, issuer, "p-w1")
    assert (answer.status_code, answer.json()["retry"]) == (503, True)
    assert "retry-after" in answer.headers
