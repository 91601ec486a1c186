"""Intake with the small district, asked as Open311 asks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from case_contracts.envelope import Envelope
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import CaseClosed, CaseReopened
from case_contracts.events.intake import ReportReceived
from intake.views.progress import report_state
from tests.support.served import served_here
from tests.support.small_district import IN_WEST, LITTER, MANHOLE
from tests.support.twin import Twin, eventually

V2 = "/open311/v2"
COVER, HEAP = MANHOLE.replace("/", "_"), LITTER.replace("/", "_")
REQUEST: dict[str, Any] = {
    "service_code": COVER,
    "attribute[condition]": "loose",
    "lat": IN_WEST["lat"],
    "long": IN_WEST["lon"],
}
EN = {"Accept-Language": "en"}


@dataclass
class Asking:
    """One format of Open311; ``content`` of either is the same for tests: lists and texts."""

    twin: Twin
    format: str

    async def get(self, path: str, **params: Any) -> httpx.Response:
        url = f"{V2}/{path}.{self.format}"
        return await self.twin.http.get(url, params=params, headers=EN)

    async def post(self, body: dict[str, Any], **headers: str) -> httpx.Response:
        url = f"{V2}/requests.{self.format}"
        return await self.twin.http.post(url, data=body, headers={**EN, **headers})

    def content(self, answer: httpx.Response) -> Any:
        """JSON as it is, with texts for numbers; XML likewise, nothing for an empty element."""
        kind = {"json": "application/json", "xml": "text/xml"}[self.format]
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        if self.format == "json":
            return _texts(answer.json())
        assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
        return _plain(fromstring(answer.content))

    async def made(self, **change: Any) -> dict[str, Any]:
        """A service request that was taken, once it can be found in lists."""
        answer = await self.post({**REQUEST, **change})
        assert answer.status_code == 200, answer.text
        [found] = self.content(answer)
        return dict(found)


LISTS = {"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"}


def _plain(element: Element) -> Any:
    if element.tag in LISTS:
        assert {child.tag for child in element} <= {_singular(element.tag)}
        return [_plain(child) for child in element]
    return {child.tag: _plain(child) for child in element} if len(element) else element.text


def _singular(tag: str) -> str:
    return "request" if tag == "service_requests" else tag.removesuffix("s")


def _texts(content: Any) -> Any:
    if isinstance(content, list):
        return [_texts(each) for each in content]
    if isinstance(content, dict):
        return {name: _texts(value) for name, value in content.items()}
    if isinstance(content, bool):
        return str(content).lower()
    return None if content is None else str(content)


@pytest.fixture(params=["json", "xml"])
def asking(request: pytest.FixtureRequest, intake: Twin) -> Asking:
    """Both formats, one after the other."""
    return Asking(intake, request.param)


@pytest.fixture
async def address(intake: Twin) -> AsyncIterator[str]:
    """The same running service on a port, for clients that speak real HTTP."""
    async with served_here(intake.app) as found:
        yield found


def report_of(request_id: str) -> str:
    return f"report:{request_id}"


async def case_of(twin: Twin, request_id: str) -> str:
    """The case that a request stands behind."""
    report = report_of(request_id)
    found = [e for e in twin.published(ReportReceived) if e.report == report]
    return str(found[0].case)


async def listed(twin: Twin, request_id: str) -> None:
    """Wait until the request is known; where it may stand in lists it does then."""
    await eventually(lambda: report_state(twin.runtime.database, report_of(request_id)))


async def say(twin: Twin, model: type[EventData], case: str, **change: Any) -> None:
    """What dispatch says of the case, once intake has noted it."""
    data = model.model_validate({**model.EXAMPLE, "case": case, **change})
    envelope = await twin.say(data, case)
    await eventually(lambda: _noted(twin, envelope))


async def _noted(twin: Twin, envelope: Envelope) -> bool:
    ends = {CaseClosed.SPEC.type, CaseReopened.SPEC.type}
    names = ["fact_progress", *(["fact_request_ends"] if envelope.type in ends else [])]
    rows = [await twin.runtime.database[name].find_one({"_id": envelope.id}) for name in names]
    return all(rows)
