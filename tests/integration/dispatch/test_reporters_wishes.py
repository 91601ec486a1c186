"""A reporter's withdrawal and wishes arrive as events; a higher level decides over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.intake import ReopeningRequested, ReportWithdrawn
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import LITTER, filed


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer) as twin:
        yield twin


async def opened(twin: Twin, case: str) -> None:
    said = filed(case, matter=LITTER, reported_at=clock.now())
    await twin.say(said, case)
    await happened(twin, events.TaskAssigned, case)


async def happened(twin: Twin, model: type[EventData], case: str, count: int = 1) -> Any:
    def found() -> list[Any]:
        return [e for e in twin.published(model) if e.case == case]

    await eventually(lambda: len(found()) >= count)
    await twin.settled()
    return found()[-1]


async def closed(twin: Twin, issuer: TestIssuer, case: str, times: int = 1) -> None:
    """The grid's worker does it, the leader checks it."""
    task = await happened(twin, events.TaskAssigned, case, times)
    await act(twin, issuer, case, "completion", task.handler.person, {"taskid": task.taskid})
    asked = await happened(twin, events.VerificationRequested, case, times)
    await act(
        twin,
        issuer,
        case,
        "verification",
        asked.verifier.person,
        {"passed": True, "confirms": True},
    )
    await happened(twin, events.CaseClosed, case, times)


async def act(
    twin: Twin, issuer: TestIssuer, case: str, what: str, person: str, body: dict[str, Any],
    status: int = 200,
) -> Any:  # fmt: skip
    who = issuer.bearer(person, "cases.verify cases.supervise", "dispatch")
    answer = await twin.http.post(f"/cases/{case}/{what}", json=body, headers=who)
    assert answer.status_code == status, answer.text
    return answer.json()


async def ask(twin: Twin, case: str, report: str, after: timedelta = timedelta()) -> None:
    at = clock.now() + after
    wish = ReopeningRequested(report=report, case=case, reason="not_done", requested_at=at)
    await twin.say(wish, report)


async def test_the_last_withdrawal_voids_what_nobody_has_begun(dispatch: Twin) -> None:
    await opened(dispatch, "case:1")
    withdrawn = ReportWithdrawn.model_validate({**ReportWithdrawn.EXAMPLE, "case": "case:1"})
    await dispatch.say(withdrawn.model_copy(update={"last": False}), "report:1")
    await dispatch.say(withdrawn, "report:2")
    voided = await happened(dispatch, events.CaseVoided, "case:1")
    assert voided.reason == "reporter_withdrew"
    assert len(dispatch.published(events.CaseVoided)) == 1


async def test_the_second_wish_waits_for_a_higher_level(dispatch: Twin, issuer: TestIssuer) -> None:
    await opened(dispatch, "case:1")
    await closed(dispatch, issuer, "case:1")
    await ask(dispatch, "case:1", "report:1")
    assert (await happened(dispatch, events.CaseReopened, "case:1")).by_report == "report:1"
    await closed(dispatch, issuer, "case:1", 2)
    await ask(dispatch, "case:1", "report:2")
    await happened(dispatch, events.ReopeningReferred, "case:1")

    boss = issuer.bearer("p-boss", "cases.supervise", "dispatch")

    async def waiting() -> list[str]:
        desk = await dispatch.http.get("/cases?desk=reopening:d", headers=boss)
        return [each["case"] for each in desk.json()["cases"]]

    assert await eventually(waiting) == ["case:1"]
    body = {"reopen": False, "reason": "done_as_the_standard_says"}
    state = await act(dispatch, issuer, "case:1", "reopening", "p-boss", body)
    assert state["status"] == "closed"
    refused = await happened(dispatch, events.ReopeningRefused, "case:1")
    assert (refused.report, refused.reason, refused.by) == (
        "report:2", "done_as_the_standard_says", "p-boss",
    )  # fmt: skip
    assert await waiting() == []
    again = await act(dispatch, issuer, "case:1", "reopening", "p-boss", body, 409)
    assert again["code"] == "nothing_referred"


async def test_a_wish_after_the_window_is_refused_visibly(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    await opened(dispatch, "case:1")
    await closed(dispatch, issuer, "case:1")
    await ask(dispatch, "case:1", "report:1", after=timedelta(days=16))
    refused = await happened(dispatch, events.ReopeningRefused, "case:1")
    assert (refused.reason, refused.by) == ("too_late", None)
