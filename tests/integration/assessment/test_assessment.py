"""From events to frozen scores, over the twin of the bus and a real store."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from assessment.main import build
from assessment.settings import AssessmentSettings
from assessment.subscriptions import SUBSCRIPTIONS
from assessment.views import blocks
from case_contracts.events import dispatch, intake, registry
from case_contracts.events.assessment import ScorePublished
from case_contracts.events.base import EventData
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running

START = datetime(2026, 1, 5, 1, tzinfo=UTC)
MONTH = "2026-01"


@pytest.fixture
async def assessment(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    settings = AssessmentSettings(
        district=DISTRICT,
        amqp_url=SecretStr("amqp://unused"),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
        pack_seconds=0.05,
    )
    async with running("assessment", lambda e: build(settings, e), SUBSCRIPTIONS) as twin:
        district = registry.DistrictPublished.model_validate(registry.DistrictPublished.EXAMPLE)
        await twin.say(district, "district:lanhe")
        mirror = twin.runtime.database["mirror_stamps"]
        await eventually(lambda: mirror.find_one({"_id": "mirror_district"}))
        yield twin


def about(event: type[EventData], case: str, **changes: Any) -> EventData:
    return event.model_validate({**event.EXAMPLE, "case": case, **changes})


async def handled(twin: Twin, number: int, hours: float) -> None:
    """One case: due after two hours, completed after ``hours``, verified, closed."""
    case, done = f"case:{number}", START + timedelta(hours=hours)
    due = {"due_at": (START + timedelta(hours=2)).isoformat()}
    course: list[tuple[EventData, datetime]] = [
        (about(intake.CaseOpened, case), START),
        (about(dispatch.ClockStarted, case, kind="case", clock="case:1", **due), START),
        (about(dispatch.TaskAssigned, case, taskid=f"task:{number}", **due), START),
        (about(dispatch.ClockStarted, case, **due), START),
        (about(dispatch.TaskCompleted, case, taskid=f"task:{number}"), done),
        (about(dispatch.VerificationPassed, case, taskid=f"task:{number}"), done),
        (about(dispatch.CaseClosed, case), done),
    ]
    for data, at in course:
        await twin.say(data, case, at)


async def left_open(twin: Twin, number: int) -> None:
    """One case: due after two hours, and nothing has happened since."""
    case, due = f"case:{number}", {"due_at": (START + timedelta(hours=2)).isoformat()}
    for data in (
        about(intake.CaseOpened, case),
        about(dispatch.ClockStarted, case, kind="case", clock="case:1", **due),
        about(dispatch.TaskAssigned, case, taskid=f"task:{number}", **due),
    ):
        await twin.say(data, case, START)


async def facts(twin: Twin, number: int) -> None:
    collection = twin.runtime.database[blocks.FACTS]

    async def there() -> bool:
        return await collection.count_documents({}) >= number

    await eventually(there)


def reader(issuer: TestIssuer, scope: str = "scores.read") -> dict[str, str]:
    return issuer.bearer("p-000001", scope, "assessment")


async def rates(twin: Twin, issuer: TestIssuer, by: str, subject: str) -> dict[str, Any]:
    answer = await twin.http.get(f"/scores?period={MONTH}&by={by}", headers=reader(issuer))
    assert answer.status_code == 200, answer.text
    (score,) = [s for s in answer.json()["scores"] if s["subject"] == subject]
    return {r["indicator"]: (r["numerator"], r["denominator"]) for r in score["figures"]}


async def test_rule_6_figures_and_the_events_behind_them(
    assessment: Twin, issuer: TestIssuer
) -> None:
    await handled(assessment, 1, hours=1)
    await handled(assessment, 2, hours=3)
    await facts(assessment, 14)

    department = await rates(assessment, issuer, "department", "urban-management")
    district = await rates(assessment, issuer, "grid", "410199")
    path = f"/scores/{MONTH}/department/urban-management/on_time"
    behind = (await assessment.http.get(path, headers=reader(issuer))).json()

    assert department == district
    assert (department["handled"], department["on_time"]) == ((2, 2), (1, 2))
    assert [c["case"] for c in behind["counted"] if c["numerator"]] == ["case:1"]
    said = {e for c in behind["counted"] for e in c["events"]}
    stored = assessment.runtime.database[blocks.FACTS].find({"_id": {"$in": sorted(said)}})
    assert {d["_id"] async for d in stored} == said


async def test_rule_6_what_is_open_and_overdue_lowers_the_rate_that_is_reported(
    assessment: Twin, issuer: TestIssuer
) -> None:
    await handled(assessment, 1, hours=1)
    await left_open(assessment, 2)
    await facts(assessment, 10)

    for by, subject in (("department", "urban-management"), ("grid", "410199")):
        answer = await assessment.http.get(
            f"/scores?period={MONTH}&by={by}", headers=reader(issuer)
        )
        (score,) = [s for s in answer.json()["scores"] if s["subject"] == subject]
        (found,) = [f for f in score["figures"] if f["indicator"] == "on_time"]
        assert (found["numerator"], found["denominator"], found["rate"]) == (1, 2, 0.5)


async def test_packed_or_not_the_figures_are_the_same(
    assessment: Twin, issuer: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        await handled(assessment, number, hours=number)
    await facts(assessment, 42)
    loose = await rates(assessment, issuer, "grid", "410199001")
    monkeypatch.setattr(blocks, "SIZE", 10)
    packed = assessment.runtime.database[blocks.BLOCKS]

    async def all_packed() -> bool:
        return await packed.count_documents({}) == 4

    await eventually(all_packed)

    assert await rates(assessment, issuer, "grid", "410199001") == loose
    assert loose["on_time"] == (3, 6)


async def test_a_fact_that_comes_twice_counts_once(assessment: Twin, issuer: TestIssuer) -> None:
    await handled(assessment, 1, hours=1)
    again = assessment.envelope(about(dispatch.TaskOverdue, "case:1"), "case:1", START)
    await assessment.send(again)
    await assessment.send(again)
    await facts(assessment, 8)

    found = await rates(assessment, issuer, "department", "urban-management")
    assert found["routed_right"] == (1, 1)
    assert await assessment.runtime.held.summary() == []


async def test_rule_6_a_published_month_stays_as_it_was(
    assessment: Twin, issuer: TestIssuer
) -> None:
    await handled(assessment, 1, hours=1)
    await facts(assessment, 7)
    publisher = reader(issuer, "scores.publish")
    path = f"/scores/{MONTH}/publication"

    first = (await assessment.http.post(path, headers=publisher)).json()
    await handled(assessment, 2, hours=3)
    await facts(assessment, 14)
    again = (await assessment.http.post(path, headers=publisher)).json()

    assert first == {"period": MONTH, "published": 5, "before": 0}
    assert again == {"period": MONTH, "published": 0, "before": 5}
    assert len(assessment.published(ScorePublished)) == 5
    frozen = await rates(assessment, issuer, "department", "urban-management")
    assert frozen["handled"] == (1, 1)
    live = await assessment.http.get(
        f"/scores?period={MONTH}&by=department&live=true", headers=publisher
    )
    assert live.json()["scores"][0]["figures"][0]["denominator"] == 2


async def test_on_time_case_by_case(assessment: Twin, issuer: TestIssuer) -> None:
    await handled(assessment, 1, hours=1)
    await handled(assessment, 2, hours=3)
    await facts(assessment, 14)

    answer = await assessment.http.get(
        "/figures/on-time",
        params={"from": START.isoformat(), "to": "2026-02-01T00:00:00Z", "limit": 1},
        headers=reader(issuer),
    )

    found = answer.json()
    assert (found["counts"]["on_time"], found["counts"]["late"]) == (1, 1)
    assert (found["cases"][0]["case"], found["cases"][0]["on_time"]) == ("case:1", True)
    assert found["cursor"] == 1


async def test_rights_and_bad_questions(assessment: Twin, issuer: TestIssuer) -> None:
    month = f"/scores?period={MONTH}&by=department"
    http, read = assessment.http, reader(issuer)

    assert (await http.get(month)).status_code == 401
    assert (await http.get(month, headers=reader(issuer, "cases.read"))).status_code == 403
    assert (await http.post(f"/scores/{MONTH}/publication", headers=read)).status_code == 403
    wrong = await http.get("/scores?period=2026-13&by=department", headers=read)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_a_month")
    none = await http.get(f"/scores/{MONTH}/department/urban/luck", headers=read)
    assert none.status_code == 404
    early = await http.post("/scores/2999-01/publication", headers=reader(issuer, "scores.publish"))
    assert (early.status_code, early.json()["code"]) == (409, "period_not_over")
