"""Who may read whose diary, and what everybody may read of themselves."""

from datetime import timedelta
from typing import Any

from case_contracts.events.intake import ReportReceived
from tests.integration.intake.visits.conftest import SERVICE, Headers, Travel, checkin, who
from tests.integration.intake.visits.test_visits import HANDED_IN, PURPOSE, logged
from tests.support.small_district import EAST, MANHOLE, ROOT, WEST
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.intake.visits.people import GROUP, LEADER, MONDAY, OTHER, WORKER


async def seen(twin: Twin, headers: Headers, **params: Any) -> list[str]:
    answer = await twin.http.get("/visits", params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return [row["visit"] for row in answer.json()["visits"]]


async def status(twin: Twin, headers: Headers, url: str, **params: Any) -> int:
    return (await twin.http.get(url, params=params, headers=headers)).status_code


async def test_ones_own_diary_in_pages(field: Twin, worker: Headers, other: Headers) -> None:
    times = [(MONDAY - timedelta(hours=n // 2)).isoformat() for n in range(5)]
    ids = [
        (await logged(field, worker, number=n, visited_at=at))["visit"]["visit"]
        for n, at in enumerate(times)
    ]
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": 2} | ({"after": cursor} if cursor else {})
        page = (await field.http.get("/visits", params=params, headers=worker)).json()
        found += [row["visit"] for row in page["visits"]]
        cursor = page["cursor"]

    assert sorted(found) == sorted(ids)
    assert len(set(found)) == 5
    assert await seen(field, other) == []


async def test_a_period_bounds_it(field: Twin, worker: Headers, travel: Travel) -> None:
    await logged(field, worker)
    travel(timedelta(days=60))

    assert await seen(field, worker) == []
    span = {"since": MONDAY.isoformat(), "until": (MONDAY + timedelta(seconds=1)).isoformat()}
    assert len(await seen(field, worker, **span)) == 1
    wide = {"since": "2020-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}
    assert await status(field, worker, "/visits", **wide) == 422
    assert await status(field, worker, "/visits", after="nonsense") == 422


async def test_another_persons_diary_is_refused(
    field: Twin, worker: Headers, other: Headers, leader: Headers
) -> None:
    theirs = (await logged(field, worker, note="words"))["visit"]["visit"]

    assert await status(field, other, "/visits", person=WORKER) == 403
    assert await status(field, other, "/visits", grid=WEST) == 403
    assert await status(field, worker, "/visits", grid=WEST) == 403  # without visits.read
    assert await status(field, other, f"/visits/{theirs}/note", **PURPOSE) == 404
    assert await seen(field, leader, grid=ROOT, person=WORKER) == [theirs]
    assert await seen(field, leader, grid=EAST) == []


async def test_a_note_is_read_for_a_purpose_and_that_is_noted(
    field: Twin, worker: Headers, leader: Headers
) -> None:
    url = f"/visits/{(await logged(field, worker, note='带去了表格'))['visit']['visit']}/note"

    listed = await field.http.get("/visits", params={"grid": WEST}, headers=leader)
    assert "带去了表格" not in listed.text
    assert listed.json()["visits"][0]["noted"] is True
    assert await status(field, leader, url) == 422
    note = (await field.http.get(url, params=PURPOSE, headers=leader)).json()["note"]
    assert note == "带去了表格"
    mine = (await field.http.get("/me/data", headers=worker)).json()
    [looked] = mine["looked_at"]
    assert (looked["who"], looked["what"]) == ("p-000001", "visit-note")


async def test_an_erased_note_is_gone_for_good(
    field: Twin, worker: Headers, issuer: TestIssuer
) -> None:
    found = await logged(field, worker, note="words")
    url = f"/visits/{found['visit']['visit']}/note"
    eraser = who(issuer, "p-000009", "vault.erase")
    answer = await field.http.delete(url, params=PURPOSE, headers=eraser)

    assert answer.status_code == 204
    assert await status(field, worker, url, **PURPOSE) == 404
    await logged(field, worker, note="words")
    assert await status(field, worker, url, **PURPOSE) == 404
    [held] = (await field.http.get("/me/data", headers=worker)).json()["visits"]
    assert (held["note"], held["visit"]["noted"]) == (None, True)


async def test_me_data_holds_all_of_oneself_and_nothing_of_others(
    field: Twin, worker: Headers, other: Headers
) -> None:
    visited = await logged(field, worker, group=GROUP, note="words", services=[HANDED_IN])
    await field.http.post("/checkins", json=checkin(), headers=worker)
    await field.http.post("/reports", json={"matter": SERVICE})
    await eventually(lambda: len(field.published(ReportReceived)) == 2)
    mine = await eventually(lambda: _data(field, worker))

    assert (mine["person"], mine["year"]) == (WORKER, 2026)
    assert [post["grid"] for post in mine["posts"]] == [WEST]
    assert [group["group"] for group in mine["groups"]] == [GROUP]
    assert [held["note"] for held in mine["visits"]] == ["words"]
    [report] = mine["reports"]
    assert report["report"] == visited["services"][0]["report"]
    assert report["roles"] == ["by", "receiver"]
    assert {each["service"] for each in mine["elsewhere"]} >= {"registry", "dispatch"}
    theirs = (await field.http.get("/me/data", headers=other)).json()
    assert (theirs["person"], theirs["visits"], theirs["reports"]) == (OTHER, [], [])
    past = await field.http.get("/me/data", params={"year": 2025}, headers=worker)
    assert (past.json()["visits"], past.json()["checkins"]) == ([], [])


async def _data(twin: Twin, headers: Headers) -> dict[str, Any] | None:
    found: dict[str, Any] = (await twin.http.get("/me/data", headers=headers)).json()
    return found if found["checkins"] and found["reports"] else None


async def test_me_data_needs_a_person_and_no_scope(field: Twin, issuer: TestIssuer) -> None:
    nobody = issuer.bearer("service:gateway", "", "intake", "service")

    assert await status(field, {}, "/me/data") == 401
    assert await status(field, nobody, "/me/data") == 403
    assert await status(field, who(issuer, "p-999999", ""), "/me/data") == 200


async def test_codes_are_shown_in_both_languages(field: Twin, worker: Headers) -> None:
    found = (await field.http.get("/visits/codes", headers=worker)).json()

    assert found["topics"]["home-care"] == {"zh": "居家照料", "en": "Care at home"}
    assert "routine" in found["kinds"]


async def test_a_complaint_that_came_of_a_visit_is_not_told_to_whom_it_is_about(
    field: Twin, worker: Headers, leader: Headers
) -> None:
    complaint = {"matter": MANHOLE, "about": {"kind": "person", "id": LEADER}}
    made = await logged(field, worker, new_reports=[{"matter": MANHOLE}, complaint])
    plain, about = (each["report"] for each in made["new_reports"])

    async def reports(headers: Headers, **params: Any) -> list[str]:
        answer = await field.http.get("/visits", params=params, headers=headers)
        [row] = answer.json()["visits"]
        found: list[str] = row["reports"]
        return found

    assert await reports(leader, grid=ROOT) == [plain]
    assert await reports(worker) == [plain, about]
