"""From ``POST /reports`` to ``case.opened`` or ``report.rejected``."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.intake import CaseOpened, ReportReceived, ReportRejected
from service_kit import clock
from tests.support.small_district import (
    EAST,
    IN_WEST,
    MANHOLE,
    NOISE,
    ON_BORDER,
    OUTSIDE,
    ROOT,
    WEST,
)
from tests.support.twin import Twin, eventually

REPORT: dict[str, Any] = {"matter": MANHOLE, "point": IN_WEST}
KEY = {"Idempotency-Key": "2f4b0c6e-4a54-4c5b-9d0e-9f3b8f0f7f11"}


async def opened(twin: Twin) -> CaseOpened:
    found: list[CaseOpened] = await eventually(lambda: twin.published(CaseOpened))
    return found[0]


async def test_a_report_opens_a_case(intake: Twin) -> None:
    answer = await intake.http.post("/reports", json=REPORT)

    assert answer.status_code == 202
    accepted = answer.json()
    assert accepted["status"] == "received"
    case = await opened(intake)
    assert case.case == accepted["case"]
    assert case.report == accepted["report"]
    assert (case.grid, case.grid_path, case.located) == (WEST, (ROOT,), True)
    assert (case.condition, case.standard.version) == ("missing", 1)
    assert case.reachable == ("inapp",)


async def test_events_carry_a_coarse_point(intake: Twin) -> None:
    exact = {"lon": 113.6024567, "lat": 34.7024567}
    await intake.http.post("/reports", json={"matter": MANHOLE, "point": exact})

    case = await opened(intake)
    assert case.point is not None
    assert (case.point.lon, case.point.lat) == (113.602, 34.702)


async def test_the_grid_is_found_from_the_exact_point(intake: Twin) -> None:
    """Coarsened, this point would lie on the border of the two grids."""
    just_east = {"lon": 113.6050001, "lat": 34.7049999}
    await intake.http.post("/reports", json={"matter": MANHOLE, "point": just_east})

    assert (await opened(intake)).grid == EAST


async def test_on_a_border_the_first_in_rank_is_taken(intake: Twin) -> None:
    await intake.http.post("/reports", json={"matter": MANHOLE, "point": ON_BORDER})

    assert (await opened(intake)).grid == WEST


async def test_without_a_place_it_is_the_root_grid_for_a_person_to_place(intake: Twin) -> None:
    await intake.http.post("/reports", json={"matter": NOISE})

    case = await opened(intake)
    assert (case.grid, case.grid_path, case.located) == (ROOT, (), False)
    assert case.condition == "loud"


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ({"matter": MANHOLE, "point": OUTSIDE}, "outside_district"),
        ({"matter": "event/street/ufo", "point": IN_WEST}, "not_in_standard"),
        ({"matter": MANHOLE, "condition": "purple"}, "condition_not_in_standard"),
    ],
)
async def test_a_report_that_opens_no_case_is_kept_with_its_reason(
    intake: Twin, report: dict[str, Any], reason: str
) -> None:
    answer = (await intake.http.post("/reports", json=report)).json()

    assert (answer["status"], answer["reason"], answer["case"]) == ("rejected", reason, None)
    assert set(answer["message"]) == {"zh", "en"}
    [rejected] = await eventually(lambda: intake.published(ReportRejected))
    await intake.settled()
    assert (rejected.report, rejected.reason) == (answer["report"], reason)
    tracked = (await intake.http.get(f"/track/{answer['receipt']}")).json()
    assert (tracked["status"], tracked["reason"]) == ("rejected", reason)
    assert intake.published(CaseOpened) == []


async def test_the_same_request_gets_the_same_answer_and_has_one_effect(intake: Twin) -> None:
    report = {**REPORT, "text": "same words"}
    first = await intake.http.post("/reports", json=report, headers=KEY)
    again = await intake.http.post("/reports", json=report, headers=KEY)

    assert again.status_code == 202
    assert again.json() == first.json()
    await opened(intake)
    assert len(intake.published(ReportReceived)) == 1
    assert await intake.runtime.database["vault"].count_documents({}) == 1


async def test_the_same_key_with_another_body_is_refused(intake: Twin) -> None:
    await intake.http.post("/reports", json=REPORT, headers=KEY)
    answer = await intake.http.post("/reports", json={**REPORT, "text": "x"}, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_before_a_district_is_loaded_one_is_asked_to_come_again(empty: Twin) -> None:
    answer = await empty.http.post("/reports", json={**REPORT, "text": "words"})

    assert (answer.status_code, answer.json()["code"]) == (503, "district_not_loaded")
    assert answer.headers["Retry-After"]
    assert await empty.runtime.database["vault"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"matter": "my neighbour Li Wei"}, "body.matter"),
        ({"condition": "He did it!"}, "body.condition"),
        ({"point": {"lon": 200, "lat": 1}}, "body.point.lon"),
        ({"contact": {"email": "nobody"}}, "body.contact.email"),
        ({"colour": "red"}, "body.colour"),
        ({"language": "de"}, "body.language"),
        ({"reported_at": "2026-01-05T09:12:00"}, "body.reported_at"),
    ],
)
async def test_a_malformed_report_names_the_field(
    intake: Twin, change: dict[str, Any], field: str
) -> None:
    answer = await intake.http.post("/reports", json={**REPORT, **change})

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("change", [{"channel": "patrol"}, {"by": "p-000123"}])
async def test_staff_s_doors_need_staff(
    intake: Twin, staff: dict[str, str], historian: dict[str, str], change: dict[str, Any]
) -> None:
    report = {**REPORT, **change}

    assert (await intake.http.post("/reports", json=report)).status_code == 401
    refused = await intake.http.post("/reports", json=report, headers=historian)
    assert refused.status_code == 403
    assert (await intake.http.post("/reports", json=report, headers=staff)).status_code == 202


async def test_a_bad_token_is_not_ignored(intake: Twin) -> None:
    answer = await intake.http.post(
        "/reports", json=REPORT, headers={"Authorization": "Bearer nonsense"}
    )
    assert answer.status_code == 401


async def test_the_past_needs_the_right_to_import_it(
    intake: Twin, staff: dict[str, str], historian: dict[str, str]
) -> None:
    past = {**REPORT, "reported_at": "2026-01-05T09:12:00+08:00"}

    assert (await intake.http.post("/reports", json=past)).status_code == 401
    assert (await intake.http.post("/reports", json=past, headers=staff)).status_code == 403
    assert (await intake.http.post("/reports", json=past, headers=historian)).status_code == 202


async def test_the_future_cannot_be_reported(intake: Twin, historian: dict[str, str]) -> None:
    future = (clock.now() + timedelta(hours=1)).isoformat()
    answer = await intake.http.post(
        "/reports", json={**REPORT, "reported_at": future}, headers=historian
    )
    assert answer.status_code == 422


async def test_about_is_carried_and_held_by_nobody_s_name(intake: Twin) -> None:
    about = {"kind": "department", "id": "urban-management"}
    await intake.http.post("/reports", json={**REPORT, "about": about})

    case = await opened(intake)
    assert case.about is not None
    assert case.about.model_dump() == about


async def test_reading_a_report_needs_the_scope(intake: Twin, staff: dict[str, str]) -> None:
    accepted = (await intake.http.post("/reports", json=REPORT)).json()
    case = await opened(intake)

    assert (await intake.http.get(f"/reports/{accepted['report']}")).status_code == 401
    report = (await intake.http.get(f"/reports/{accepted['report']}", headers=staff)).json()
    assert report["case"] == case.case
    filed = (await intake.http.get(f"/cases/{case.case}", headers=staff)).json()
    assert filed["reports"] == [accepted["report"]]
    assert (await intake.http.get("/cases/case:none", headers=staff)).status_code == 404
