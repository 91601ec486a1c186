"""A post is handed over in the middle of running work: each case has the right person of its
time, and none is left behind."""

from datetime import timedelta
from typing import Any

from case_contracts.events import dispatch as events
from case_contracts.events.registry import PostingEnded, PostingStarted
from service_kit import clock
from tests.integration.dispatch.served import subject_of
from tests.integration.dispatch.test_dispatch import (
    about,
    dispatch,
    monday_morning,
)
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import LITTER, filed, post

__all__ = ["dispatch", "monday_morning"]
W1 = "posting:u1:p-w1"
SOON = timedelta(minutes=30)  # of domain time: three seconds


async def hand_over(dispatch: Twin) -> PostingStarted:
    """As the registry says it: decided now, from a time to come."""
    when = clock.now() + SOON
    new = post("p-new", "worker", "u1").model_copy(update={"valid_from": when})
    ended = PostingEnded(posting=W1, valid_to=when)
    for event in (ended, new):
        await dispatch.say(event, subject_of(event))
    return new


async def test_open_work_goes_to_the_successor_when_it_is_time(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await opened(dispatch, "case:task", matter=LITTER)
    assert task.handler.person == "p-w1"
    done = await opened(dispatch, "case:verify")
    await dispatch.command("dispatch", "um", about(done, "complete", evidence=["evidence:1"]))
    await eventually(lambda: dispatch.published(events.VerificationRequested))
    assert dispatch.published(events.VerificationRequested)[0].verifier.person == "p-w1"

    new = await hand_over(dispatch)
    early = await opened(dispatch, "case:early", matter=LITTER)
    left = {"case:task"} | ({early.case} if early.handler.person == "p-w1" else set())

    await eventually(lambda: len(dispatch.published(events.TaskRevoked)) == len(left))
    await eventually(lambda: len(dispatch.published(events.VerificationRequested)) == 2)
    await dispatch.settled()
    revoked = dispatch.published(events.TaskRevoked)
    assert {(e.case, e.reason) for e in revoked} == {(case, "posting_ended") for case in left}
    assert all(e.revoked_at >= new.valid_from for e in revoked)
    asked = dispatch.published(events.VerificationRequested)[-1]
    assert (asked.case, asked.verifier.person) == ("case:verify", "p-new")
    for event in dispatch.published(events.TaskAssigned):
        if event.handler.person in ("p-w1", "p-new"):
            wanted = "p-w1" if event.assigned_at < new.valid_from else "p-new"
            assert event.handler.person == wanted, event

    assert (await opened(dispatch, "case:late", matter=LITTER)).handler.person == "p-new"

    old = issuer.bearer("p-w1", "cases.verify cases.read", "dispatch")
    mine = await dispatch.http.get("/cases/mine", headers=old)
    assert mine.json()["cases"] == []
    body = {"taskid": task.taskid}
    gone = await dispatch.http.post("/cases/case:task/completion", json=body, headers=old)
    assert gone.status_code == 404
    his = issuer.bearer("p-new", "cases.verify cases.read", "dispatch")
    found = (await dispatch.http.get("/cases/mine", headers=his)).json()["cases"]
    assert {case["case"] for case in found} == {
        "case:task", "case:verify", "case:early", "case:late",
    }  # fmt: skip


async def opened(dispatch: Twin, case: str, **change: Any) -> events.TaskAssigned:
    """The case comes; its first assignment."""
    await dispatch.say(filed(case=case, **change), case)

    def found() -> list[events.TaskAssigned]:
        return [e for e in dispatch.published(events.TaskAssigned) if e.case == case]

    first = (await eventually(found))[0]
    await dispatch.settled()
    return first
