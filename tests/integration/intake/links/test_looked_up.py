"""Reports are found by one index, whatever is asked of them."""

from intake.domain.listed import day_of
from intake.domain.looked_up import at_desk, linked_to, made_on, of_staff
from service_kit import clock
from service_kit.store.kept import kept_rows
from tests.integration.intake.links.conftest import beside, opened
from tests.support.small_district import MANHOLE, NOISE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually


async def found(twin: Twin, key: str) -> set[str]:
    rows = twin.runtime.database["view_report"].find({"by": key}, {"_id": 1})
    return {row["_id"] async for row in rows}


async def found_on(twin: Twin, day: int) -> set[str]:
    """By their views, and as they came."""
    together = kept_rows(twin.runtime.database, "fact_made", "day", [day])
    came = {row["report"] async for row in together}
    return came | await found(twin, made_on(day))


async def test_a_report_is_found_by_each_of_its_keys(
    intake: Twin, staff: dict[str, str], issuer: TestIssuer
) -> None:
    today = day_of(clock.now())
    first = await opened(intake)
    patrol = {"channel": "patrol", "matter": MANHOLE, "point": beside(4)}
    linked = (await intake.http.post("/reports", json=patrol, headers=staff)).json()
    assert linked["case"] == first.case
    proposed = await opened(intake, 30)
    words = {"text": "something", "point": beside(300)}
    unclear = (await intake.http.post("/reports", json=words)).json()["report"]
    reports = {first.report, linked["report"], proposed.report}
    await eventually(lambda: found(intake, at_desk("triage")))

    assert await found(intake, linked_to(first.case)) == {linked["report"]}
    assert await found(intake, of_staff("p-000123")) == {linked["report"]}
    assert await found(intake, at_desk("links")) == {proposed.report}
    assert await found(intake, at_desk("triage")) == {unclear}
    assert await found_on(intake, today) == reports

    reviewer = issuer.bearer("p-reviewer", "triage.decide", "intake")
    judged = {"matter": NOISE}
    answer = await intake.http.post(f"/triage/{unclear}", json=judged, headers=reviewer)
    assert answer.status_code == 200, answer.text
    await eventually(lambda: _listed(intake, today, {*reports, unclear}))
    assert await found(intake, at_desk("triage")) == set()


async def _listed(twin: Twin, day: int, reports: set[str]) -> bool:
    return await found_on(twin, day) == reports


async def test_a_report_has_one_index_and_each_question_uses_it(intake: Twin) -> None:
    """Another index would be paid for with every report that comes."""
    rows = intake.runtime.database["view_report"]
    assert set(await rows.index_information()) == {"_id_", "by"}

    for asked in (at_desk("triage"), {"$in": [linked_to("case:1"), linked_to("case:2")]}):
        plan = await rows.find({"by": asked}).explain()
        assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
