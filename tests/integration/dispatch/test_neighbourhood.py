"""Figures for everybody, on a real store: small ones are never in an answer."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from dispatch.views import neighbourhood
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.integration.dispatch.test_reporters_wishes import closed, happened
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.dispatch.district import LITTER, MANHOLE, filed


@pytest.fixture
async def dispatch(
    mongo_url: str, database: str, issuer: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Twin]:
    monkeypatch.setattr(neighbourhood, "KEEP_SECONDS", -1.0)
    change = {"public_levels": "x", "public_running": True}
    async with served(mongo_url, database, issuer, **change) as twin:
        yield twin


async def report(twin: Twin, name: str, matter: str, **more: Any) -> None:
    case = f"case:{name}"
    await twin.say(filed(case, matter=matter, **{"reported_at": clock.now(), **more}), case)
    await happened(twin, events.TaskAssigned, case)


async def asked(twin: Twin, **query: str) -> Any:
    answer = await twin.http.get("/neighbourhood/figures", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_everybody_sees_how_many_were_reported_but_no_small_number(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    for number in range(6):
        await report(dispatch, f"a{number}", LITTER)
        await report(dispatch, f"b{number}", MANHOLE, grid="u2")
    await report(dispatch, "one", MANHOLE)
    await closed(dispatch, issuer, "case:a0")

    found = await asked(dispatch)
    assert found["month"] == found["months"][0]
    assert (found["over"], found["threshold"]) == (False, 5)
    rows = {each["grid"]: each for each in found["grids"]}
    assert (rows["d"]["reported"], rows["d"]["open"]) == (13, 12)
    assert rows["d"]["classes"]["part"] == 7
    assert rows["d"]["classes"]["event"] is None, "it would tell that of others there is none"
    assert rows["u1"]["classes"]["part"] is None
    assert rows["u2"]["classes"]["part"] is None, "7 and 6 would tell 1"
    assert rows["d"]["in_time"] is None, "too few are due"
    numbers = [n for row in rows.values() for n in (row["reported"], row["open"])]
    assert all(number is None or number >= 5 for number in numbers)


async def test_a_case_of_another_month_counts_there_and_other_months_are_not_told(
    dispatch: Twin,
) -> None:
    before = (clock.now().replace(day=1) - timedelta(days=5)).replace(hour=12)
    for number in range(5):
        await report(dispatch, str(number), LITTER, reported_at=before)
    found = await asked(dispatch, month=f"{before:%Y-%m}")
    (district,) = [row for row in found["grids"] if row["parent"] is None]
    assert (found["over"], district["reported"]) == (True, 5)
    refused = await dispatch.http.get("/neighbourhood/figures", params={"month": "2019-01"})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_month")
    wrong = await dispatch.http.get("/neighbourhood/figures", params={"month": "2019-13"})
    assert wrong.status_code == 422
