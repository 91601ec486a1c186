"""Offline batches: late, twice, in any order, in parts and at once; each item once."""

import asyncio
import random
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from case_contracts.events.intake import CaseOpened, ReportReceived
from service_kit import clock
from tests.support.small_district import IN_WEST, MANHOLE, NOISE, OUTSIDE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

Item = dict[str, Any]


@pytest.fixture
def worker(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000041", "reports.staff", "intake")


def item(made_at: datetime, **report: Any) -> Item:
    said = {"matter": MANHOLE, "point": IN_WEST, "text": "canary 井盖", **report}
    return {
        "id": str(uuid.uuid4()), "kind": "report", "made_at": made_at.isoformat(), "report": said,
    }  # fmt: skip


async def send(
    twin: Twin, headers: dict[str, str], items: list[Item], sent_at: datetime | None = None
) -> Any:
    body = {"sent_at": (sent_at or clock.now()).isoformat(), "items": items}
    answer = await twin.http.post("/patrol/batches", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def fates(answer: Any) -> list[str]:
    return [each["status"] for each in answer["items"]]


async def test_each_item_is_answered_by_itself(intake: Twin, worker: dict[str, str]) -> None:
    now = clock.now()
    items = [
        item(now - timedelta(days=2)),
        item(now, point=OUTSIDE),
        {**item(now), "kind": "dance"},
        item(now, matter="no code"),
        item(now - timedelta(days=8)),
        item(now + timedelta(minutes=6)),
        {**item(now), "id": "no uuid, canary"},
        item(now, review=True),
        {**item(now), "more": 1},
    ]
    answer = await send(intake, worker, items)

    assert fates(answer) == [
        "received", "rejected", "invalid", "invalid", "invalid", "invalid", "invalid", "waiting",
        "invalid",
    ]  # fmt: skip
    codes = [each["code"] for each in answer["items"] if each["code"]]
    assert codes == [
        "kind_unknown", "invalid", "made_too_long_ago", "made_in_future", "invalid", "invalid",
    ]  # fmt: skip
    assert [each["id"] for each in answer["items"][:2]] == [each["id"] for each in items[:2]]
    assert answer["items"][6]["id"] is None
    assert answer["items"][1]["reason"] == "outside_district"
    assert "canary" not in str(answer)


async def test_a_late_report_is_no_history(intake: Twin, worker: dict[str, str]) -> None:
    made_at = clock.now() - timedelta(days=3)
    await send(intake, worker, [item(made_at)])

    [case] = await eventually(lambda: intake.published(CaseOpened))
    assert (case.channel, case.by, case.recorded) == ("patrol", "p-000041", None)
    assert case.reported_at == made_at
    assert case.opened_at > made_at + timedelta(days=2)
    [received] = intake.published(ReportReceived)
    assert received.receiver == "p-000041"


async def test_a_device_whose_clock_is_wrong(intake: Twin, worker: dict[str, str]) -> None:
    off = timedelta(days=400, hours=3)
    device_now = clock.now() - off
    answer = await send(intake, worker, [item(device_now - timedelta(hours=5))], device_now)

    assert abs(answer["skew_seconds"] - off.total_seconds()) < 5
    [received] = await eventually(lambda: intake.published(ReportReceived))
    assert abs(received.reported_at - (clock.now() - timedelta(hours=5))) < timedelta(seconds=20)
    [row] = [r async for r in intake.runtime.database["patrol_batches"].find({})]
    assert (row["by"], row["items"]) == ("p-000041", 1)
    assert row["skew_seconds"] == answer["skew_seconds"]


async def test_sent_twice_late_shuffled_in_overlapping_parts_and_at_once(
    intake: Twin, worker: dict[str, str]
) -> None:
    chance = random.Random(4)
    now = clock.now()
    items = [item(now - timedelta(hours=chance.uniform(0, 160)), text=f"n{n}") for n in range(150)]
    batches = []
    for _ in range(6):
        batch = chance.sample(items, chance.randint(60, 150))
        batches.append((batch, clock.now() - timedelta(seconds=chance.uniform(-20, 20))))
    batches.append((items[:75], now))
    batches.append((items[60:], now))

    answers = await asyncio.gather(*(send(intake, worker, b, at) for b, at in batches))
    again = await send(intake, worker, list(reversed(items)))

    assert set(fates(again)) == {"repeated"}
    first = [e["id"] for a in answers for e in a["items"] if e["status"] == "received"]
    assert sorted(first) == sorted(each["id"] for each in items)
    await eventually(lambda: len(intake.published(CaseOpened)) >= 150)
    cases = intake.published(CaseOpened)
    assert len({case.report for case in cases}) == len(cases) == 150
    assert len(intake.published(ReportReceived)) == 150
    by_id = {each["id"]: each["subject"] for each in again["items"]}
    for answer in answers:
        assert all(by_id[e["id"]] == e["subject"] for e in answer["items"])


async def test_an_id_belongs_to_its_content_and_its_sender(
    intake: Twin, worker: dict[str, str], issuer: TestIssuer
) -> None:
    one = item(clock.now())
    other = {**one, "report": {**one["report"], "matter": NOISE}}
    await send(intake, worker, [one])

    answer = await send(intake, worker, [other, one])
    assert fates(answer) == ["invalid", "repeated"]
    assert answer["items"][0]["code"] == "idempotency_key_reused"
    colleague = issuer.bearer("p-000042", "reports.staff", "intake")
    assert fates(await send(intake, colleague, [other])) == ["received"]


async def test_a_refused_item_is_mended_under_its_id(intake: Twin, worker: dict[str, str]) -> None:
    wrong = item(clock.now(), matter="no code")
    late = item(clock.now() - timedelta(days=8))
    answer = await send(intake, worker, [wrong, late])
    assert fates(answer) == ["invalid", "invalid"]

    mended = [
        {**wrong, "report": {**wrong["report"], "matter": MANHOLE, "text": "canary mended"}},
        {**late, "made_at": clock.now().isoformat()},
    ]
    taken = await send(intake, worker, mended)
    assert fates(taken) == ["received", "received"]
    assert fates(await send(intake, worker, mended)) == ["repeated", "repeated"]
    await intake.settled()
    assert len(intake.published(CaseOpened)) == len(intake.published(ReportReceived)) == 2
    words = await intake.runtime.extras["vault"].report(taken["items"][0]["subject"])
    assert words.text == "canary mended"


async def test_a_report_that_opens_no_case_is_mended_under_a_new_id(
    intake: Twin, worker: dict[str, str]
) -> None:
    outside = item(clock.now(), point=OUTSIDE)
    moved = {**outside, "report": {**outside["report"], "point": IN_WEST}}
    assert fates(await send(intake, worker, [outside])) == ["rejected"]

    [refused] = (await send(intake, worker, [moved]))["items"]
    assert refused["code"] == "idempotency_key_reused"
    anew = {**moved, "id": str(uuid.uuid4())}
    assert fates(await send(intake, worker, [anew, outside])) == ["received", "repeated"]
    await intake.settled()
    assert len(intake.published(CaseOpened)) == 1


async def test_what_was_taken_in_time_is_not_refused_when_it_comes_again_too_late(
    intake: Twin, worker: dict[str, str]
) -> None:
    one, never = item(clock.now() - timedelta(days=6)), item(clock.now() - timedelta(days=6))
    [taken] = (await send(intake, worker, [one]))["items"]
    await intake.settled()

    two_days_fast = clock.now() + timedelta(days=2)
    again, refused = (await send(intake, worker, [one, never], two_days_fast))["items"]
    assert (again["status"], again["subject"]) == ("repeated", taken["subject"])
    assert again["receipt"] == taken["receipt"]
    assert refused["code"] == "made_too_long_ago"


async def test_what_became_of_them_can_be_asked_later(
    intake: Twin, worker: dict[str, str], issuer: TestIssuer
) -> None:
    items = [item(clock.now()), item(clock.now(), point=OUTSIDE), item(clock.now(), review=True)]
    await send(intake, worker, items)
    ids = [each["id"] for each in items] + [str(uuid.uuid4())]

    async def asked(headers: dict[str, str]) -> list[str]:
        path = "/patrol/batches/items"
        answer = await intake.http.get(path, params={"ids": ids}, headers=headers)
        assert answer.status_code == 200, answer.text
        assert [each["id"] for each in answer.json()["items"]] == ids
        return fates(answer.json())

    assert await asked(worker) == ["received", "rejected", "waiting", "unknown"]
    colleague = issuer.bearer("p-000042", "reports.staff", "intake")
    assert await asked(colleague) == ["unknown"] * 4


async def test_who_may_send_and_how_much(intake: Twin, worker: dict[str, str]) -> None:
    body = {"sent_at": clock.now().isoformat(), "items": [item(clock.now())]}
    assert (await intake.http.post("/patrol/batches", json=body)).status_code == 401
    body["items"] = [item(clock.now()) for _ in range(201)]
    answer = await intake.http.post("/patrol/batches", json=body, headers=worker)
    assert answer.status_code == 422
