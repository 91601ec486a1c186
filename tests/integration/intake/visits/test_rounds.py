"""Rounds: planned, replanned, ended; who is due next, for whom."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.intake import RoundEnded, RoundPlanned
from tests.integration.intake.visits.conftest import Headers, Travel, who
from tests.integration.intake.visits.test_diary import status
from tests.integration.intake.visits.test_visits import logged
from tests.support.small_district import EAST, ROOT, WEST
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.intake.visits.people import EAST_GROUP, GROUP, MONDAY, OTHER, WORKER

MONTHLY = {
    "name": {"zh": "每月三次走访", "en": "Three visits a month"},
    "grids": [ROOT],
    "times": 3,
    "per": "month",
    "valid_from": "2026-01-01T00:00:00+08:00",
}
YEARLY = MONTHLY | {"kind": "concentrated", "times": 6, "per": "year"}


async def planned(
    twin: Twin,
    headers: Headers,
    name: str = "monthly",
    body: dict[str, Any] = MONTHLY,
    **params: Any,
) -> dict[str, Any]:
    answer = await twin.http.put(f"/rounds/{name}", json=body, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()

    async def stands() -> bool:
        rounds = (await twin.http.get("/rounds", headers=headers)).json()
        return any(each == found["round"] for each in rounds)

    if not params:
        await eventually(stands)
    return found


async def rows(twin: Twin, headers: Headers, url: str, **params: Any) -> list[dict[str, Any]]:
    answer = await twin.http.get(url, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


async def test_a_round_is_planned_rehearsed_and_planned_anew(
    field: Twin, planner: Headers, worker: Headers
) -> None:
    rehearsed = await planned(field, planner, dry_run=True)
    assert (rehearsed["changed"], rehearsed["targets"], rehearsed["dry_run"]) == (True, 2, True)
    assert field.published(RoundPlanned) == []

    first = await planned(field, planner)
    again = await planned(field, planner)
    more = await planned(field, planner, body=MONTHLY | {"times": 4})
    back = await planned(field, planner)
    assert [each["round"]["version"] for each in (first, again, more, back)] == [1, 1, 2, 3]
    assert (again["changed"], back["changed"]) == (False, True)
    assert [each.times for each in field.published(RoundPlanned)] == [3, 4, 3]
    answer = await field.http.put("/rounds/monthly", json=MONTHLY, headers=worker)
    assert answer.status_code == 403


async def test_who_is_due_next_for_oneself(
    field: Twin, planner: Headers, worker: Headers, travel: Travel
) -> None:
    await planned(field, planner)
    await planned(field, planner, "yearly", YEARLY)
    await logged(field, worker, group=GROUP)
    await logged(field, worker, number=2, group=GROUP, kind="concentrated")

    mine = {row["round"]: row for row in await rows(field, worker, "/me/rounds")}
    assert {row["target"] for row in mine.values()} == {GROUP}
    monthly, yearly = mine["round:monthly"], mine["round:yearly"]
    assert (monthly["expected"], monthly["done"], monthly["missing"]) == (3, 2, 1)
    assert (yearly["expected"], yearly["done"], yearly["missing"]) == (6, 1, 5)
    assert monthly["period_from"] == "2025-12-31T16:00:00Z"
    assert monthly["due_at"] == "2026-01-31T16:00:00Z"
    assert monthly["households"] == 18
    assert not monthly["overdue"]
    travel(MONDAY + timedelta(days=40))
    [overdue, later] = await rows(field, worker, "/me/rounds")
    assert (overdue["round"], overdue["overdue"], overdue["done"]) == ("round:monthly", True, 0)
    assert (later["round"], later["overdue"], later["done"]) == ("round:yearly", False, 1)


async def test_progress_in_pages_and_small_counts_left_out(field: Twin, planner: Headers) -> None:
    await planned(field, planner)
    page = (
        await field.http.get("/rounds/monthly/progress", params={"limit": 1}, headers=planner)
    ).json()
    rest = await rows(field, planner, "/rounds/monthly/progress", after=page["cursor"])

    assert [row["target"] for row in (*page["rows"], *rest)] == [GROUP, EAST_GROUP]
    assert [row["households"] for row in (*page["rows"], *rest)] == [18, None]
    assert await status(field, planner, "/rounds/none/progress") == 404


async def test_supervisors_see_their_own_ground(
    field: Twin, planner: Headers, worker: Headers, other: Headers, leader: Headers
) -> None:
    await planned(field, planner)

    below = await rows(field, leader, "/rounds/due", grid=ROOT)
    assert [row["target"] for row in below] == [GROUP, EAST_GROUP]
    assert [row["target"] for row in await rows(field, leader, "/rounds/due", grid=EAST)] == [
        EAST_GROUP
    ]
    assert await status(field, other, "/rounds/due", grid=WEST) == 403
    assert await status(field, other, "/rounds/due", grid=ROOT) == 403
    assert await status(field, worker, "/rounds/due", grid=WEST) == 403
    own = await rows(field, other, "/rounds/monthly/progress")
    assert [row["target"] for row in own] == [EAST_GROUP]


async def test_grids_in_place_of_groups(
    field: Twin, planner: Headers, issuer: TestIssuer, worker: Headers
) -> None:
    await planned(field, planner, body=MONTHLY | {"each": "grid"})
    await logged(field, worker)

    [row] = await rows(field, worker, "/me/rounds")
    assert (row["target"], row["done"], row["contacts"]) == (WEST, 1, [WORKER])
    theirs = await rows(field, who(issuer, OTHER, "visits.write"), "/me/rounds")
    assert [(each["target"], each["done"]) for each in theirs] == [(EAST, 0)]


async def test_a_round_that_has_ended_asks_for_nothing(
    field: Twin, planner: Headers, worker: Headers
) -> None:
    await planned(field, planner)
    over = {"valid_to": MONDAY.isoformat()}
    url = "/rounds/monthly/end"
    first = (await field.http.post(url, json=over, headers=planner)).json()
    again = (await field.http.post(url, json=over, headers=planner)).json()

    assert (first["changed"], again["changed"]) == (True, False)
    [ended] = await eventually(lambda: field.published(RoundEnded))
    assert ended.valid_to == MONDAY

    async def nothing() -> bool:
        return await rows(field, worker, "/me/rounds") == []

    await eventually(nothing)
    early = {"valid_to": "2025-12-01T00:00:00+08:00"}
    refused = await field.http.post(url, json=early, headers=planner)
    assert (refused.status_code, refused.json()["code"]) == (409, "ends_before_it_begins")
    none = await field.http.post("/rounds/none/end", json=over, headers=planner)
    assert none.status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"grids": []},
        {"groups": [GROUP]},
        {"grids": [], "groups": [GROUP], "each": "grid"},
        {"grids": ["410000"]},
        {"valid_to": "2025-01-01T00:00:00+08:00"},
        {"times": 0},
    ],
)
async def test_a_plan_that_makes_no_sense_is_refused(
    field: Twin, planner: Headers, change: dict[str, Any]
) -> None:
    answer = await field.http.put("/rounds/bad", json=MONTHLY | change, headers=planner)
    assert answer.status_code == 422


async def test_who_plans_needs_no_post_but_the_scope(field: Twin, issuer: TestIssuer) -> None:
    supervisor = who(issuer, "p-000001", "visits.read visits.write")
    answer = await field.http.put("/rounds/monthly", json=MONTHLY, headers=supervisor)
    assert answer.status_code == 403


async def test_too_large_a_ground_is_refused_with_what_to_do(
    field: Twin, planner: Headers, leader: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.api.rounds.MOST_TARGETS", 1)
    await planned(field, planner)

    answer = await field.http.get("/rounds/due", params={"grid": ROOT}, headers=leader)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many")
    assert "further down" in answer.json()["detail"]
    assert len(await rows(field, leader, "/rounds/due", grid=EAST)) == 1
