"""Each way by which a report may come, and who answers for it first (首接负责)."""

from typing import Any

import pytest

from case_contracts.events.dispatch import TaskAccepted, TaskCompleted
from case_contracts.events.intake import CaseOpened, ReceiverReleased, ReportReceived
from tests.support.small_district import IN_WEST, MANHOLE, OUTSIDE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

REPORT: dict[str, Any] = {"matter": MANHOLE, "point": IN_WEST}
PERSON = "p-000123"


async def send(
    intake: Twin, who: dict[str, str] | None = None, status: int = 202, **change: Any
) -> dict[str, Any]:
    answer = await intake.http.post("/reports", json={**REPORT, **change}, headers=who or {})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def received(intake: Twin, report: str) -> ReportReceived:
    def heard() -> ReportReceived | None:
        found = [e for e in intake.published(ReportReceived) if e.report == report]
        return found[0] if found else None

    event = await eventually(heard)
    assert event is not None
    return event


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"channel": "hotline"}, (None, PERSON, None)),
        ({"channel": "hotline", "by": PERSON}, (PERSON, PERSON, None)),
        ({"channel": "patrol"}, (PERSON, PERSON, None)),
        ({"channel": "inspection"}, (None, PERSON, "um")),
        ({"channel": "inspection", "origin": "round:7"}, (None, PERSON, "round:7")),
        ({"channel": "campaign", "origin": "campaign:fire"}, (None, PERSON, "campaign:fire")),
        ({"channel": "web", "by": PERSON}, (PERSON, None, None)),
    ],
)
async def test_what_a_channel_makes_of_a_report(
    intake: Twin, issuer: TestIssuer, said: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    who = issuer.bearer(PERSON, "reports.staff", "intake", department="um")
    event = await received(intake, (await send(intake, who, **said))["report"])
    assert (event.by, event.receiver, event.origin) == expected
    case = (await eventually(lambda: intake.published(CaseOpened)))[0]
    assert (case.by, case.receiver, case.origin) == expected


@pytest.mark.parametrize(
    ("said", "scope", "status"),
    [
        ({"channel": "hotline"}, "reports.sensor", 403),
        ({"channel": "sensor"}, "reports.staff", 403),
        ({"channel": "import"}, "reports.staff", 403),
        ({"channel": "campaign"}, "reports.staff", 422),
        ({"channel": "patrol", "by": "p-another"}, "reports.staff", 403),
        ({"channel": "patrol", "by": "p-another"}, "reports.staff reports.enter", 202),
        ({"channel": "web", "origin": "campaign:1"}, "reports.sensor", 403),
        ({"channel": "web", "review": True}, "reports.sensor", 403),
        ({"channel": "web"}, "", 202),
    ],
)
async def test_each_door_needs_its_scope(
    intake: Twin, issuer: TestIssuer, said: dict[str, Any], scope: str, status: int
) -> None:
    await send(intake, issuer.bearer(PERSON, scope, "intake"), status, **said)


async def test_only_a_telephone_number_is_a_way_to_be_called_back(
    intake: Twin, staff: dict[str, str]
) -> None:
    phone, both = {"phone": "+86 371 5550 1234"}, {"phone": "13900000000", "email": "a@example.org"}
    called = await send(intake, staff, channel="hotline", contact=phone)
    written = await send(intake, staff, channel="hotline", contact=both)

    assert (await received(intake, called["report"])).reachable == ("inapp", "phone")
    assert (await received(intake, written["report"])).reachable == ("inapp", "email")


async def test_a_sensor_s_alarm_is_taken_once(intake: Twin, issuer: TestIssuer) -> None:
    sensor = issuer.bearer("service:sensors", "reports.sensor", "intake", "service")
    alarm: dict[str, Any] = {"channel": "sensor", "origin": "level-gauge-7", "alarm": "2026-114"}
    first, again = await send(intake, sensor, **alarm), await send(intake, sensor, **alarm)
    other = await send(intake, sensor, **{**alarm, "alarm": "2026-115"})
    elsewhere = await send(intake, sensor, **{**alarm, "origin": "level-gauge-8"})

    assert again == first
    assert len({first["report"], other["report"], elsewhere["report"]}) == 3
    event = await received(intake, first["report"])
    assert (event.origin, event.receiver) == ("level-gauge-7", None)
    await send(intake, sensor, 422, **alarm, text="another body under the same alarm")


async def listed(intake: Twin, who: dict[str, str], **query: str) -> list[str]:
    answer = await intake.http.get("/desk/received", headers=who, params=query)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["count"] == len(found["received"])
    return [each["report"] for each in found["received"]]


async def test_a_first_receiver_answers_until_somebody_accepts(
    intake: Twin, issuer: TestIssuer
) -> None:
    mine = issuer.bearer(PERSON, "reports.staff", "intake")
    other = issuer.bearer("p-other", "reports.staff", "intake")
    head = issuer.bearer("p-head", "reports.read", "intake")
    taken = [await send(intake, mine, channel="hotline", text=f"{n}") for n in range(2)]
    unclear = await send(intake, mine, channel="hotline", matter=None, text="what is it?")
    rejected = await send(intake, mine, channel="hotline", point=OUTSIDE)
    theirs = await send(intake, other, channel="hotline")
    assert rejected["status"] == "rejected"
    reports = [each["report"] for each in (*taken, unclear)]

    async def both() -> bool:
        return set(await listed(intake, mine)) == set(reports)

    await eventually(both)
    assert await listed(intake, mine) == reports
    assert set(await listed(intake, head)) == {*reports, theirs["report"]}
    assert await listed(intake, head, receiver="p-other") == [theirs["report"]]
    refused = await intake.http.get("/desk/received", headers=other, params={"receiver": PERSON})
    assert refused.status_code == 403

    first, second = (each["case"] for each in taken)
    accepted = {**TaskAccepted.EXAMPLE, "case": first, "receiver": PERSON}
    await intake.say(TaskAccepted.model_validate(accepted), first)
    done = {**TaskCompleted.EXAMPLE, "case": second, "receiver": PERSON}
    await intake.say(TaskCompleted.model_validate(done), second)

    async def released() -> bool:
        return await listed(intake, mine) == [unclear["report"]]

    await eventually(released)
    assert {e.case for e in intake.published(ReceiverReleased)} == {t["case"] for t in taken}


async def test_what_complains_of_a_receiver_is_not_on_their_list(
    intake: Twin, issuer: TestIssuer
) -> None:
    mine = issuer.bearer(PERSON, "reports.staff reports.read", "intake")
    head = issuer.bearer("p-head", "reports.read", "intake")
    clerk = issuer.bearer("p-clerk", "reports.read", "intake", department="um")
    about = {"kind": "department", "id": "um"}
    report = (await send(intake, mine, channel="hotline", about=about))["report"]
    itself = await send(intake, mine, channel="hotline", about={"kind": "person", "id": PERSON})

    async def there() -> bool:
        return await listed(intake, head) == [report]

    await eventually(there)
    assert await listed(intake, clerk) == []
    assert (await received(intake, itself["report"])).receiver is None
