"""More time over HTTP and the bus: asked for, given, ended, and explained."""

import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from case_contracts.clock import Clock
from case_contracts.events import dispatch as events
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.integration.dispatch.test_dispatch import about, assigned
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import LITTER, START

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Any:
    """Domain time starts on Monday morning and runs 60 times as fast."""
    clock.set_clock(Clock(START, time.time(), 60))
    yield
    clock.set_clock(None)


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer, tick_seconds=0.05) as twin:
        yield twin


def boss(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-boss", "cases.supervise cases.read", "dispatch")


def worker(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-w1", "cases.verify cases.read", "dispatch")


async def explained(dispatch: Twin, case: str, headers: dict[str, str]) -> dict[str, Any]:
    answer = await dispatch.http.get(f"/cases/{case}/clock", headers=headers)
    return {segment["id"]: segment for segment in answer.json()["segments"]}


async def test_a_post_holder_asks_in_words_and_a_supervisor_gives_a_pause(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await assigned(dispatch, matter=LITTER)
    path = f"/cases/{task.case}/relief"
    until = (clock.now() + timedelta(minutes=90)).isoformat()
    body = {"reason": "needs_approval", "until": until, "statement": "等待挖掘许可"}
    asked = await dispatch.http.post(path, json=body, headers=worker(issuer))
    assert asked.status_code == 200, asked.text
    request = asked.json()["request"]
    assert request["statement"].startswith("statement:")
    assert "挖掘" not in asked.text

    again = await dispatch.http.post(path, json=body, headers=worker(issuer))
    assert (again.status_code, again.json()["code"]) == (409, "request_pending")
    forbidden = await dispatch.http.post(
        f"{path}/{request['id']}", json={"grant": True}, headers=worker(issuer)
    )
    assert forbidden.status_code == 403
    unknown = await dispatch.http.post(
        f"{path}/request:none", json={"grant": True}, headers=boss(issuer)
    )
    assert unknown.status_code == 404
    given = await dispatch.http.post(
        f"{path}/{request['id']}", json={"grant": True}, headers=boss(issuer)
    )
    assert given.status_code == 200, given.text
    assert given.json()["due_at"] is None
    standing = await explained(dispatch, task.case, worker(issuer))
    assert standing["handle:1"]["pauses"][0]["granted_by"] == "p-boss"
    assert standing["handle:1"]["parts"][0]["left_seconds"] > 0

    resumed = await dispatch.http.post(
        f"/cases/{task.case}/resume", json={}, headers=worker(issuer)
    )
    assert resumed.status_code == 200
    (paused, _), (end, _) = (
        dispatch.published(kind)[:2] for kind in (events.ClockPaused, events.ClockResumed)
    )
    handle = (await explained(dispatch, task.case, worker(issuer)))["handle:1"]
    assert task.due_at is not None
    moved = datetime.fromisoformat(handle["due_at"]) - task.due_at
    assert moved == end.resumed_at - paused.paused_at
    assert handle["parts"][0]["seconds"] == 2 * HOUR.total_seconds()


async def test_a_departments_pause_ends_by_itself_at_its_exact_time(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await assigned(dispatch)
    await dispatch.command("dispatch", "um", about(task, "accept"))
    until = clock.now() + timedelta(minutes=5)
    asked = about(task, "ask_pause", reason="needs_approval", until=until.isoformat())
    await dispatch.command("dispatch", "um", asked)
    await eventually(lambda: dispatch.published(events.PauseRequested))
    await dispatch.settled()
    request = dispatch.published(events.PauseRequested)[0].request
    given = await dispatch.http.post(
        f"/cases/{task.case}/relief/{request}", json={"grant": True}, headers=boss(issuer)
    )
    assert given.status_code == 200, given.text
    await eventually(lambda: len(dispatch.published(events.ClockResumed)) == 2)
    resumed = dispatch.published(events.ClockResumed)
    assert {each.resumed_at for each in resumed} == {until}
    assert {each.by for each in resumed} == {None}


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "x"},
        {"reason": "x", "until": "2026-01-05T12:00:00Z", "limit": {"amount": 1, "unit": "hours"}},
        {"reason": "x", "limit": {"amount": 1, "unit": "weeks"}},
        {"reason": "Because!", "limit": {"amount": 1, "unit": "hours"}},
    ],
)
async def test_a_request_that_says_neither_or_both_is_not_understood(
    dispatch: Twin, issuer: TestIssuer, body: dict[str, Any]
) -> None:
    task = await assigned(dispatch, matter=LITTER)
    answer = await dispatch.http.post(
        f"/cases/{task.case}/relief", json=body, headers=worker(issuer)
    )
    assert answer.status_code == 422
