"""Versions of the calendar over HTTP, with the standard that pins them; drafts for a year."""

from typing import Any

import pytest

from case_contracts.events.registry import CalendarPublished, StandardPublished
from tests.integration.registry.test_loading import Headers, load
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.registry.small import bundle

NEXT = "2027-01-01T00:00:00+08:00"


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    assert (await load(registry, writer)).status_code == 200
    registry.publisher.envelopes.clear()
    return registry


def second(**changes: Any) -> dict[str, Any]:
    value = {**bundle().calendar.value, "version": 2, "valid_from": NEXT}
    return {**value, "exceptions": [{"day": "2027-01-01"}], **changes}


async def post(registry: Twin, path: str, body: Any, headers: Headers, status: int = 200) -> Any:
    answer = await registry.http.post(path, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_calendar_and_the_standard_that_pins_it_are_one_change(
    loaded: Twin, writer: Headers
) -> None:
    path = "/calendars?pinned_by=lanhe"
    dry = await post(loaded, f"{path}&dry_run=true", second(), writer)
    counts = {"calendar.published.v1": 1, "standard.published.v1": 1}
    assert (dry["published"], dry["warnings"]) == (counts, [])
    assert loaded.publisher.envelopes == []

    assert (await post(loaded, path, second(), writer))["published"] == counts
    calendar, standard = loaded.published(CalendarPublished, StandardPublished)
    assert (calendar.version, standard.version, standard.calendar.version) == (2, 2, 2)
    assert standard.valid_from == calendar.valid_from
    assert (await post(loaded, path, second(), writer))["published"] == {}


async def test_a_calendar_that_nobody_pins_says_so(loaded: Twin, writer: Headers) -> None:
    answer = await post(loaded, "/calendars", second(), writer)
    [warning] = answer["warnings"]
    assert (warning["code"], warning["hint"]) == ("calendar_unused", "send it with pinned_by=lanhe")


async def test_a_standard_that_pins_what_is_not_there_is_told_what_to_do(
    loaded: Twin, writer: Headers
) -> None:
    body = bundle().standard.value | {
        "version": 2, "valid_from": NEXT, "calendar": {"id": "lanhe-work", "version": 2},
    }  # fmt: skip
    [error] = (await post(loaded, "/standards", body, writer, 422))["errors"]
    assert error["code"] == "calendar_differs"
    assert "pinned_by" in error["hint"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 1}, "version_published"),
        ({"zone": "Asia/Nowhere"}, "zone_unknown"),
        ({"weekdays": {"1": []}}, "no_working_hours"),
        ({"exceptions": [{"day": "2027-01-01"}, {"day": "2027-01-01"}]}, "day_twice"),
        ({"exceptions": [{"day": "2027-01-01", "hourz": []}]}, "field_unknown"),
        ({"weekdays": {"1": [{"start": "12:00", "end": "08:00"}]}}, "hours_order"),
    ],
)
@pytest.mark.parametrize("query", ["", "?pinned_by=lanhe"])
async def test_a_wrong_calendar_is_refused_whole(
    loaded: Twin, writer: Headers, changes: dict[str, Any], code: str, query: str
) -> None:
    answer = await post(loaded, f"/calendars{query}", second(**changes), writer, 422)
    assert code in [each["code"] for each in answer["errors"]]
    assert loaded.publisher.envelopes == []


async def test_pinning_by_what_is_not_there(loaded: Twin, writer: Headers) -> None:
    await post(loaded, "/calendars?pinned_by=none", second(), writer, 404)


async def test_a_draft_is_published_as_it_is(
    loaded: Twin, reader: Headers, writer: Headers
) -> None:
    wanted = {"calendar": "lanhe-work", "country": "CN", "year": 2026,
              "days": [{"day": "2026-12-24", "name": {"zh": "检修", "en": "Works"}}]}  # fmt: skip
    found = await post(loaded, "/calendars/draft", wanted, reader)
    assert (found["source"], found["holidays"], found["make_up_days"]) == ("chinesecalendar", 33, 6)
    assert found["draft"]["version"] == 2
    assert found["draft"]["exceptions"][-1]["day"] == "2026-12-24"
    assert loaded.publisher.envelopes == []
    answer = await post(loaded, "/calendars?pinned_by=lanhe", found["draft"], writer)
    assert sum(answer["published"].values()) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"calendar": "lanhe-work", "year": 2999}, "year_unknown"),
        ({"calendar": "lanhe-work", "year": 2026, "country": "QQ"}, "country_unknown"),
        ({"calendar": "of-its-own", "year": 2026}, "invalid"),
        ({"calendar": "lanhe-work", "year": 2026, "country": "all"}, "invalid"),
        (
            {"calendar": "own", "year": 2026, "zone": "Mars/North", "weekdays": {"1": []}},
            "zone_unknown",
        ),
        ({"calendar": {"$ne": ""}, "year": 2026}, "invalid"),
    ],
)
async def test_a_draft_that_cannot_be_made(
    loaded: Twin, reader: Headers, body: dict[str, Any], code: str
) -> None:
    assert (await post(loaded, "/calendars/draft", body, reader, 422))["code"] == code


async def test_rights(loaded: Twin, issuer: TestIssuer, reader: Headers) -> None:
    other = issuer.bearer("p-5", "registry.propose registry.approve", "registry")
    for who, status in (({}, 401), (reader, 403), (other, 403)):
        await post(loaded, "/calendars", second(), who, status)
    draft = {"calendar": "lanhe-work", "year": 2026}
    await post(loaded, "/calendars/draft", draft, {}, 401)
    await post(loaded, "/calendars/draft", draft, other, 403)
