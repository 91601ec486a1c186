"""Visits: who may log where, what comes of them, who may read them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.intake import CaseOpened, ReportReceived, VisitLogged
from case_contracts.events.registry import HouseholdErased
from intake.views.progress import report_state
from tests.integration.intake.visits.conftest import (
    SERVICE,
    Headers,
    Travel,
    everything,
    room_of,
    visit,
    who,
)
from tests.support.small_district import EAST, IN_EAST, IN_WEST, MANHOLE, ROOT, WEST
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.intake.visits.people import (
    EAST_GROUP,
    GROUP,
    HOUSEHOLD,
    IDLE,
    LEADER,
    MONDAY,
    OTHER,
    WORKER,
)

HANDED_IN = {"matter": SERVICE, "text": "canary-form", "contact": {"phone": "+86 371 5555 0100"}}
PURPOSE = {"purpose": "spot-check"}


async def logged(twin: Twin, headers: Headers, **more: Any) -> dict[str, Any]:
    answer = await twin.http.post("/visits", json=visit(**more), headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    seen = twin.runtime.database["view_visit"]
    await eventually(lambda: seen.find_one({"_id": found["visit"]["visit"]}))
    return found


async def refused(twin: Twin, headers: Headers, **more: Any) -> tuple[int, str]:
    answer = await twin.http.post("/visits", json=visit(**more), headers=headers)
    return answer.status_code, answer.json()["code"]


async def test_a_visit_to_ones_contact_group(field: Twin, worker: Headers) -> None:
    found = await logged(field, worker, group=GROUP, topics=["medical", "medical"], point=IN_WEST)

    shown = found["visit"]
    assert (shown["grid"], shown["group"], shown["place"]) == (WEST, GROUP, "inside")
    assert (shown["topics"], shown["kind_name"]["zh"]) == (["medical"], "日常走访")
    [event] = await eventually(lambda: field.published(VisitLogged))
    assert (event.person, event.grid_path, event.posting) == (
        WORKER, (ROOT,), f"posting:{WEST}:worker:{WORKER}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("person", "where", "expected"),
    [
        (WORKER, {"grid": WEST}, 201),
        (WORKER, {"grid": EAST}, 403),
        (WORKER, {"group": EAST_GROUP}, 403),
        (OTHER, {"group": EAST_GROUP}, 201),
        (LEADER, {"grid": EAST}, 201),
        (IDLE, {"grid": WEST}, 201),
        ("p-999999", {"grid": WEST}, 403),
    ],
)
async def test_one_needs_a_post_there_or_above_or_to_be_the_contact(
    field: Twin, issuer: TestIssuer, person: str, where: dict[str, str], expected: int
) -> None:
    body = visit() | {"grid": None} | where
    headers = who(issuer, person, "visits.write")
    answer = await field.http.post("/visits", json=body, headers=headers)

    assert answer.status_code == expected, answer.text
    if expected == 403:
        assert answer.json()["code"] == "not_your_grid"


async def test_off_shift_a_visit_has_no_place(field: Twin, worker: Headers) -> None:
    evening = (MONDAY - timedelta(hours=13)).isoformat()

    assert await refused(field, worker, visited_at=evening, point=IN_WEST) == (409, "off_shift")
    assert field.published(VisitLogged) == []
    found = await logged(field, worker, visited_at=evening)
    assert found["visit"]["place"] == "unknown"


async def test_the_place_and_the_note_are_nowhere_in_clear(field: Twin, worker: Headers) -> None:
    canary = {"lon": 113.6021234567, "lat": 34.7029876543}
    await logged(field, worker, point=canary, note="canary-note", services=[HANDED_IN])

    kept = str(await everything(field)) + str(field.publisher.envelopes)
    for secret in ("113.602", "34.702", "canary", "5555 0100"):
        assert secret not in kept


async def test_a_service_opens_its_case_with_the_visit_as_origin(
    field: Twin, worker: Headers
) -> None:
    found = await logged(field, worker, services=[HANDED_IN], new_reports=[{"matter": MANHOLE}])

    await eventually(lambda: len(field.published(CaseOpened)) == 2)
    case = next(case for case in field.published(CaseOpened) if case.matter == SERVICE)
    assert (case.channel, case.origin) == ("patrol", found["visit"]["visit"])
    assert (case.by, case.receiver, case.matter_class) == (WORKER, WORKER, "service")
    [service] = found["services"]
    assert (service["case"], service["status"]) == (case.case, "received")
    assert found["visit"]["services"] == [service["report"]]
    assert found["visit"]["reports"] == [found["new_reports"][0]["report"]]
    tracked = (await field.http.get(f"/track/{service['receipt']}")).json()
    assert tracked["matter"] == SERVICE


async def test_a_service_needs_a_matter_of_that_class_and_nothing_is_taken(
    field: Twin, worker: Headers
) -> None:
    wrong = visit(services=[HANDED_IN, {"matter": MANHOLE}])
    answer = await field.http.post("/visits", json=wrong, headers=worker)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.services.1.matter"
    assert field.published(ReportReceived) == []


async def test_sent_again_and_at_once_nothing_is_doubled(field: Twin, worker: Headers) -> None:
    body = {"services": [HANDED_IN], "note": "same"}
    answers = await asyncio.gather(*(logged(field, worker, **body) for _ in range(6)))
    later = await logged(field, worker, **body)

    assert {answer["services"][0]["receipt"] for answer in answers} == {
        later["services"][0]["receipt"]
    }
    assert [answer["repeated"] for answer in answers].count(False) == 1
    await eventually(lambda: field.published(CaseOpened))
    assert len(field.published(VisitLogged)) == 1
    assert len(field.published(ReportReceived)) == 1


async def test_the_same_id_with_another_content_takes_nothing(field: Twin, worker: Headers) -> None:
    await logged(field, worker)

    assert await refused(field, worker, services=[HANDED_IN]) == (422, "idempotency_key_reused")
    assert field.published(ReportReceived) == []


async def test_the_same_id_of_somebody_else_is_another_visit(
    field: Twin, worker: Headers, issuer: TestIssuer
) -> None:
    one = await logged(field, worker)
    two = await logged(field, who(issuer, IDLE, "visits.write"))
    assert one["visit"]["visit"] != two["visit"]["visit"]


async def test_a_household_needs_its_consent(field: Twin, worker: Headers, travel: Travel) -> None:
    unknown = await refused(field, worker, household="household:none")
    assert unknown == (409, "not_consented")
    elsewhere = visit(household=HOUSEHOLD) | {"grid": ROOT}
    answer = await field.http.post("/visits", json=elsewhere, headers=worker)
    assert answer.status_code == 403  # a worker of a unit grid has no post in the root
    found = await logged(field, worker, household=HOUSEHOLD)
    assert found["visit"]["household"] == HOUSEHOLD

    gone = HouseholdErased.model_validate({"entry": HOUSEHOLD, "reason": "withdrawn"})
    await field.say(gone, HOUSEHOLD)
    await eventually(lambda: room_of(field).erased([HOUSEHOLD]))
    [row] = (await field.http.get("/visits", headers=worker)).json()["visits"]
    assert row["household"] is None
    assert await refused(field, worker, number=2, household=HOUSEHOLD) == (409, "not_consented")


async def test_reports_named_must_be_ones_own(
    field: Twin, worker: Headers, issuer: TestIssuer
) -> None:
    patrol = {"channel": "patrol", "matter": MANHOLE, "point": IN_WEST}
    mine = (await field.http.post("/reports", json=patrol, headers=worker)).json()["report"]
    theirs = (await field.http.post("/reports", json={"matter": MANHOLE})).json()["report"]
    await eventually(lambda: report_state(field.runtime.database, theirs))

    assert await refused(field, worker, reports=[theirs]) == (422, "unknown_report")
    assert (await logged(field, worker, reports=[mine]))["visit"]["reports"] == [mine]


async def test_services_need_the_right_to_report(field: Twin, issuer: TestIssuer) -> None:
    bare = who(issuer, WORKER, "visits.write")
    assert await refused(field, bare, services=[HANDED_IN]) == (403, "missing_right")


@pytest.mark.parametrize(
    ("change", "field_name"),
    [
        ({"topics": ["petition"]}, "body.topics.0"),
        ({"opinion": "against"}, "body.opinion"),
        ({"kind": "interrogation"}, "body.kind"),
    ],
)
async def test_there_is_no_room_for_opinions(
    field: Twin, worker: Headers, change: dict[str, Any], field_name: str
) -> None:
    answer = await field.http.post("/visits", json=visit() | change, headers=worker)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field_name]


async def test_a_visit_of_long_ago_is_not_logged_now(field: Twin, worker: Headers) -> None:
    before = (MONDAY - timedelta(days=400)).isoformat()
    assert await refused(field, worker, visited_at=before) == (422, "made_too_long_ago")


async def test_outside_the_grid_is_said_and_not_refused(field: Twin, worker: Headers) -> None:
    assert (await logged(field, worker, point=IN_EAST))["visit"]["place"] == "outside"
