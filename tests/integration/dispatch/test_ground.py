"""Figures by grid, on a real store."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.integration.dispatch.test_lists import opened
from tests.integration.dispatch.test_reporters_wishes import act, happened
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.dispatch.district import LITTER, QUARREL, filed

Headers = dict[str, str]


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer) as twin:
        yield twin


@pytest.fixture
def reader(issuer: TestIssuer) -> Headers:
    return issuer.bearer("p-boss", "cases.read", "dispatch")


async def asked(twin: Twin, who: Headers, grid: str | None = None) -> Any:
    params = {"grid": grid} if grid else {}
    answer = await twin.http.get("/cases/ground", params=params, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counted(figures: Any) -> dict[str, int]:
    names = ("open", "late", "paused", "verifying", "opened", "closed")
    return {name: figures[name] for name in names if figures[name]}


async def test_each_grid_has_the_cases_of_all_below_it(dispatch: Twin, reader: Headers) -> None:
    await opened(dispatch, 3)  # two of them before the last day
    at = clock.now()
    await dispatch.say(filed("case:u2", grid="u2", reported_at=at), "case:u2")
    await happened(dispatch, events.TaskAssigned, "case:u2")

    district = await asked(dispatch, reader)
    assert district["path"] == ["d"]
    assert counted(district["whole"]) == {"open": 4, "opened": 2}
    assert [(g["grid"], g["below"], counted(g)) for g in district["grids"]] == [
        ("c", True, {"open": 4, "opened": 2})
    ]
    below = await asked(dispatch, reader, "c")
    assert below["path"] == ["d", "c"]
    assert {g["grid"]: counted(g) for g in below["grids"]} == {
        "u1": {"open": 3, "opened": 1},
        "u2": {"open": 1, "opened": 1},
    }
    unit = await asked(dispatch, reader, "u2")
    assert (counted(unit["whole"]), unit["grids"]) == ({"open": 1, "opened": 1}, [])


async def test_what_becomes_of_a_case_is_seen(
    dispatch: Twin, reader: Headers, issuer: TestIssuer
) -> None:
    old = clock.now() - timedelta(days=3)
    await dispatch.say(filed("case:1", matter=LITTER, reported_at=old), "case:1")
    task = await happened(dispatch, events.TaskAssigned, "case:1")
    assert counted((await asked(dispatch, reader))["whole"]) == {"open": 1}
    await act(dispatch, issuer, "case:1", "completion", "p-w1", {"taskid": task.taskid})
    check = await happened(dispatch, events.VerificationRequested, "case:1")
    assert (await asked(dispatch, reader))["whole"]["verifying"] == 1
    await act(dispatch, issuer, "case:1", "verification", check.verifier.person, {"passed": True})
    assert counted((await asked(dispatch, reader))["whole"]) == {"closed": 1}


async def test_a_complaint_counts_for_nobody_whom_it_is_about(
    dispatch: Twin, reader: Headers, issuer: TestIssuer
) -> None:
    about = {"kind": "grid", "id": "c"}
    await dispatch.say(
        filed("case:about", matter=QUARREL, about=about, reported_at=clock.now()), "case:about"
    )
    await happened(dispatch, events.TaskAssigned, "case:about")
    assert (await asked(dispatch, reader))["whole"]["open"] == 1
    lead = issuer.bearer("p-lead", "cases.read", "dispatch")
    assert counted((await asked(dispatch, lead))["whole"]) == {}


async def test_a_grid_that_there_is_none_of_is_said(dispatch: Twin, reader: Headers) -> None:
    answer = await dispatch.http.get("/cases/ground?grid=nowhere", headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_grid")


async def test_days_say_what_was_opened_and_closed(
    dispatch: Twin, reader: Headers, issuer: TestIssuer
) -> None:
    await opened(dispatch, 2)
    await dispatch.say(filed("case:l", matter=LITTER, reported_at=clock.now()), "case:l")
    task = await happened(dispatch, events.TaskAssigned, "case:l")
    await act(dispatch, issuer, "case:l", "completion", "p-w1", {"taskid": task.taskid})
    check = await happened(dispatch, events.VerificationRequested, "case:l")
    await act(dispatch, issuer, "case:l", "verification", check.verifier.person, {"passed": True})

    async def days(grid: str) -> list[dict[str, Any]]:
        answer = await dispatch.http.get("/cases/days", params={"grid": grid}, headers=reader)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    found = await days("c")
    assert len(found) == 14
    assert sum(day["opened"] for day in found) == 3
    assert [day["closed_in_time"] for day in found][-1] == 1
    assert sum(day["opened"] for day in await days("u2")) == 0
