"""Errors as the specification has them: a code, a description, the right HTTP status, in the
format asked for, for whatever fails below /open311."""

from typing import Any

import httpx
import pytest

from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from service_kit.mongo import PyMongoError
from tests.integration.intake.conftest import load
from tests.integration.intake.open311.conftest import HEAP, REQUEST, V2, Asking
from tests.support import stored
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, running

COUNTED = {"rate_address": "2/hour"}


def errors(asking: Asking, answer: httpx.Response, status: int) -> list[str]:
    """The descriptions, once status and codes are as they should be."""
    assert answer.status_code == status
    found = asking.content(answer)
    assert {each["code"] for each in found} == {str(status)}
    assert all(set(each) == {"code", "description"} for each in found)
    return [each["description"] for each in found]


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        ({"service_code": ""}, "service_code: was not provided"),
        ({"lat": "north"}, "lat: "),
        ({"lat": "nan"}, "lat: "),
        ({"lat": "91"}, "lat: "),
        ({"lat": ""}, "location: lat and long are needed together"),
        ({"lat": "", "long": ""}, "location: a place is needed"),
        ({"email": "nobody"}, "email: "),
        ({"phone": "call me"}, "phone: "),
        ({"media_url": "file:///etc/passwd"}, "media_url: "),
        ({"description": "x" * 4001}, "description: "),
        ({"attribute[condition]": "purple"}, "attribute[condition]: give one of the values"),
        ({"attribute[condition]": ["loose", "missing"]}, "attribute[condition]: give one"),
        ({"attribute[colour]": "red"}, "attribute[colour]: the service has no such attribute"),
        ({"attribute[condition]": "", "service_code": HEAP}, "attribute[condition]: was not"),
        ({"attribute[condition]": "", "service_code": "other"}, "description: was not provided"),
    ],
)
async def test_what_is_wrong_with_a_request_is_said_and_nothing_is_kept(
    asking: Asking, intake: Twin, change: dict[str, Any], begins: str
) -> None:
    [description] = errors(asking, await asking.post({**REQUEST, **change}), 400)

    assert description.startswith(begins)
    assert await intake.runtime.database["vault"].count_documents({}) == 0


async def test_each_thing_that_is_wrong_is_one_error(asking: Asking) -> None:
    answer = await asking.post({"email": "canary", "phone": "canary", "lat": "canary"})

    found = errors(asking, answer, 400)
    assert len(found) == 4
    assert "canary" not in answer.text


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
async def test_only_forms_are_taken(asking: Asking, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    url = f"{V2}/requests.{asking.format}"
    answer = await asking.twin.http.post(url, content=b"{}", headers=headers)

    [description] = errors(asking, answer, 400)
    assert "application/x-www-form-urlencoded" in description


async def test_unknown_services_jurisdictions_and_requests_are_404(asking: Asking) -> None:
    nobody = "0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d"
    answers = [
        await asking.post({**REQUEST, "service_code": "part_utilities_ufo"}),
        await asking.post({**REQUEST, "jurisdiction_id": "elsewhere.gov"}),
        await asking.get("services", jurisdiction_id="elsewhere.gov"),
        await asking.get("services/part_utilities_ufo"),
        await asking.get("requests", jurisdiction_id="elsewhere.gov"),
        await asking.get(f"requests/{nobody}"),
        await asking.get("requests/$where"),
        await asking.get("nothing/here"),
    ]
    for answer in answers:
        errors(asking, answer, 404)


async def test_our_own_jurisdiction_may_be_said(asking: Asking) -> None:
    assert (await asking.get("services", jurisdiction_id="lanhe")).status_code == 200
    assert (await asking.made(jurisdiction_id="lanhe"))["service_request_id"]


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        ({"start_date": "2026-01-05T08:00:00"}, "start_date: "),
        ({"end_date": "yesterday"}, "end_date: "),
        ({"end_date": "0001-01-01T00:00:00+14:00"}, "end_date: "),
        ({"status": "open,lost"}, "status: "),
        ({"page_size": 1001}, "page_size: "),
        ({"page": 0}, "page: "),
        ({"page": 6}, "page: ends with request 5000: ask for an earlier end_date"),
        (
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
            "start_date and end_date may not be more than 90 days apart",
        ),
    ],
)
async def test_filters_that_are_wrong(asking: Asking, change: dict[str, Any], begins: str) -> None:
    [description] = errors(asking, await asking.get("requests", **change), 400)
    assert description.startswith(begins)


async def test_a_bad_key_is_403(asking: Asking, issuer: TestIssuer) -> None:
    other = issuer.token("open311:app", "", "dispatch", "service")
    for key in ("nonsense", other):
        errors(asking, await asking.post({**REQUEST, "api_key": key}), 403)
    bad = await asking.post(REQUEST, Authorization="Bearer nonsense")
    errors(asking, bad, 403)
    assert "www-authenticate" not in bad.headers


async def test_a_key_says_who_reported(asking: Asking, issuer: TestIssuer) -> None:
    token = issuer.token("open311:app", "", "intake", "service")
    await asking.made(api_key=token)

    [found] = await stored.where(asking.twin.runtime.database, handler="intake.receive-report")
    assert found["actor"]["id"] == "open311:app"


async def test_a_district_may_ask_for_keys(
    asking: Asking, settings: dict[str, Any], issuer: TestIssuer
) -> None:
    strict = IntakeSettings(**settings, open311_key_required=True)
    async with running("intake", lambda edges: build(strict, edges), SUBSCRIPTIONS) as twin:
        await load(twin)
        there = Asking(twin, asking.format)
        [description] = errors(asking, await there.post(REQUEST), 403)
        assert "key" in description
        token = issuer.token("open311:app", "", "intake", "service")
        assert (await there.post({**REQUEST, "api_key": token})).status_code == 200
        assert (await there.get("services")).status_code == 200


@pytest.mark.parametrize("format_", ["json", "xml"])
async def test_before_a_district_is_loaded(empty: Twin, format_: str) -> None:
    there = Asking(empty, format_)
    for answer in (await there.get("services"), await there.post(REQUEST)):
        errors(there, answer, 503)
        assert answer.headers["Retry-After"]


@pytest.mark.parametrize("format_", ["json", "xml"])
async def test_too_many_requests(settings: dict[str, Any], format_: str) -> None:
    counted = IntakeSettings(**{**settings, **COUNTED})
    async with running("intake", lambda edges: build(counted, edges), SUBSCRIPTIONS) as twin:
        there = Asking(twin, format_)
        answers = [await there.get("services") for _ in range(3)]
        errors(there, answers[-1], 429)
        assert int(answers[-1].headers["Retry-After"]) > 0


async def test_too_large_a_body_and_a_wrong_method(asking: Asking) -> None:
    large = await asking.post({**REQUEST, "description": "x" * 1_100_000})
    errors(asking, large, 413)
    wrong = await asking.twin.http.delete(f"{V2}/services.{asking.format}")
    errors(asking, wrong, 405)


async def test_our_own_error_is_one_of_open311_too(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("intake.api.open311.services.service_list", broken)
    answer = await asking.get("services")
    errors(asking, answer, 500)
    assert "canary" not in answer.text


async def test_a_store_that_is_away_is_503_or_our_error(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise PyMongoError("canary")

    monkeypatch.setattr("intake.api.open311.requests.page_of", broken)
    answer = await asking.get("requests")
    errors(asking, answer, 500)
    assert "canary" not in answer.text


@pytest.mark.parametrize(
    ("path", "accept", "format_"),
    [
        ("services.html", "text/html", "xml"),
        ("services", "*/*", "xml"),
        ("services", "application/json", "json"),
        ("requests.yaml", "application/json", "json"),
    ],
)
async def test_without_a_format_there_is_nothing(
    intake: Twin, path: str, accept: str, format_: str
) -> None:
    answer = await intake.http.get(f"{V2}/{path}", headers={"Accept": accept})
    errors(Asking(intake, format_), answer, 404)


async def test_other_routes_keep_their_problems(intake: Twin) -> None:
    answer = await intake.http.get("/track/nonsense")
    assert answer.headers["content-type"] == "application/problem+json"
