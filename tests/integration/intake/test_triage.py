"""Reviewers: from a report that no rule files to its case, and what they may read of it."""

from typing import Any

import pytest

from case_contracts.events.intake import CaseOpened, ReportRejected, ReportTriaged, TriageRequested
from case_contracts.events.registry import PostingStarted
from intake.views import triage as view
from tests.support.small_district import FROM, IN_EAST, IN_WEST, LITTER, NOISE, WEST
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

WORDS = "楼下半夜有人敲东西，一直敲到天亮。"
UNCLEAR: dict[str, Any] = {"text": WORDS, "point": IN_WEST}


@pytest.fixture
def reviewer(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-reviewer", "triage.decide", "intake")


async def reported(intake: Twin, **change: Any) -> dict[str, Any]:
    answer = await intake.http.post("/reports", json={**UNCLEAR, **change})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def queue(intake: Twin, who: dict[str, str], **query: Any) -> dict[str, Any]:
    answer = await intake.http.get("/triage", headers=who, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def waits(intake: Twin, who: dict[str, str], count: int) -> dict[str, Any]:
    async def all_wait() -> dict[str, Any] | None:
        found = await queue(intake, who)
        return found if found["waiting"] == count else None

    return await eventually(all_wait) or {}


async def test_what_no_rule_files_waits_and_is_filed_by_a_reviewer(
    intake: Twin, reviewer: dict[str, str]
) -> None:
    accepted = await reported(intake)
    assert (accepted["status"], accepted["unclear"]) == ("waiting", "matter_not_said")
    assert accepted["case"] is None
    assert set(accepted["message"]) == {"zh", "en"}

    [waiting] = (await waits(intake, reviewer, 1))["reports"]
    assert (waiting["report"], waiting["overdue"]) == (accepted["report"], False)
    assert WORDS not in str(waiting)

    judged = await intake.http.post(
        f"/triage/{accepted['report']}", json={"matter": NOISE}, headers=reviewer
    )
    assert judged.status_code == 200, judged.text
    [case] = await eventually(lambda: intake.published(CaseOpened))
    [asked] = intake.published(TriageRequested)
    assert (judged.json()["status"], judged.json()["case"]) == ("filed", case.case)
    assert (case.matter, case.condition, case.grid) == (NOISE, "loud", WEST)
    assert case.reported_at <= asked.requested_at
    assert (await queue(intake, reviewer))["reports"] == []


async def test_the_words_are_read_for_a_purpose_and_written_down(
    intake: Twin, reviewer: dict[str, str]
) -> None:
    report = (await reported(intake))["report"]
    await waits(intake, reviewer, 1)

    seen = (await intake.http.get(f"/triage/{report}", headers=reviewer)).json()

    assert (seen["text"], seen["exact"]) == (WORDS, IN_WEST)
    [row] = await intake.runtime.database["vault_audit"].find({}).to_list(10)
    assert (row["who"], row["what"], row["subject"], row["purpose"]) == (
        "p-reviewer", "words", report, "triage"
    )  # fmt: skip


async def test_a_reviewer_rejects_with_where_to_turn(
    intake: Twin, reviewer: dict[str, str]
) -> None:
    accepted = await reported(intake)
    turn_to = {"zh": "请向劳动仲裁机构申请。", "en": "Please ask the labour arbiter."}
    body = {"reject": "out_of_scope", "turn_to": turn_to}

    judged = await intake.http.post(f"/triage/{accepted['report']}", json=body, headers=reviewer)

    assert (judged.json()["status"], judged.json()["turn_to"]) == ("rejected", turn_to)
    [event] = await eventually(lambda: intake.published(ReportRejected))
    assert (event.reason, event.by) == ("out_of_scope", "p-reviewer")
    assert event.turn_to is not None
    assert event.turn_to.model_dump() == turn_to


async def test_the_same_decision_again_changes_nothing_and_another_is_refused(
    intake: Twin, reviewer: dict[str, str]
) -> None:
    path = f"/triage/{(await reported(intake))['report']}"
    first = await intake.http.post(path, json={"matter": NOISE}, headers=reviewer)
    again = await intake.http.post(path, json={"matter": NOISE}, headers=reviewer)
    other = await intake.http.post(path, json={"reject": "out_of_scope"}, headers=reviewer)

    assert again.json() == first.json()
    assert len(intake.published(ReportTriaged)) == 1
    assert (other.status_code, other.json()["code"]) == (409, "not_waiting")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"matter": "event/street/ufo"}, 422),
        ({"matter": LITTER}, 422),
        ({"matter": NOISE, "grid": "nowhere"}, 422),
        ({"matter": NOISE, "reject": "out_of_scope"}, 422),
        ({"reject": "outside_district"}, 422),
        ({}, 422),
        ({"matter": NOISE, "turn_to": {"zh": "某处", "en": "x"}}, 422),
        ({"matter": LITTER, "condition": "heap", "point": IN_EAST}, 200),
    ],
)
async def test_what_a_reviewer_may_say(
    intake: Twin, reviewer: dict[str, str], body: dict[str, Any], status: int
) -> None:
    where = {} if "point" not in body and "grid" not in body else {"point": None}
    report = (await reported(intake, **where))["report"]
    answer = await intake.http.post(f"/triage/{report}", json=body, headers=reviewer)
    assert answer.status_code == status, answer.text


async def test_the_queue_is_read_page_by_page(intake: Twin, reviewer: dict[str, str]) -> None:
    sent = [(await reported(intake, text=f"{WORDS}{n}"))["report"] for n in range(5)]
    await waits(intake, reviewer, 5)

    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = await queue(intake, reviewer, limit=2, **after)
        seen += [each["report"] for each in page["reports"]]
        if page["cursor"] is None:
            break
        after = {"after": page["cursor"]}
    assert seen == sent


async def test_what_has_waited_too_long_is_marked_and_counted(
    intake: Twin, reviewer: dict[str, str]
) -> None:
    report = (await reported(intake))["report"]
    await waits(intake, reviewer, 1)
    rows = intake.runtime.database["view_report"]
    await rows.update_one({"_id": report}, {"$set": {"state.waiting.due_at": FROM.isoformat()}})

    found = await queue(intake, reviewer)
    await view.measure(intake.runtime.database)

    assert (found["overdue"], found["reports"][0]["overdue"]) == (1, True)
    metrics = (await intake.http.get("/metrics")).text
    assert "civicgrid_intake_triage_overdue 1.0" in metrics
    assert "civicgrid_intake_triage_waiting 1.0" in metrics


async def test_whom_it_complains_of_sees_nothing_of_it(
    intake: Twin, issuer: TestIssuer, reviewer: dict[str, str]
) -> None:
    post = PostingStarted(
        posting="posting:west", person="p-west", role="leader", grid=WEST, accountable=True,
        valid_from=FROM,
    )  # fmt: skip
    await intake.say(post, post.posting)
    hidden = [
        (await reported(intake, about=about))["report"]
        for about in (
            {"kind": "person", "id": "p-reviewer"},
            {"kind": "grid", "id": WEST},
            {"kind": "department", "id": "um"},
        )
    ]
    await waits(intake, issuer.bearer("p-other", "triage.decide", "intake"), 3)

    async def seen_by(who: dict[str, str]) -> set[str]:
        found = await queue(intake, who)
        listed = {each["report"] for each in found["reports"]}
        assert found["waiting"] == len(listed)
        for report in hidden:
            answers = {
                (await intake.http.get(f"/triage/{report}", headers=who)).status_code,
                (await intake.http.get(f"/reports/{report}", headers=who)).status_code,
            }
            assert answers == ({200} if report in listed else {404})
        return listed

    scopes = "triage.decide reports.read"
    west = issuer.bearer("p-west", scopes, "intake")
    own = issuer.bearer("p-reviewer", scopes, "intake")
    bureau = issuer.bearer("p-clerk", scopes, "intake", department="um")
    await eventually(lambda: _knows(intake, "p-west"))
    assert await seen_by(own) == {hidden[1], hidden[2]}
    assert await seen_by(west) == {hidden[0], hidden[2]}
    assert await seen_by(bureau) == {hidden[0], hidden[1]}
    refused = await intake.http.post(f"/triage/{hidden[2]}", json={"matter": NOISE}, headers=bureau)
    assert refused.status_code == 404
    assert intake.published(ReportTriaged) == []


async def _knows(intake: Twin, person: str) -> bool:
    return person in (await intake.runtime.load_world()).postings.by_person


async def test_the_queue_needs_the_scope(intake: Twin, staff: dict[str, str]) -> None:
    assert (await intake.http.get("/triage")).status_code == 401
    assert (await intake.http.get("/triage", headers=staff)).status_code == 403
    assert (await intake.http.get("/triage/report:none", headers=staff)).status_code == 403
