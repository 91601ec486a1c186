"""What can be asked of a loaded district, and revoking a charter."""

from typing import Any

import pytest

from case_contracts.events.registry import CharterRevoked
from tests.integration.registry.test_loading import Headers, load
from tests.support.twin import Twin
from tests.unit.registry.small import edited

REVOKE = "/charters/charter:roads/revocation"
WHY = {"reason": "handed over", "approved_by": ["p-1", "p-2"]}


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    files = edited("district.yaml", "2026-01-01", "2020-01-01")
    files = edited("postings.csv", "p-4,worker,410102,true,,,",
                   "p-4,worker,410102,true,,,2021-01-01T00:00:00Z", files)  # fmt: skip
    assert (await load(registry, writer, files)).status_code == 200
    return registry


async def ask(registry: Twin, path: str, headers: Headers, status: int = 200) -> Any:
    answer = await registry.http.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_where_a_place_lies(loaded: Twin, reader: Headers) -> None:
    [hit] = await ask(loaded, "/grids/at?lon=113.2&lat=34.2", reader)
    assert hit == {
        "grid": "410101", "level": "unit", "path": ["41", "4101"], "on_border": False
    }  # fmt: skip
    border = await ask(loaded, "/grids/at?lon=114&lat=34.2", reader)
    assert [(h["grid"], h["on_border"]) for h in border] == [("410101", True), ("410102", True)]
    assert await ask(loaded, "/grids/at?lon=10&lat=10", reader) == []
    then = "at=2019-06-01T00:00:00Z"
    assert await ask(loaded, f"/grids/at?lon=113.2&lat=34.2&{then}", reader) == []


async def test_grids_by_code_level_and_parent(loaded: Twin, reader: Headers) -> None:
    grid = await ask(loaded, "/grids/410102", reader)
    assert grid["geometry"]["type"] == "Polygon"
    units = await ask(loaded, "/grids?level=unit&parent=4101", reader)
    assert [unit["grid"] for unit in units] == ["410101", "410102"]
    assert "geometry" not in units[0]
    assert [g["grid"] for g in await ask(loaded, "/grids?limit=2&after=41", reader)] == [
        "4101", "410101",
    ]  # fmt: skip
    problem = await ask(loaded, "/grids/4199", reader, 404)
    assert problem["code"] == "not_found"
    await ask(loaded, "/grids/410102?at=2019-06-01T00:00:00Z", reader, 404)


async def test_who_answers_for_a_matter(loaded: Twin, reader: Headers) -> None:
    asked = "/charters/explain?matter=part/roads/pothole&grid=410101"
    answer = await ask(loaded, asked, reader)
    assert (answer["lead"]["department"], answer["lead"]["pattern"]) == ("roads", "part/roads/*")
    assert (answer["lead"]["ground"], answer["fallback"]) == ("41", None)
    litter = await ask(loaded, "/charters/explain?matter=event/street/litter&grid=410101", reader)
    assert (litter["lead"], litter["fallback"]) == (None, "410101")
    assert [s["department"] for s in litter["support"]] == ["water"]
    await ask(loaded, "/charters/explain?matter=part/roads/pothole&grid=4199", reader, 404)
    await ask(loaded, "/charters/explain?matter=part/sea/wave&grid=41", reader, 404)


async def test_revoking_a_charter(loaded: Twin, reader: Headers, writer: Headers) -> None:
    key = {"Idempotency-Key": "once"}
    answer = await loaded.http.post(REVOKE, json=WHY, headers=writer | key)
    assert answer.status_code == 200, answer.text
    [revoked] = loaded.published(CharterRevoked)
    assert (revoked.charter, revoked.version, revoked.department) == ("charter:roads", 1, "roads")

    again = await loaded.http.post(REVOKE, json=WHY, headers=writer | key)
    assert again.json() == answer.json()
    other = await loaded.http.post(REVOKE, json={**WHY, "reason": "another"}, headers=writer | key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(loaded.published(CharterRevoked)) == 1
    asked = "/charters/explain?matter=part/roads/pothole&grid=410101"
    assert (await ask(loaded, asked, reader))["fallback"] == "410101"

    granted, ended = await ask(loaded, "/audit/charter:roads", reader)
    assert granted["events"][0]["type"] == "charter.granted.v1"
    assert ended["actor"]["id"] == "operator-1"
    assert ended["actor"]["purpose"] == "handed over (approved by p-1, p-2)"
    assert ended["prev_hash"] == granted["hash"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (REVOKE, {**WHY, "approved_by": ["p-1"]}, 422, "invalid"),
        (REVOKE, {**WHY, "approved_by": ["p-1", "p-1"]}, 422, "invalid"),
        (REVOKE, {**WHY, "valid_to": "2021-01-01T00:00:00Z"}, 409, "in_the_past"),
        (REVOKE, {**WHY, "until": "2021-01-01T00:00:00Z"}, 422, "invalid"),
        ("/charters/charter:none/revocation", WHY, 404, "not_found"),
    ],
)
async def test_a_revocation_that_is_refused(
    loaded: Twin, writer: Headers, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await loaded.http.post(path, json=body, headers=writer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert loaded.published(CharterRevoked) == []


async def test_standards_and_calendars(loaded: Twin, reader: Headers) -> None:
    standard = await ask(loaded, "/standards/lanhe", reader)
    assert [m["code"] for m in standard["matters"]] == ["part/roads/pothole", "event/street/litter"]
    assert (await ask(loaded, "/calendars/lanhe-work?version=1", reader))["version"] == 1
    await ask(loaded, "/calendars/lanhe-work?version=2", reader, 404)
    await ask(loaded, "/standards/none", reader, 404)


async def test_postings_by_grid_and_person(loaded: Twin, reader: Headers) -> None:
    [posting] = await ask(loaded, "/postings?grid=410101", reader)
    assert (posting["person"], posting["valid_to"]) == ("p-3", None)
    assert await ask(loaded, "/postings?person=p-4", reader) == []
    [past] = await ask(loaded, "/postings?person=p-4&at=2020-06-01T00:00:00Z", reader)
    assert past["grid"] == "410102"
    assert await ask(loaded, "/postings?person=p-4&grid=410101", reader) == []
    await ask(loaded, "/postings", reader, 422)


async def test_nothing_is_told_without_the_right(registry: Twin, writer: Headers) -> None:
    paths = [
        "/grids", "/grids/at?lon=1&lat=1", "/grids/41", "/charters/explain?matter=a&grid=b",
        "/standards/lanhe", "/calendars/lanhe", "/postings?grid=41", "/audit/grid:41",
    ]  # fmt: skip
    for path in paths:
        await ask(registry, path, {}, 401)
    assert (await registry.http.post(REVOKE, json=WHY)).status_code == 401


async def test_the_service_is_ready_and_describes_itself(registry: Twin) -> None:
    assert (await registry.http.get("/readyz")).status_code == 200
    paths = (await registry.http.get("/openapi.json")).json()["paths"]
    own = [path for path in paths if not path.startswith(("/held", "/commits"))]
    assert {"/districts", "/grids/at", "/charters/explain", "/audit/{aggregate}"} <= set(own)
