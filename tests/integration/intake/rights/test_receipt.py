"""What a receipt shows, and what it gives the right to."""

from datetime import datetime, timedelta

import pytest

from case_contracts.events.dispatch import (
    AnswerGiven,
    CaseReopened,
    CaseVoided,
    ReopeningReferred,
    ReopeningRefused,
    TaskAssigned,
    VerificationRequested,
)
from case_contracts.events.intake import (
    ReopeningRequested,
    ReportSupplemented,
    ReportWithdrawn,
)
from service_kit import clock
from tests.integration.intake.rights.reporter import PHONE, WORDS, Reporter, reporter
from tests.support.small_district import OUTSIDE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

TASK = {"purpose": "handle-task"}


@pytest.fixture
async def me(intake: Twin) -> Reporter:
    return await reporter(intake, text=WORDS, language="en")


async def test_who_answers_the_limit_and_what_one_may_do(me: Reporter) -> None:
    begun = await me.track()
    await me.say(TaskAssigned, assigned_at=clock.now())
    assigned = await me.track()
    await me.say(VerificationRequested, requested_at=clock.now())
    done = await me.track()
    await me.close()
    closed = await me.track()

    found = [each["answering"] and each["answering"]["code"] for each in (begun, assigned, done)]
    assert found == ["district", "department", "verifier"]
    assert closed["answering"] is None
    assert (begun["limit"]["amount"], begun["limit"]["unit"]) == (2, "hours")
    assert begun["limit"]["name"]["en"] == "2 hours, counted day and night"
    assert [each["right"] for each in begun["may"]] == ["add", "withdraw"]
    assert [each["right"] for each in closed["may"]] == ["rate", "reopen"]
    until = datetime.fromisoformat(closed["may"][1]["until"])
    assert until - datetime.fromisoformat(closed["closed_at"]) == timedelta(days=15)
    assert "not_done" in [each["code"] for each in closed["may"][1]["reasons"]]
    assert closed["outcome"]["en"] == "Done"
    assert begun["outcome"] is None


async def test_a_receipt_is_not_left_in_any_cache(me: Reporter) -> None:
    for receipt in (me.receipt, "2" * 13, me.receipt[::-1]):
        answer = await me.twin.http.get(f"/track/{receipt}")
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
    assert (await me.twin.http.get(f"/track/{me.receipt}")).headers["referrer-policy"] == (
        "no-referrer"
    )


async def test_a_rejected_report_says_why_and_gives_no_right(intake: Twin) -> None:
    me = await reporter(intake, point=OUTSIDE)
    tracked = await me.track()

    assert (tracked["status"], tracked["reason"]) == ("rejected", "outside_district")
    assert tracked["message"]["en"]
    assert tracked["may"] == []
    assert (await me.ask("withdrawal", {"reason": "mistake"})).json()["code"] == "rejected"
    assert (await me.ask("additions", {"text": "x"})).json()["code"] == "rejected"


async def test_one_who_cannot_say_the_matter_waits_for_a_reviewer(
    intake: Twin, issuer: TestIssuer
) -> None:
    answer = await intake.http.post("/reports", json={"text": WORDS})
    me = Reporter(intake, answer.json())
    tracked = await me.track()

    assert (tracked["status"], tracked["answering"]["code"]) == ("waiting", "reviewer")
    assert tracked["waiting_until"] is not None
    assert await me.may() == ["add", "withdraw"]
    await me.ask("additions", {"text": "在三号楼后面"})
    reviewer = issuer.bearer("p-77", "triage.decide", "intake")
    read = await intake.http.get(f"/triage/{me.report}", headers=reviewer)
    assert read.json()["text"].startswith(f"{WORDS}\n[补充 ")
    assert read.json()["text"].endswith("] 在三号楼后面")
    await me.ask("withdrawal", {"reason": "mistake"})
    [withdrawn] = intake.published(ReportWithdrawn)
    assert withdrawn.last is False


async def test_withdrawing_is_once_and_ends_every_right(me: Reporter) -> None:
    first = await me.ask("withdrawal", {"reason": "solved_itself"})
    again = await me.ask("withdrawal", {"reason": "mistake"})

    assert (first.status_code, again.json()) == (200, first.json())
    [withdrawn] = me.twin.published(ReportWithdrawn)
    assert (withdrawn.report, withdrawn.reason, withdrawn.last) == (
        me.report, "solved_itself", True,
    )  # fmt: skip
    tracked = await me.track()
    assert (tracked["status"], tracked["may"]) == ("withdrawn", [])
    assert "deleted" in tracked["message"]["en"]
    for what, body in (
        ("additions", {"text": "x"}),
        ("rating", {"solved": True, "score": 5}),
        ("reopening", {"reason": "not_done"}),
    ):
        assert (await me.ask(what, body)).json()["code"] == "withdrawn"


async def test_what_is_closed_is_not_withdrawn(me: Reporter) -> None:
    await me.close()
    assert (await me.ask("withdrawal", {"reason": "mistake"})).json()["code"] == "closed"
    assert (await me.ask("additions", {"text": "x"})).json()["code"] == "closed"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("withdrawal", {"reason": "because"}),
        ("withdrawal", {"reason": {"$ne": 1}}),
        ("reopening", {}),
        ("additions", {}),
        ("additions", {"contact": {}}),
        ("additions", {"text": "x" * 4001}),
        ("additions", {"text": "x", "more": 1}),
    ],
)
async def test_what_is_malformed(me: Reporter, what: str, body: dict[str, object]) -> None:
    assert (await me.ask(what, body)).status_code == 422


async def test_reopening_is_passed_on_once_and_its_answer_is_shown(me: Reporter) -> None:
    assert (await me.ask("reopening", {"reason": "not_done"})).json()["code"] == "not_closed"
    await me.close()
    first = await me.ask("reopening", {"reason": "came_back"})
    again = await me.ask("reopening", {"reason": "not_done"})

    assert (first.status_code, again.json()) == (202, first.json())
    [asked] = me.twin.published(ReopeningRequested)
    assert (asked.report, asked.case, asked.reason) == (me.report, me.case, "came_back")
    tracked = await me.track()
    assert tracked["reopening"]["answer"] == "waiting"
    assert await me.may() == ["rate"]
    await me.say(ReopeningReferred, report=me.report, referred_at=clock.now())
    assert (await me.track())["reopening"]["answer"] == "referred"
    await me.say(ReopeningRefused, report=me.report, refused_at=clock.now(), reason="too_late")
    refused = (await me.track())["reopening"]
    assert (refused["answer"], refused["reason"]) == ("refused", "too_late")
    assert "anew" in refused["message"]["en"]


async def test_a_case_opened_again_says_so(me: Reporter) -> None:
    await me.close()
    await me.ask("reopening", {"reason": "not_done"})
    await me.say(CaseReopened, reopened_at=clock.now(), by_report=me.report)
    tracked = await me.track()

    assert (tracked["status"], tracked["reopened"]) == ("in_progress", 1)
    assert tracked["reopening"]["answer"] == "reopened"
    assert await me.may() == ["add", "withdraw"]


async def test_an_addition_is_kept_in_the_vault_and_stands_below_the_words(
    me: Reporter, service: dict[str, str]
) -> None:
    one = await me.ask("additions", {"text": "今天更糟了"}, "key-1")
    again = await me.ask("additions", {"text": "今天更糟了"}, "key-1")
    other = await me.ask("additions", {"text": "别的"}, "key-1")
    two = await me.ask("additions", {"contact": {"phone": PHONE}})

    assert (one.status_code, again.json()) == (201, one.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (two.json()["number"], two.json()["added"]) == (2, ["contact"])
    first, second = me.twin.published(ReportSupplemented)
    assert (first.reachable, second.reachable) == (("inapp",), ("inapp", "phone"))
    assert (await me.track())["additions"] == 2
    words = await me.twin.http.get(f"/vault/cases/{me.case}/words", params=TASK, headers=service)
    lines = words.json()["text"].split("\n")
    assert lines[0] == WORDS
    assert lines[1].startswith("[Added 20")
    assert lines[1].endswith("] 今天更糟了")
    assert len(lines) == 2
    many = await me.twin.http.get("/vault/words", params={**TASK, "case": me.case}, headers=service)
    assert many.json() == [words.json()]
    contact = await me.twin.http.get(
        f"/vault/reports/{me.report}/contact?purpose=notice", headers=service
    )
    assert contact.json()["phone"] == PHONE


async def test_what_was_added_is_nowhere_else_and_erased_with_the_report(
    me: Reporter, service: dict[str, str]
) -> None:
    await me.ask("additions", {"text": "canary-words", "contact": {"phone": "+86 999 123"}})
    database = me.twin.runtime.database
    for name in await database.list_collection_names():
        async for row in database[name].find():
            assert "canary-words" not in str(row), name
            assert "999 123" not in str(row), name
    assert "canary-words" not in str(me.twin.publisher.envelopes)
    await me.twin.http.delete(
        f"/vault/cases/{me.case}/key?purpose=erasure-request", headers=service
    )
    gone = await me.ask("additions", {"text": "x"})
    assert gone.status_code == 410


async def test_at_most_twenty_additions_and_none_that_was_refused_is_kept(me: Reporter) -> None:
    for number in range(20):
        assert (await me.ask("additions", {"text": f"{number}"})).status_code == 201
    refused = await me.ask("additions", {"text": "x"})

    assert refused.json()["code"] == "too_many_additions"
    kept = me.twin.runtime.database["vault_additions"]
    assert await kept.count_documents({"report": me.report}) == 20
    assert "add" not in await me.may()


async def test_the_receipt_says_where_the_answer_is_until_the_case_is_opened_again(
    me: Reporter,
) -> None:
    await me.close()
    assert (await me.track())["answer"] is None
    await me.say(AnswerGiven, statement="statement:1a2b", given_at=clock.now())
    assert (await me.track())["answer"]["statement"] == "statement:1a2b"
    await me.say(CaseReopened, reopened_at=clock.now())
    assert (await me.track())["answer"] is None


async def test_rule_3_a_reporter_may_object_where_people_have_voided_the_case(
    me: Reporter,
) -> None:
    await me.say(CaseVoided, by="p-77", into=None, voided_at=clock.now())
    void = await me.track()
    assert (void["status"], [each["right"] for each in void["may"]]) == ("voided", ["reopen"])
    assert void["message"]["zh"]
    assert (await me.ask("reopening", {"reason": "not_done"})).status_code == 202
    [asked] = me.twin.published(ReopeningRequested)
    assert asked.report == me.report
    await me.say(ReopeningReferred, report=me.report, referred_at=clock.now())
    assert (await me.track())["reopening"]["answer"] == "referred"
    await me.say(CaseReopened, reopened_at=clock.now())
    assert (await me.track())["status"] == "in_progress"
