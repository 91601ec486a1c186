"""Visits and check-ins in a field worker's offline batch."""

import uuid
from datetime import timedelta
from typing import Any

from case_contracts.events.intake import CaseOpened, CheckinRecorded, VisitLogged
from service_kit import clock
from tests.integration.intake.visits.conftest import SERVICE, Headers, Travel, everything, who
from tests.support.small_district import IN_WEST, WEST
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.intake.visits.people import MONDAY, WORKER

VISIT, CHECKIN, OFF = (str(uuid.UUID(int=number)) for number in (1, 2, 3))
NOON_OFF = (MONDAY - timedelta(hours=12)).isoformat()


def items() -> list[dict[str, Any]]:
    at = MONDAY.isoformat()
    visit = {"grid": WEST, "kind": "service", "services": [{"matter": SERVICE}], "point": IN_WEST}
    return [
        {"id": VISIT, "kind": "visit", "made_at": at, "visit": visit},
        {"id": CHECKIN, "kind": "checkin", "made_at": at, "checkin": {"point": IN_WEST}},
        {"id": OFF, "kind": "checkin", "made_at": NOON_OFF, "checkin": {"point": IN_WEST}},
    ]


async def sent(twin: Twin, headers: Headers, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    body = {"sent_at": clock.now().isoformat(), "items": batch}
    answer = await twin.http.post("/patrol/batches", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_late_out_of_order_and_twice(field: Twin, worker: Headers, travel: Travel) -> None:
    travel(timedelta(days=3))
    first = await sent(field, worker, items())
    travel(timedelta(seconds=90))
    again = await sent(field, worker, items()[::-1])

    assert [each["status"] for each in first] == ["received", "received", "invalid"]
    assert [each["status"] for each in again] == ["invalid", "repeated", "repeated"]
    assert first[2]["code"] == "off_shift"
    [visit] = await eventually(lambda: field.published(VisitLogged))
    [checkin] = field.published(CheckinRecorded)
    assert (visit.person, checkin.inside) == (WORKER, True)
    assert abs(visit.visited_at - MONDAY) < timedelta(seconds=1)
    [case] = await eventually(lambda: field.published(CaseOpened))
    assert case.origin == visit.visit == first[0]["subject"]
    assert OFF not in str(await everything(field))


async def test_what_became_of_them_can_be_asked(field: Twin, worker: Headers) -> None:
    await sent(field, worker, items())

    async def fates() -> list[str] | None:
        params = {"ids": [VISIT, CHECKIN, OFF]}
        found = await field.http.get("/patrol/batches/items", params=params, headers=worker)
        statuses = [each["status"] for each in found.json()["items"]]
        return statuses if statuses[:2] == ["received", "received"] else None

    assert await eventually(fates) == ["received", "received", "unknown"]


async def test_a_visit_in_a_batch_is_the_same_visit_sent_by_itself(
    field: Twin, worker: Headers
) -> None:
    await sent(field, worker, items()[:1])
    body = items()[0]["visit"] | {"id": VISIT, "visited_at": MONDAY.isoformat()}
    answer = (await field.http.post("/visits", json=body, headers=worker)).json()

    assert answer["repeated"] is True
    assert answer["services"][0]["receipt"]


async def test_the_right_to_report_is_not_the_right_to_visit(
    field: Twin, issuer: TestIssuer
) -> None:
    reporter = who(issuer, WORKER, "reports.staff")
    found = await sent(field, reporter, items()[:2])
    assert [each["code"] for each in found] == ["missing_right", "missing_right"]
