"""Dispatch as a service: events in, events out, people over HTTP; real store, twin of the bus."""

import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from case_contracts.clock import Clock
from case_contracts.commands import COMMAND
from case_contracts.events import dispatch as events
from case_contracts.events.registry import CharterRevoked
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import START, filed


@pytest.fixture(autouse=True)
def monday_morning() -> Any:
    """Domain time starts on Monday morning and runs 600 times as fast."""
    clock.set_clock(Clock(START, time.time(), 600))
    yield
    clock.set_clock(None)


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(
        mongo_url, database, issuer,
        accept_minutes=20, lease_minutes=60, tick_seconds=0.05, sweep_charters_seconds=0.1,
    ) as twin:  # fmt: skip
        yield twin


async def assigned(dispatch: Twin, **change: Any) -> events.TaskAssigned:
    case = filed(**change)
    await dispatch.say(case, case.case)
    await eventually(lambda: dispatch.published(events.TaskAssigned))
    await dispatch.settled()
    found: events.TaskAssigned = dispatch.published(events.TaskAssigned)[-1]
    return found


def about(task: events.TaskAssigned, name: str, **extra: Any) -> Any:
    where = {"case": task.case, "taskid": task.taskid, "assignment": task.assignment}
    return COMMAND.validate_python({"id": name, "name": name, **where, **extra})


def verifier(issuer: TestIssuer, person: str = "p-w1") -> dict[str, str]:
    return issuer.bearer(person, "cases.verify cases.read", "dispatch")


async def test_rule_1_a_case_goes_its_way_and_explains_its_clock(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await assigned(dispatch)
    await dispatch.command("dispatch", "um", about(task, "accept"))
    await dispatch.command("dispatch", "um", about(task, "complete", evidence=["evidence:1"]))
    await eventually(lambda: dispatch.published(events.VerificationRequested))

    refused = await dispatch.http.post(
        f"/cases/{task.case}/verification",
        json={"passed": True, "confirms": True},
        headers=verifier(issuer, "p-w2"),
    )
    assert refused.status_code == 404
    mine = await dispatch.http.get("/cases/mine", headers=verifier(issuer))
    assert [case["case"] for case in mine.json()["cases"]] == [task.case]
    passed = await dispatch.http.post(
        f"/cases/{task.case}/verification",
        json={"passed": True, "confirms": True},
        headers=verifier(issuer),
    )
    assert passed.status_code == 200
    assert passed.json()["status"] == "closed"

    explained = await dispatch.http.get(f"/cases/{task.case}/clock", headers=verifier(issuer))
    segments = {s["id"]: s for s in explained.json()["segments"]}
    assert {"case:1", "accept:1", "handle:1", "verify:1"} <= set(segments)
    for segment in segments.values():
        assert segment["standard"] == {"id": "s", "version": 1}
        assert segment["calendar"] == {"id": "cal", "version": 1}
    (limit,) = segments["case:1"]["parts"]
    spans = [datetime.fromisoformat(s[at]) for s in limit["spans"] for at in ("start", "end")]
    counted = sum((b - a for a, b in zip(spans[::2], spans[1::2], strict=True)), timedelta())
    assert counted == timedelta(seconds=limit["seconds"]) == timedelta(hours=8)
    assert limit["ends_at"] == segments["case:1"]["due_at"]


async def test_a_message_twice_opens_one_case(dispatch: Twin) -> None:
    case = filed()
    envelope = await dispatch.say(case, case.case)
    await dispatch.send(envelope)
    await eventually(lambda: dispatch.published(events.TaskAssigned))
    assert len(dispatch.published(events.CaseReceived)) == 1


async def test_rule_9_an_unaccepted_task_lapses_by_itself(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await assigned(dispatch)
    await eventually(lambda: dispatch.published(events.TaskLapsed))
    await dispatch.settled()
    lapsed = dispatch.published(events.TaskLapsed)[0]
    assert lapsed.lapsed_at == task.accept_by
    boss = issuer.bearer("p-boss", "cases.supervise", "dispatch")
    desks = await dispatch.http.get("/cases/waiting", headers=boss)
    assert desks.json() == {"supervisor:c": 1}
    again = await dispatch.http.post(f"/cases/{task.case}/assignment", json={}, headers=boss)
    assert again.json()["task"]["assignment"] == 2


async def test_a_revoked_charter_takes_the_task_away(dispatch: Twin) -> None:
    task = await assigned(dispatch)
    revoked = CharterRevoked(charter="charter:um", version=1, department="um", valid_to=clock.now())
    await dispatch.say(revoked, "charter:um")
    await eventually(lambda: dispatch.published(events.TaskRevoked))
    assert dispatch.published(events.TaskRevoked)[0].reason == "charter_revoked"
    last = dispatch.published(events.TaskAssigned)[-1]
    assert (last.assignment, last.handler.person) == (2, "p-lead")
    await dispatch.command("dispatch", "um", about(task, "accept"))
    await eventually(lambda: dispatch.published(events.CommandRefused))


@pytest.mark.parametrize(
    ("path", "body", "scope", "status"),
    [
        ("/cases/case:1", None, "", 403),
        ("/cases/case:none", None, "cases.read", 404),
        ("/cases/case:1/verification", {"passed": {"$ne": ""}}, "cases.verify", 422),
        ("/cases/case:1/verification", {"passed": True, "extra": 1}, "cases.verify", 422),
        ("/cases/case:1/assignment", {}, "cases.verify", 403),
    ],
)
async def test_bad_requests_say_what_is_wrong(
    dispatch: Twin, issuer: TestIssuer, path: str, body: Any, scope: str, status: int
) -> None:
    await assigned(dispatch)
    headers = issuer.bearer("p-w1", scope, "dispatch")
    method = "GET" if body is None else "POST"
    answer = await dispatch.http.request(method, path, json=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["code"]
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_token_for_another_service_is_refused(dispatch: Twin, issuer: TestIssuer) -> None:
    headers = issuer.bearer("p-w1", "cases.read", "intake")
    assert (await dispatch.http.get("/cases/case:1", headers=headers)).status_code == 401
    assert (await dispatch.http.get("/cases/case:1")).status_code == 401


async def test_what_a_person_does_belongs_to_the_way_of_the_case(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await assigned(dispatch)
    await dispatch.command("dispatch", "um", about(task, "complete", evidence=["evidence:1"]))
    await eventually(lambda: dispatch.published(events.VerificationRequested))
    await dispatch.http.post(
        f"/cases/{task.case}/verification",
        json={"passed": True, "confirms": True},
        headers=verifier(issuer),
    )
    await eventually(lambda: dispatch.published(events.CaseClosed))
    of_case = [e for e in dispatch.publisher.envelopes if e.subject == task.case]
    assert len({e.correlationid for e in of_case}) == 1
    assert len({e.traceparent for e in of_case}) == 1
