"""GET requests: what everybody may see of them, and how they are asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.events.dispatch import (
    CaseClosed,
    CaseReopened,
    CaseVoided,
    TaskAssigned,
    TaskOverdue,
)
from case_contracts.events.intake import CaseOpened
from service_kit import clock
from tests.integration.intake.open311.conftest import (
    COVER,
    HEAP,
    V2,
    Asking,
    case_of,
    listed,
    report_of,
    say,
)  # fmt: skip
from tests.support.small_district import IN_EAST, IN_WEST, MANHOLE
from tests.support.twin import Twin, eventually


def at(minutes: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)


async def ids(asking: Asking, **filters: Any) -> list[str]:
    found = asking.content(await asking.get("requests", **filters))
    return [each["service_request_id"] for each in found]


async def one(asking: Asking, request_id: str) -> dict[str, Any]:
    [found] = asking.content(await asking.get(f"requests/{request_id}"))
    return dict(found)


async def test_a_request_as_everybody_sees_it(asking: Asking) -> None:
    made = await asking.made(lat="34.7024567", long="113.6024567", description="my words")
    found = await one(asking, made["service_request_id"])

    moment = datetime.fromisoformat(found["requested_datetime"])
    assert moment.utcoffset() == timedelta(hours=8)
    assert abs(moment - clock.now()) < timedelta(minutes=1)
    del found["requested_datetime"], found["updated_datetime"]
    assert found == {
        "service_request_id": made["service_request_id"],
        "status": "open",
        "status_notes": "Now: Dispatch",
        "service_name": f"Matter {MANHOLE}",
        "service_code": COVER,
        "description": f"Matter {MANHOLE}, Loose",
        "agency_responsible": None,
        "service_notice": None,
        "expected_datetime": None,
        "address": "Grid 410199001001001, Lanhe District",
        "address_id": None,
        "zipcode": None,
        "lat": "34.702",
        "long": "113.602",
        "media_url": None,
    }


async def test_how_far_it_is(asking: Asking, intake: Twin) -> None:
    request = (await asking.made())["service_request_id"]
    case, closed_at, due_at, reopened_at = await case_of(intake, request), at(40), at(60), at(90)
    await say(intake, TaskAssigned, case, assigned_at=at(1), due_at=due_at)
    assigned = await one(asking, request)
    await say(intake, TaskOverdue, case, due_at=at(2))
    late = await one(asking, request)
    await say(intake, CaseClosed, case, closed_at=closed_at, due_at=due_at, on_time=True)
    closed = await one(asking, request)
    await say(intake, CaseReopened, case, reopened_at=reopened_at)
    again = await one(asking, request)

    assert datetime.fromisoformat(assigned["expected_datetime"]) == due_at
    assert assigned["status_notes"] == "Now: Handling"
    assert late["status_notes"] == "Now: Handling (overdue)"
    assert (closed["status"], closed["status_notes"]) == ("closed", "Verified and closed.")
    assert datetime.fromisoformat(closed["updated_datetime"]) == closed_at
    assert [each["status"] for each in (assigned, late, again)] == ["open"] * 3
    assert datetime.fromisoformat(again["updated_datetime"]) == reopened_at


async def test_lists_by_service_and_status(asking: Asking, intake: Twin) -> None:
    cover = (await asking.made())["service_request_id"]
    heap = (
        await asking.made(
            service_code=HEAP, lat=IN_EAST["lat"], long=IN_EAST["lon"],
            **{"attribute[condition]": "heap"},
        )
    )["service_request_id"]  # fmt: skip
    for request in (cover, heap):
        await listed(intake, request)
    await say(intake, CaseClosed, await case_of(intake, heap), closed_at=at(1))

    assert await ids(asking) == [heap, cover]
    assert await ids(asking, service_code=COVER) == [cover]
    assert await ids(asking, service_code=f"{COVER}, {HEAP},unknown") == [heap, cover]
    assert await ids(asking, service_code="unknown") == []
    assert await ids(asking, status="closed") == [heap]
    assert await ids(asking, status="open") == [cover]
    assert await ids(asking, status="closed,open") == [heap, cover]
    assert await ids(asking, page=2, page_size=1) == [cover]
    assert await ids(asking, page=3, page_size=1) == []


async def test_ids_override_everything_else(asking: Asking) -> None:
    request = (await asking.made())["service_request_id"]
    unknown = "0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d"

    asked = f"{unknown},{request},{request}"
    assert await ids(asking, service_request_id=asked, status="closed", start_date="x") == [request]
    assert await ids(asking, service_request_id=unknown) == []


async def test_lists_by_time(asking: Asking, intake: Twin, historian: dict[str, str]) -> None:
    """What is not said is 90 days from what is; both ends are included."""
    now = clock.now().replace(microsecond=0)
    ages = {days: await _recorded(intake, historian, now - timedelta(days=days)) for days in
            (1, 80, 100, 175)}  # fmt: skip

    def day(days: int) -> str:
        return (now - timedelta(days=days)).isoformat()

    assert await ids(asking) == [ages[1], ages[80]]
    assert await ids(asking, start_date=day(100)) == [ages[80], ages[100]]
    assert await ids(asking, end_date=day(80)) == [ages[80], ages[100]]
    assert await ids(asking, start_date=day(175), end_date=day(100)) == [ages[100], ages[175]]
    zoned = day(80).replace("+00:00", "Z")
    assert await ids(asking, start_date=zoned, end_date=zoned) == [ages[80]]
    unquoted = f"{V2}/requests.{asking.format}?start_date={day(80)}&end_date={day(80)}"
    assert len(asking.content(await intake.http.get(unquoted))) == 1
    assert await ids(asking, start_date=(now + timedelta(days=3)).isoformat()) == []


async def _recorded(intake: Twin, historian: dict[str, str], when: datetime) -> str:
    body = {"matter": MANHOLE, "point": IN_WEST, "reported_at": when.isoformat()}
    answer = await intake.http.post("/reports", json=body, headers=historian)
    assert answer.status_code == 202
    found = str(answer.json()["report"]).removeprefix("report:")
    await listed(intake, found)
    return found


@pytest.mark.parametrize("channel", ["web", "open311"])
async def test_a_complaint_about_somebody_is_never_shown(
    asking: Asking, intake: Twin, channel: str
) -> None:
    about = {"kind": "department", "id": "urban-management"}
    body = {"matter": MANHOLE, "point": IN_WEST, "about": about, "channel": channel}
    accepted = (await intake.http.post("/reports", json=body)).json()
    public = (await asking.made(lat=IN_EAST["lat"], long=IN_EAST["lon"]))["service_request_id"]
    await listed(intake, public)
    await eventually(lambda: len(intake.published(CaseOpened)) == 2)

    hidden = accepted["report"].removeprefix("report:")
    assert await ids(asking) == [public]
    assert await ids(asking, service_request_id=f"{hidden},{public}") == [public]
    assert (await asking.get(f"requests/{hidden}")).status_code == 404


async def test_a_withdrawn_request_is_closed(asking: Asking, intake: Twin) -> None:
    request = (await asking.made())["service_request_id"]
    entry = await intake.runtime.extras["vault"].report(report_of(request))
    answer = await intake.http.post(
        f"/track/{entry.receipt}/withdrawal", json={"reason": "mistake"}
    )
    assert answer.is_success, answer.text

    found = await one(asking, request)
    assert (found["status"], found["status_notes"]) == ("closed", "Withdrawn by the reporter.")


async def test_what_was_opened_again_is_among_the_open_ones(asking: Asking, intake: Twin) -> None:
    request = (await asking.made())["service_request_id"]
    await listed(intake, request)
    case = await case_of(intake, request)
    await say(intake, CaseClosed, case, closed_at=clock.now())
    assert await ids(asking, status="open") == []
    await say(intake, CaseReopened, case, reopened_at=clock.now())
    assert await ids(asking, status="open") == [request]
    await say(intake, CaseClosed, case, closed_at=clock.now())
    assert (await ids(asking, status="open"), await ids(asking)) == ([], [request])


async def test_a_void_case_is_closed(asking: Asking, intake: Twin) -> None:
    request = (await asking.made())["service_request_id"]
    await say(intake, CaseVoided, await case_of(intake, request), voided_at=at(1))

    found = await one(asking, request)
    assert (found["status"], found["status_notes"]) == (
        "closed", "Ended without having been dealt with.",
    )  # fmt: skip
