"""Two clients that nobody here made, and the published JSON Schemas, against the service on a
port: whatever they can ask, they understand the answer to."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import jsonschema
import pytest
from boston311 import api as boston_api  # type: ignore[import-untyped]  # has no types
from boston311.datamodels import Status  # type: ignore[import-untyped]  # has no types
from georeport import GeoReport  # type: ignore[import-untyped]  # has no types
from referencing import Registry, Resource

from case_contracts.events.dispatch import CaseClosed
from service_kit import clock
from tests.integration.intake.open311.conftest import (
    COVER,
    HEAP,
    REQUEST,
    Asking,
    case_of,
    listed,
    say,
)
from tests.support.data import require_data
from tests.support.small_district import IN_EAST
from tests.support.twin import Twin

T = TypeVar("T")
ELSEWHERE = {"lat": IN_EAST["lat"], "long": IN_EAST["lon"]}


@pytest.fixture
async def requests(intake: Twin) -> list[str]:
    """One that is closed and one that is open."""
    asking = Asking(intake, "json")
    closed = (await asking.made())["service_request_id"]
    opened = (await asking.made(**ELSEWHERE))["service_request_id"]
    for each in (closed, opened):
        await listed(intake, each)
    await say(intake, CaseClosed, await case_of(intake, closed), closed_at=clock.now())
    return [closed, opened]


async def ask(call: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """A client that waits for its answer, in a thread."""
    return await asyncio.to_thread(call, *arguments, **named)


@pytest.mark.parametrize("format_", ["json", "xml"])
async def test_georeport(address: str, requests: list[str], format_: str) -> None:
    client = GeoReport(f"{address}/open311/v2", jurisdiction="lanhe", output_format=format_)
    closed, opened = requests

    services = await ask(client.get_service_list)
    assert COVER in [each["service_code"] for each in services]
    definition = await ask(client.get_service_definition, HEAP)
    assert definition["service_code"] == HEAP
    found = await ask(client.get_service_requests)
    assert [each["service_request_id"] for each in found] == [opened, closed]
    by_id = await ask(client.get_service_requests, service_request_id=f"{closed},{opened}")
    assert [each["status"] for each in by_id] == ["closed", "open"]
    one = await ask(client.get_service_request, closed)
    assert (one["service_code"], one["status"]) == (COVER, "closed")
    since = (clock.now() - timedelta(days=1)).isoformat()
    until = (clock.now() + timedelta(days=1)).isoformat()
    filtered = await ask(
        client.get_service_requests, service_code=f"{COVER},{HEAP}", status="open,closed",
        start_date=since, end_date=until,
    )  # fmt: skip
    assert len(filtered) == 2


async def test_boston311(
    address: str, requests: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answers are typed: each field that it needs is there and of its kind."""
    monkeypatch.setattr(boston_api, "BOSTON_API_ENDPOINT", f"{address}/open311/v2/")
    closed, opened = requests

    services = await ask(boston_api.get_services)
    name = services.get_service_name(COVER)
    assert services.get_service_code(name) == COVER
    found = await ask(boston_api.get_service_requests)
    assert [each.service_request_id for each in found.service_requests] == [opened, closed]
    filtered = await ask(
        boston_api.get_service_requests, service_code=COVER, status=Status.CLOSED,
        start_date=clock.now() - timedelta(days=2), end_date=clock.now() + timedelta(days=2),
    )  # fmt: skip
    assert [each.service_request_id for each in filtered.service_requests] == [closed]
    one = await ask(boston_api.get_service_request, closed)
    assert one.status == Status.CLOSED
    assert one.requested_datetime.utcoffset() == timedelta(hours=8)


async def test_both_see_that_something_is_not_there(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boston_api, "BOSTON_API_ENDPOINT", f"{address}/open311/v2/")
    client = GeoReport(f"{address}/open311/v2", jurisdiction="elsewhere.gov")

    with pytest.raises(Exception, match="404"):
        await ask(client.get_service_list)
    with pytest.raises(Exception, match="404"):
        await ask(boston_api.get_service_request, "nothing")


async def test_the_published_schemas(address: str, requests: list[str]) -> None:
    """Also of requests without a place, and of lists with nothing in them."""
    folder = require_data("open311")
    only_words = {"service_code": COVER, "address_string": "somewhere"}
    async with httpx.AsyncClient(base_url=f"{address}/open311/v2") as http:
        made = (await http.post("/requests.json", data=only_words)).json()
        ids = ",".join([*requests, made[0]["service_request_id"]])
        checked = {
            "services.json": ["/services.json"],
            "service-definition.json": [
                f"/services/{code}.json" for code in (COVER, HEAP, "other")
            ],
            "requests.json": [
                "/requests.json",
                "/requests.json?status=closed",
                "/requests.json?service_code=nothing",
                f"/requests.json?service_request_id={ids}",
                *(f"/requests/{each}.json" for each in requests),
            ],
        }
        for name, paths in checked.items():
            for path in paths:
                answer = await http.get(path)
                assert answer.status_code == 200, path
                _validator(folder, name).validate(answer.json())


def _validator(folder: Path, name: str) -> jsonschema.Draft7Validator:
    schemas = {each.name: json.loads(each.read_text()) for each in folder.glob("*.json")}
    draft = "http://json-schema.org/draft-07/schema#"
    resources = [
        (each, Resource.from_contents({"$schema": draft, **schema}))
        for each, schema in schemas.items()
        if each != "swagger.json"
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    schema = {"$schema": draft, **schemas[name]}
    return jsonschema.Draft7Validator(schema, registry=registry, format_checker=checker)


def test_the_validator_can_fail() -> None:
    folder = require_data("open311")
    with pytest.raises(jsonschema.ValidationError):
        _validator(folder, "requests.json").validate([{**REQUEST, "status": "lost"}])
