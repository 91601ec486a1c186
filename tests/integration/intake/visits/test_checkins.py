"""Check-ins: on shift only, coordinates for thirty days, each look noted."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.intake import CheckinRecorded
from tests.integration.intake.visits.conftest import (
    Headers,
    Travel,
    checkin,
    everything,
    room_of,
    who,
)
from tests.support.small_district import IN_EAST, IN_WEST, ROOT, WEST
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.intake.visits.people import IDLE, MONDAY, OTHER, WORKER

PLACE = {"purpose": "safety"}


async def made(twin: Twin, headers: Headers, **more: Any) -> dict[str, Any]:
    answer = await twin.http.post("/checkins", json=checkin(**more), headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    seen = twin.runtime.database["view_checkin"]
    await eventually(lambda: seen.find_one({"_id": found["checkin"]}))
    return found


async def test_on_shift_it_is_recorded_without_coordinates(field: Twin, worker: Headers) -> None:
    recorded = await made(field, worker)

    assert (recorded["grid"], recorded["inside"], recorded["repeated"]) == (WEST, True, False)
    [event] = await eventually(lambda: field.published(CheckinRecorded))
    assert (event.person, event.grid_path, event.checked_in_at) == (WORKER, (ROOT,), MONDAY)
    outside = await made(field, worker, number=2, point=IN_EAST)
    assert outside["inside"] is False


async def test_coordinates_are_in_no_event_commit_or_view(field: Twin, worker: Headers) -> None:
    canary = {"lon": 113.6021234567, "lat": 34.7029876543}
    await made(field, worker, point=canary)

    kept = str(await everything(field)) + str(field.publisher.envelopes)
    assert "113.602" not in kept
    assert "34.702" not in kept


@pytest.mark.parametrize("hours", [-2, 9, 24 * 5])
async def test_off_shift_it_is_refused_and_nothing_is_stored(
    field: Twin, worker: Headers, travel: Travel, hours: int, capfd: pytest.CaptureFixture[str]
) -> None:
    at = MONDAY + timedelta(hours=hours)
    travel(at)
    before = await everything(field)
    capfd.readouterr()
    answer = await field.http.post(
        "/checkins", json=checkin(made_at=at.isoformat()), headers=worker
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "off_shift")
    assert "nothing was recorded" in answer.json()["detail"]
    assert _without_time(await everything(field)) == _without_time(before)
    said = "".join(capfd.readouterr())
    assert WORKER not in said
    assert "c-1" not in said


def _without_time(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Writers renew their leases meanwhile."""
    return {name: found for name, found in rows.items() if name != "writers"}


async def test_a_post_without_shifts_or_none_at_all_is_located_never(
    field: Twin, issuer: TestIssuer
) -> None:
    for person, status in ((IDLE, 409), ("p-999999", 403)):
        headers = who(issuer, person, "visits.write")
        answer = await field.http.post("/checkins", json=checkin(), headers=headers)
        assert answer.status_code == status


async def test_it_may_be_sent_days_later_and_twice_but_not_from_the_future(
    field: Twin, worker: Headers, travel: Travel
) -> None:
    travel(timedelta(days=6))
    first = await made(field, worker)
    again = await made(field, worker)
    future = checkin(2, made_at=(MONDAY + timedelta(days=7)).isoformat())

    assert again == first | {"repeated": True}
    assert len(field.published(CheckinRecorded)) == 1
    answer = await field.http.post("/checkins", json=future, headers=worker)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.made_at")


async def test_the_same_id_at_once_is_recorded_once(field: Twin, worker: Headers) -> None:
    answers = await asyncio.gather(*(made(field, worker) for _ in range(8)))

    assert len({answer["checkin"] for answer in answers}) == 1
    assert [answer["repeated"] for answer in answers].count(False) == 1
    assert await field.runtime.database["checkin_places"].count_documents({}) == 1


async def test_of_the_same_id_the_first_stands_and_for_another_post_it_is_refused(
    field: Twin, worker: Headers
) -> None:
    first = await made(field, worker)
    earlier = (MONDAY - timedelta(minutes=9)).isoformat()
    again = await made(field, worker, made_at=earlier, point=IN_EAST)
    assert again == first | {"repeated": True}

    other = checkin(post=first["posting"])
    answer = await field.http.post("/checkins", json=other, headers=worker)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_who_looks_is_noted_and_the_person_sees_it(
    field: Twin, worker: Headers, leader: Headers
) -> None:
    url = f"/checkins/{(await made(field, worker))['checkin']}/place"
    assert (await field.http.get(url, headers=leader)).status_code == 422
    found = (await field.http.get(url, params=PLACE, headers=leader)).json()

    assert found["point"] == IN_WEST
    [row] = [row async for row in field.runtime.database["vault_audit"].find({})]
    assert (row["who"], row["person"], row["purpose"]) == ("p-000001", WORKER, "safety")
    mine = (await field.http.get("/me/data", headers=worker)).json()
    assert [(each["who"], each["what"]) for each in mine["looked_at"]] == [("p-000001", "place")]
    assert mine["checkins"][0]["point"] == IN_WEST


async def test_the_scope_alone_does_not_show_another_grids_places(
    field: Twin, worker: Headers, other: Headers
) -> None:
    url = f"/checkins/{(await made(field, worker))['checkin']}/place"

    assert (await field.http.get(url, params=PLACE, headers=other)).status_code == 404
    assert (await field.http.get(url, params=PLACE, headers=worker)).status_code == 403
    assert await field.runtime.database["vault_audit"].count_documents({}) == 0


async def test_after_thirty_days_only_inside_or_outside_is_left(
    field: Twin, worker: Headers, leader: Headers, travel: Travel
) -> None:
    url = f"/checkins/{(await made(field, worker))['checkin']}/place"
    database = field.runtime.database
    keys = await database["vault_keys"].count_documents({})
    travel(MONDAY + timedelta(days=29, hours=23))
    assert await room_of(field).forget_once() == 0
    travel(MONDAY + timedelta(days=30, seconds=1))

    assert (await field.http.get(url, params=PLACE, headers=leader)).status_code == 404
    assert await room_of(field).forget_once() == 1
    assert await database["checkin_places"].count_documents({}) == 0
    assert await database["vault_keys"].count_documents({}) == keys - 1
    [row] = (await field.http.get("/me/data", headers=worker)).json()["checkins"]
    assert (row["inside"], row["point"], row["kept_until"]) == (True, None, None)


async def test_what_is_sent_when_its_time_is_over_keeps_no_coordinates(
    field: Twin, worker: Headers, travel: Travel
) -> None:
    travel(timedelta(days=31))

    assert (await made(field, worker))["inside"] is True
    assert await field.runtime.database["checkin_places"].count_documents({}) == 0


async def test_only_staff_check_in(field: Twin, issuer: TestIssuer) -> None:
    assert (await field.http.post("/checkins", json=checkin())).status_code == 401
    reader = who(issuer, OTHER, "visits.read")
    assert (await field.http.post("/checkins", json=checkin(), headers=reader)).status_code == 403
