"""The territory over HTTP: changed for a time to come, brought in and out, looked through."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from case_contracts.events.registry import GridPublished, GridRetired, PostingEnded
from service_kit import clock
from tests.integration.registry.test_loading import Headers, load, subjects
from tests.support.twin import Twin
from tests.unit.registry.land import files, square

WHY = {"reason": "decision 7"}
PARTS = [
    {"grid": f"n{n}", "name": {"zh": "新", "en": "New"}, "geometry": outline, "households": 4}
    for n, outline in enumerate((square(0, 0, 2, 2), square(0, 2, 2, 4)), 1)
]
CENTRE = "lon=113.015625&lat=34.01"
BORDER = (113 + 2 / 64, 34 + 1 / 64)


@pytest.fixture
async def land(registry: Twin, writer: Headers) -> Twin:
    answer = await load(registry, writer, files())
    assert answer.status_code == 200, answer.text
    return registry


async def send(
    land: Twin, path: str, headers: Headers, body: Any, status: int = 200, **more: Any
) -> Any:
    answer = await land.http.post(path, json=body, headers=headers, **more)
    assert answer.status_code == status, answer.text
    return answer.json()


async def ask(land: Twin, path: str, headers: Headers, **query: Any) -> Any:
    answer = await land.http.get(path, headers=headers, params=query or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_split_decided_today_for_a_day_to_come(
    land: Twin, reader: Headers, writer: Headers
) -> None:
    when = clock.now() + timedelta(days=30)
    body = {**WHY, "valid_from": when.isoformat(), "parts": PARTS}
    dry = await send(land, "/grids/u000/split?dry_run=true", writer, body)
    assert dry["published"] == {
        "grid.retired.v1": 1, "grid.published.v1": 2, "posting.ended.v1": 1,
    }  # fmt: skip
    assert "posting:u000:1" in [each["aggregate"] for each in dry["things"]]
    assert land.published(GridRetired) == []

    key = {"Idempotency-Key": "split"}
    made = await send(land, "/grids/u000/split", writer | key, body)
    again = await send(land, "/grids/u000/split", writer | key, body)
    assert made == again
    assert len(land.published(GridRetired)) == 1
    assert [e.valid_to for e in land.published(PostingEnded)] == [when]

    [today] = await ask(land, f"/grids/at?{CENTRE}", reader)
    [then] = await ask(land, "/grids/at", reader, lon=113.015625, lat=34.01, at=when.isoformat())
    before = (when - timedelta(seconds=1)).isoformat()
    [still] = await ask(land, "/grids/at", reader, lon=113.015625, lat=34.01, at=before)
    assert (today["grid"], still["grid"], then["grid"]) == ("u000", "u000", "n1")
    rows = await ask(land, "/audit/grid:n1", reader)
    assert rows[0]["actor"]["purpose"] == "decision 7"


async def test_a_refused_change_lists_all_errors_and_shows_them_on_a_map(
    land: Twin, writer: Headers
) -> None:
    before = len(subjects(land))
    wrong = [PARTS[0], {**PARTS[1], "grid": "u001", "geometry": square(0, 2, 2, 3)}]
    problem = await send(land, "/grids/u000/split?map=true", writer, {**WHY, "parts": wrong}, 422)
    assert problem["code"] == "change_invalid"
    assert [each["code"] for each in problem["errors"]] == ["code_used"]
    wrong[1]["grid"] = "n2"
    problem = await send(land, "/grids/u000/split?map=true", writer, {**WHY, "parts": wrong}, 422)
    assert [each["code"] for each in problem["errors"]] == ["ground_changes"]
    assert problem["errors"][0]["origin"]["file"] == "body.parts"
    drawn = ET.fromstring(problem["map"])
    assert drawn.tag.endswith("svg")
    assert "错误 error" in problem["map"]
    assert len(subjects(land)) == before, "nothing is half applied"


async def test_merge_redraw_move_and_retire(land: Twin, reader: Headers, writer: Headers) -> None:
    merged = {**WHY, "grids": ["u000", "u001"], "into": {"grid": "u000"}}
    assert (await send(land, "/grids/merge", writer, merged))["warnings"] == []
    redrawn = {**WHY, "grids": [
        {"grid": "u010", "geometry": square(0, 4, 1, 8)},
        {"grid": "u011", "geometry": square(1, 4, 4, 8)},
    ]}  # fmt: skip
    await send(land, "/grids/redraw", writer, redrawn)
    await send(land, "/grids/u100/move", writer, {**WHY, "parent": "c11"})
    ended = await send(land, "/grids/u110/retirement?map=true", writer, WHY)
    assert [each["code"] for each in ended["warnings"]] == ["gap_in_parent"]
    assert ended["warnings"][0]["grids"] == ["c11"]
    assert "c11" in ended["map"]
    units = await ask(land, "/grids?level=unit", reader)
    assert {each["grid"]: each["parent"] for each in units} == {
        "u000": "c00", "u010": "c01", "u011": "c01", "u100": "c11", "u101": "c10", "u111": "c11",
    }  # fmt: skip


async def test_what_is_exported_is_imported_again_without_a_change(
    land: Twin, reader: Headers, writer: Headers
) -> None:
    answer = await land.http.get("/grids/export?level=unit", headers=reader)
    assert answer.headers["content-type"] == "application/geo+json"
    exported = answer.json()
    assert len(exported["features"]) == 8
    query = "level=unit&reason=survey"
    same = await send(land, f"/grids/import?{query}", writer, exported)
    assert same["published"] == {}
    content = json.dumps(exported | {"name": "unit", "bbox": [1, 2, 3, 4]})
    headers = writer | {"Content-Type": "application/geo+json"}
    answer = await land.http.post(f"/grids/import?{query}", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    exported["features"][0]["properties"]["households"] = 9
    changed = await send(land, f"/grids/import?{query}", writer, exported)
    assert changed["published"] == {"grid.published.v1": 1}
    parents = await ask(land, "/grids/export?parent=c00", reader)
    assert [f["properties"]["grid"] for f in parents["features"]] == ["u000", "u001"]
    assert parents["features"][0]["properties"]["households"] == 9


WRONG_IMPORTS: list[tuple[dict[str, Any], str]] = [
        ({"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}},
         "not_wgs84"),
        ({"features": [{"type": "Feature", "properties": {"grid": "u777"},
                        "geometry": square(0, 0, 1, 1)}]}, "field_missing"),
        ({"features": [{"type": "Feature", "properties": {"grid": "u000"},
                        "geometry": {"type": "Polygon", "coordinates":
                                     [[[113, 34], [113.1, 34.1], [113.1, 34], [113, 34.1],
                                       [113, 34]]]}}]}, "outline_invalid"),
        ({"features": [{"type": "Feature", "properties": {"grid": "u000"},
                        "geometry": {"type": "Polygon", "coordinates":
                                     [[["113", "34"], ["x", "34.1"]]]}}]}, "outline_malformed"),
        ({"features": [{"type": "Feature", "properties": {"grid": "u000"},
                        "geometry": {"type": "Polygon", "coordinates": {"$ne": ""}}}]},
         "outline_malformed"),
    ]  # fmt: skip


async def test_an_import_that_is_refused(land: Twin, reader: Headers, writer: Headers) -> None:
    exported = await ask(land, "/grids/export?level=unit", reader)
    for changed, error in WRONG_IMPORTS:
        body = exported | changed
        problem = await send(land, "/grids/import?level=unit&reason=x", writer, body, 422)
        [found] = problem["errors"]
        assert (found["code"], bool(found["hint"])) == (error, True)
        assert found["origin"]["file"] in ("body.features.0", "body.crs")


async def test_grids_near_a_border_are_ranked(land: Twin, reader: Headers) -> None:
    lon, lat = BORDER
    exact = await ask(land, "/grids/at", reader, lon=lon, lat=lat, within=100)
    assert [(h["grid"], h["share"], h["rank"]) for h in exact] == [
        ("u000", 0.5, 1), ("u001", 0.5, 1),
    ]  # fmt: skip
    assert all(h["on_border"] for h in exact)
    near = await ask(land, "/grids/at", reader, lon=lon - 0.0003, lat=lat, within=100)
    assert [(h["grid"], h["rank"], h["on_border"]) for h in near] == [
        ("u000", 1, False), ("u001", 2, False),
    ]  # fmt: skip
    assert near[0]["share"] + near[1]["share"] == pytest.approx(1, abs=1e-3)
    [alone] = await ask(land, "/grids/at", reader, lon=lon - 0.0003, lat=lat)
    assert (alone["grid"], "share" in alone) == ("u000", False)
    assert await ask(land, "/grids/at", reader, lon=1, lat=1, within=2000) == []


async def test_what_is_wrong_with_the_territory(
    land: Twin, reader: Headers, writer: Headers
) -> None:
    fine = await ask(land, "/grids/findings?map=true", reader)
    assert fine == {
        "grids": {"district": 1, "street": 2, "community": 4, "unit": 8},
        "errors": [], "warnings": [], "map": None,
    }  # fmt: skip
    await send(land, "/grids/u110/retirement", writer, WHY)
    now = await ask(land, "/grids/findings?map=true", reader)
    assert [each["code"] for each in now["warnings"]] == ["gap_in_parent"]
    assert "<svg" in now["map"]
    then = await ask(land, "/grids/findings", reader, at="2026-02-01T00:00:00Z")
    assert then["warnings"] == []


async def test_who_may_change_the_territory(land: Twin, reader: Headers) -> None:
    before = len(land.published(GridPublished))
    for path, body in (
        ("/grids/u000/split", {**WHY, "parts": PARTS}),
        ("/grids/merge", {**WHY, "grids": ["u000", "u001"], "into": {"grid": "u000"}}),
        ("/grids/redraw", {**WHY, "grids": [{"grid": "u000", "households": 3}]}),
        ("/grids/u000/move", {**WHY, "parent": "c01"}),
        ("/grids/u000/retirement", WHY),
        ("/grids/import?level=unit&reason=x", {"type": "FeatureCollection", "features": []}),
    ):
        assert (await land.http.post(path, json=body)).status_code == 401
        assert (await land.http.post(path, json=body, headers=reader)).status_code == 403
    for path in ("/grids/export", "/grids/findings"):
        assert (await land.http.get(path)).status_code == 401
    assert len(land.published(GridPublished)) == before


UNDOCUMENTED: list[tuple[str, Any]] = [
    ("/grids/u000/split", {**WHY, "parts": PARTS, "colour": "red"}),
    ("/grids/u000/split", {**WHY, "parts": PARTS[:1]}),
    ("/grids/u000/split", {"parts": PARTS}),
    ("/grids/merge", {**WHY, "grids": [{"$ne": ""}, "u001"], "into": {"grid": "u000"}}),
    ("/grids/u000/move", {**WHY, "parent": {"$ne": ""}}),
    ("/grids/u000/move", {**WHY, "parent": "c01", "codes": {"u000": {"$ne": ""}}}),
    ("/grids/u000/retirement", {**WHY, "valid_from": "2026-06-01T00:00:00"}),
    ("/grids/import?level=unit&reason=x", {"type": "FeatureCollection", "features": []}),
]


async def test_a_body_that_is_not_as_documented(land: Twin, writer: Headers) -> None:
    for path, body in UNDOCUMENTED:
        assert (await send(land, path, writer, body, 422))["code"] == "invalid"


async def test_the_past_and_what_is_not_there_are_refused(land: Twin, writer: Headers) -> None:
    past = {**WHY, "valid_from": "2026-02-01T00:00:00Z"}
    problem = await send(land, "/grids/u000/retirement", writer, past, 422)
    assert [each["code"] for each in problem["errors"]] == ["in_the_past"]
    for code in ("u999", "a%2Fb", "u000/../41", "%24ne"):
        answer = await land.http.post(f"/grids/{code}/retirement", json=WHY, headers=writer)
        assert answer.status_code in (404, 422), answer.text
