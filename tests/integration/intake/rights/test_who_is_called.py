"""Who is called, who is not, and who must not call."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.dispatch import CaseReopened, ReopeningRefused, TaskAssigned
from case_contracts.events.intake import (
    CallbackDropped,
    CallbackPromised,
)
from service_kit import clock
from tests.integration.intake.rights.calling import LEFT, Bearer, claim, queue, requested, result
from tests.integration.intake.rights.reporter import PHONE, Reporter, reporter
from tests.support.small_district import IN_WEST, MANHOLE, OUTSIDE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually


async def test_whoever_worked_on_it_does_not_ask(
    caller: Reporter, due: str, issuer: TestIssuer, intake: Twin
) -> None:
    handler = issuer.bearer("p-007", "callbacks.make", "intake")
    refused = await claim(caller.twin, handler, due)
    assert (refused.status_code, refused.json()["code"]) == (409, "own_work")
    assert PHONE not in refused.text


async def test_a_departments_operator_does_not_ask_about_its_own_work(
    caller: Reporter, issuer: TestIssuer
) -> None:
    await caller.say(TaskAssigned, assigned_at=clock.now())
    await caller.close()
    callback = (await requested(caller.twin))[-1].callback
    department = TaskAssigned.EXAMPLE["handler"]["id"]
    theirs = issuer.bearer("p-301", "callbacks.make", "intake", department=department)
    assert (await claim(caller.twin, theirs, callback)).json()["code"] == "own_work"


async def test_whom_it_complains_of_does_not_see_it(
    intake: Twin, operator: Bearer, issuer: TestIssuer
) -> None:
    me = await reporter(intake, **LEFT, about={"kind": "person", "id": "p-666"})
    await me.work_and_close()
    callback = (await requested(intake))[-1].callback
    theirs = issuer.bearer("p-666", "callbacks.make", "intake")
    assert (await queue(intake, theirs))["callbacks"] == []
    assert (await claim(intake, theirs, callback)).status_code == 404
    assert (await result(intake, theirs, callback, outcome="reached")).status_code == 404
    assert len((await queue(intake, operator))["callbacks"]) == 1


async def test_who_has_answered_at_the_receipt_is_not_called(
    caller: Reporter, due: str, operator: Bearer
) -> None:
    await caller.ask("rating", {"solved": True, "score": 5})
    assert (await claim(caller.twin, operator, due)).json()["code"] == "callback_ended"
    [dropped] = caller.twin.published(CallbackDropped)
    assert dropped.reason == "answered_otherwise"


async def test_who_has_withdrawn_is_not_called(caller: Reporter, operator: Bearer) -> None:
    await caller.ask("withdrawal", {"reason": "mistake"})
    await caller.work_and_close()
    callback = (await requested(caller.twin))[-1].callback
    assert (await claim(caller.twin, operator, callback)).json()["code"] == "callback_ended"


async def test_a_case_opened_again_needs_no_call_about_its_closing(
    caller: Reporter, due: str, operator: Bearer
) -> None:
    await caller.say(CaseReopened, reopened_at=clock.now())
    await eventually(lambda: caller.twin.published(CallbackDropped))
    await caller.twin.settled()
    assert (await queue(caller.twin, operator))["callbacks"] == []


async def test_a_rejection_and_a_refusal_are_said_on_the_telephone_too(
    intake: Twin, operator: Bearer
) -> None:
    rejected = await reporter(intake, **LEFT, point=OUTSIDE)
    [call] = await requested(intake)
    assert (call.report, call.why) == (rejected.report, "rejected")
    claimed = (await claim(intake, operator, call.callback)).json()
    assert claimed["message"]["en"] == "The place is outside this district."
    assert "turn_to" in claimed
    answer = await result(intake, operator, call.callback, "reached", wants_reopening=True)
    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_to_rate")
    me = await reporter(intake, **LEFT)
    await me.say(ReopeningRefused, report=me.report, refused_at=clock.now())
    assert (await requested(intake, 2))[-1].why == "reopening_refused"


async def test_a_number_that_was_erased_ends_the_call(
    caller: Reporter, due: str, operator: Bearer, service: Bearer
) -> None:
    url = f"/vault/cases/{caller.case}/key?purpose=erasure-request"
    await caller.twin.http.delete(url, headers=service)
    assert (await claim(caller.twin, operator, due)).status_code == 410
    [dropped] = caller.twin.published(CallbackDropped)
    assert dropped.reason == "no_number"


@pytest.mark.parametrize("contact", [None, {"email": "a@example.org", "phone": PHONE}])
async def test_who_can_be_told_otherwise_is_not_called(intake: Twin, contact: Any) -> None:
    me = await reporter(intake, contact=contact)
    await me.work_and_close()
    with_phone = await reporter(intake, **LEFT)
    await with_phone.work_and_close()
    assert [c.report for c in await requested(intake)] == [with_phone.report]
    assert [p.report for p in intake.published(CallbackPromised)] == [with_phone.report]


async def test_a_number_left_later_counts(intake: Twin) -> None:
    me = await reporter(intake)
    await me.ask("additions", {"contact": {"phone": PHONE}})
    await me.work_and_close()
    assert [c.report for c in await requested(intake)] == [me.report]


async def test_history_is_never_called(intake: Twin, historian: Bearer) -> None:
    await intake.http.post(
        "/reports",
        headers=historian,
        json={
            "matter": MANHOLE,
            "point": IN_WEST,
            **LEFT,
            "reported_at": (clock.now() - timedelta(days=900)).isoformat(),
        },
    )
    await reporter(intake, **LEFT)
    assert len(intake.published(CallbackPromised)) == 1
