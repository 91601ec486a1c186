"""The district's rules: read, rehearsed, published one version after the other."""

from typing import Any

import pytest

from case_contracts.events.intake import RulesPublished, TriageRequested
from tests.support.small_district import IN_WEST, MANHOLE, OUTSIDE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

HOTLINE = {"zh": "请拨打12345热线。", "en": "Please call the hotline 12345."}
RULES: dict[str, Any] = {
    "after": 0,
    "duplicates": [{"matters": ["part/*"], "metres": 60, "hours": 72, "link_from": 0.8}],
    "referrals": [{"reasons": ["outside_district"], "turn_to": HOTLINE}],
    "desk": "posting:desk",
    "triage_hours": 2,
}


@pytest.fixture
def publisher(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000009", "rules.publish", "intake")


async def put(
    intake: Twin, who: dict[str, str], key: str = "", dry_run: bool = False, **change: Any
) -> tuple[int, dict[str, Any]]:
    answer = await intake.http.put(
        "/rules", json={**RULES, **change}, params={"dry_run": dry_run},
        headers={**who, **({"Idempotency-Key": key} if key else {})},
    )  # fmt: skip
    return answer.status_code, answer.json()


async def version(intake: Twin) -> int:
    world = await intake.runtime.load_world()
    return world.rules.published.version if world.rules.published else 0


async def test_published_rules_apply(intake: Twin, publisher: dict[str, str]) -> None:
    before = (await intake.http.get("/rules", headers=publisher)).json()
    assert (before["version"], before["by"]) == (0, None)

    status, changed = await put(intake, publisher)
    assert (status, changed["version"]) == (200, 1)
    await eventually(lambda: _is(intake, 1))
    assert (await intake.http.get("/rules", headers=publisher)).json()["rules"]["desk"]

    outside = {"matter": MANHOLE, "point": OUTSIDE}
    answer = (await intake.http.post("/reports", json=outside)).json()
    assert (answer["status"], answer["turn_to"]) == ("rejected", HOTLINE)
    await intake.http.post("/reports", json={"text": "?", "point": IN_WEST})
    [asked] = await eventually(lambda: intake.published(TriageRequested))
    assert asked.receiver == "posting:desk"
    assert (asked.due_at - asked.requested_at).total_seconds() == 2 * 3600


async def _is(intake: Twin, wanted: int) -> bool:
    return await version(intake) == wanted


async def test_a_dry_run_says_what_would_change_and_what_may_be_a_slip(
    intake: Twin, publisher: dict[str, str]
) -> None:
    doubtful = [
        {"matters": ["*"], "metres": 10, "hours": 1},
        {"matters": ["part/dragons/*"], "metres": 10, "hours": 1},
    ]
    status, found = await put(intake, publisher, dry_run=True, duplicates=doubtful)

    assert (status, found["dry_run"], found["version"]) == (200, True, 1)
    assert {each["field"] for each in found["changes"]} == {
        "duplicates", "referrals", "desk", "triage_hours"
    }  # fmt: skip
    assert {each["field"] for each in found["doubts"]} == {
        "duplicates.0.matters", "duplicates.1.matters", "desk"
    }  # fmt: skip
    assert intake.published(RulesPublished) == []


async def test_two_people_do_not_overwrite_each_other(
    intake: Twin, publisher: dict[str, str]
) -> None:
    assert (await put(intake, publisher))[0] == 200
    status, problem = await put(intake, publisher, triage_hours=4)
    assert (status, problem["code"]) == (409, "rules_changed")
    assert (await put(intake, publisher, after=1, triage_hours=4))[1]["version"] == 2
    status, same = await put(intake, publisher, after=0, triage_hours=4)
    assert (status, same["version"], same["changes"]) == (200, 2, [])
    assert [e.version for e in intake.published(RulesPublished)] == [1, 2]


async def test_the_same_request_again_publishes_once(
    intake: Twin, publisher: dict[str, str]
) -> None:
    first, again = await put(intake, publisher, "k"), await put(intake, publisher, "k")
    assert (first[1]["version"], again[1]["version"]) == (1, 1)
    assert len(intake.published(RulesPublished)) == 1
    status, problem = await put(intake, publisher, "k", after=1, triage_hours=5)
    assert (status, problem["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    "change",
    [
        {"duplicates": [{"matters": ["my neighbour"], "metres": 10, "hours": 1}]},
        {"triage_hours": 0},
        {"colour": "red"},
    ],
)
async def test_what_are_no_rules(
    intake: Twin, publisher: dict[str, str], change: dict[str, Any]
) -> None:
    assert (await put(intake, publisher, **change))[0] == 422


async def test_rules_need_the_scope(intake: Twin, staff: dict[str, str]) -> None:
    assert (await intake.http.get("/rules")).status_code == 401
    assert (await intake.http.get("/rules", headers=staff)).status_code == 200
    assert (await put(intake, staff))[0] == 403
