"""What departments promise for a year: in indicators that are measured, and in public."""

from typing import Any

import pytest

from tests.integration.registry.test_loading import Headers, load
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.registry.small import edited, line_of

PROMISE = {"indicator": "on_time", "matters": "part/*", "at_least": 0.95}
BODY = {"year": 2026, "promises": [PROMISE]}


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    assert (await load(registry, writer)).status_code == 200
    registry.publisher.envelopes.clear()
    return registry


@pytest.fixture
def staff(issuer: TestIssuer) -> Headers:
    return issuer.bearer("p-11", "registry.propose", "registry", department="roads")


async def post(registry: Twin, body: Any, headers: Headers, status: int = 200) -> Any:
    answer = await registry.http.post("/commitments", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def listed(registry: Twin, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await registry.http.get(f"/commitments{query}")).json()
    return found


async def test_a_department_promises_in_public(loaded: Twin, staff: Headers) -> None:
    answer = await post(loaded, BODY, staff)
    assert answer["published"] == {"commitment.published.v1": 1}
    [found] = await listed(loaded)
    assert (found["department"], found["year"]) == ("roads", 2026)
    assert found["department_name"] == {"zh": "道路局", "en": "Roads"}
    assert found["promises"][0]["words"] == {
        "zh": "按期处置率不低于0.95（part/*）",
        "en": "Handled on time at least 0.95 (part/*)",
    }
    assert await listed(loaded, "?year=2025") == []
    assert await listed(loaded, "?department=water") == []


async def test_said_anew_it_replaces_and_said_again_it_is_nothing(
    loaded: Twin, staff: Headers, writer: Headers, reader: Headers
) -> None:
    await post(loaded, BODY, staff)
    assert (await post(loaded, BODY, staff))["published"] == {}
    more = {**BODY, "promises": [PROMISE, {"indicator": "rework", "at_most": 0.1}]}
    await post(loaded, {**more, "department": "roads"}, writer)
    [found] = await listed(loaded, "?department=roads&year=2026")
    assert [each["indicator"] for each in found["promises"]] == ["on_time", "rework"]
    audit = await loaded.http.get("/audit/commitment:roads:2026", headers=reader)
    assert [row["actor"]["id"] for row in audit.json()] == ["p-11", "operator-1"]


@pytest.mark.parametrize(
    ("promises", "code", "hint"),
    [
        ([{"indicator": "speed", "at_least": 0.5}], "indicator_unknown", "on_time (按期处置率)"),
        ([{"indicator": "on_time"}], "promise_open", "at_least"),
        ([{"indicator": "on_time", "at_least": 95}], "promise_out_of_range", "0.95"),
        ([{"indicator": "on_time", "at_least": 0.9, "at_most": 0.5}], "promise_out_of_range",
         "exchange"),
        ([PROMISE, PROMISE], "promise_twice", "remove"),
        ([{**PROMISE, "at_leest": 1}], "field_unknown", "at_leest"),
    ],
)  # fmt: skip
async def test_a_promise_that_cannot_be_kept_or_broken(
    loaded: Twin, staff: Headers, promises: list[dict[str, Any]], code: str, hint: str
) -> None:
    answer = await post(loaded, {**BODY, "promises": promises}, staff, 422)
    [error] = answer["errors"]
    assert error["code"] == code
    assert hint in error["hint"]
    assert loaded.publisher.envelopes == []


async def test_a_pattern_that_fits_nothing_is_a_warning(loaded: Twin, staff: Headers) -> None:
    body = {**BODY, "promises": [{**PROMISE, "matters": "hazard/*"}]}
    assert [w["code"] for w in (await post(loaded, body, staff))["warnings"]] == [
        "pattern_fits_nothing"
    ]


async def test_rights(
    loaded: Twin, issuer: TestIssuer, staff: Headers, reader: Headers, writer: Headers
) -> None:
    nowhere = issuer.bearer("p-1", "registry.propose", "registry")
    for who, status in (({}, 401), (reader, 403), (nowhere, 403), (writer, 422)):
        await post(loaded, BODY, who, status)
    await post(loaded, {**BODY, "department": "water"}, staff, 403)
    await post(loaded, {**BODY, "department": "none"}, writer, 422)
    assert loaded.publisher.envelopes == []


async def test_commitments_come_with_a_district(registry: Twin, writer: Headers) -> None:
    said = """\
commitments:
- department: roads
  year: 2026
  promises:
  - {indicator: on_time, at_least: 0.95}
admissions:"""
    files = edited("district.yaml", "admissions:", said)
    wrong = edited("district.yaml", "on_time", "speed", files)
    [error] = (await load(registry, writer, wrong)).json()["errors"]
    assert (error["code"], error["origin"]["line"]) == (
        "indicator_unknown", line_of(wrong, "district.yaml", "speed"),
    )  # fmt: skip
    assert (await load(registry, writer, files)).status_code == 200
    [found] = await listed(registry)
    assert found["promises"][0]["at_least"] == 0.95
