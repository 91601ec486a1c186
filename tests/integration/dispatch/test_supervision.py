"""Supervision over HTTP: by hand, slips and their answers, the timeline, and the rules for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import MANHOLE, filed

CASE = "case:1"
WORDS = "多次催办无进展"
RULES: dict[str, Any] = {
    "after": 0,
    "slips": [{"trigger": "overdue", "colour": "yellow", "matters": ["part/*"]}],
    "near_share": 0.5,
}


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer) as twin:
        await twin.say(filed(CASE, matter=MANHOLE, reported_at=clock.now(), by="p-secret"), CASE)
        await eventually(lambda: twin.published(events.TaskAssigned))
        await twin.settled()
        yield twin


@pytest.fixture
def boss(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-boss", "cases.supervise", "dispatch")


@pytest.fixture
def department(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("um-system", "department", "dispatch", "department", "um")


async def post(
    twin: Twin, path: str, who: dict[str, str], body: dict[str, Any], key: str = ""
) -> tuple[int, dict[str, Any]]:
    headers = {**who, **({"Idempotency-Key": key} if key else {})}
    answer = await twin.http.post(f"/cases/{CASE}/{path}", json=body, headers=headers)
    return answer.status_code, answer.json()


async def test_a_slip_by_hand_is_answered_by_its_department_and_by_nobody_else(
    dispatch: Twin, boss: dict[str, str], department: dict[str, str], issuer: TestIssuer
) -> None:
    body = {"colour": "orange", "words": WORDS, "answer": {"amount": 4, "unit": "hours"}}
    status, state = await post(dispatch, "slips", boss, body, "k")
    assert (status, state["slips"][0]["colour"]) == (200, "orange")
    assert (await post(dispatch, "slips", boss, body, "k"))[0] == 200
    [issued] = dispatch.published(events.SlipIssued)
    assert WORDS not in issued.model_dump_json()
    assert issued.statement is not None

    answer = {"words": "今日恢复"}
    stranger = issuer.bearer("wa-system", "department", "dispatch", "department", "wa")
    status, problem = await post(dispatch, "slips/slip:1/answer", stranger, answer)
    assert (status, problem["code"]) == (404, "not_found")
    status, said = await post(dispatch, "slips/slip:1/answer", department, answer)
    assert (status, set(said)) == (
        200, {"case", "slip", "colour", "answer_by", "answered_at"},
    )  # fmt: skip
    status, problem = await post(dispatch, "slips/slip:1/answer", department, answer)
    assert (status, problem["code"]) == (409, "slip_answered")
    assert dispatch.published(events.SlipAnswered)[0].on_time is True


async def test_a_department_sees_nothing_else_of_the_case(
    dispatch: Twin, department: dict[str, str]
) -> None:
    for path in ("", "/timeline", "/clock"):
        answer = await dispatch.http.get(f"/cases/{CASE}{path}", headers=department)
        assert answer.status_code == 403, path
    for path in ("press", "slips", "escalation", "assignment"):
        assert (await post(dispatch, path, department, {}))[0] == 403


async def test_pressing_escalating_and_taking_over(
    dispatch: Twin, boss: dict[str, str], issuer: TestIssuer
) -> None:
    assert (await post(dispatch, "press", boss, {"words": WORDS}))[0] == 200
    assert dispatch.published(events.TaskPressed)[0].handler.id == "um"
    status, state = await post(dispatch, "escalation", boss, {"reason": "stuck"})
    assert (status, state["watch"]["grid"]) == (200, "c")
    taken = {"reason": "beyond_our_powers", "take_over": True}
    status, state = await post(dispatch, "escalation", boss, taken)
    assert (status, state["task"]["handler"]["person"]) == (200, "p-boss")
    status, problem = await post(dispatch, "escalation", boss, {"reason": "stuck"})
    assert (status, problem["code"]) == (409, "at_the_top")
    status, problem = await post(dispatch, "press", boss, {})
    assert (status, problem["code"]) == (409, "own_work")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"department": "mr"}, 409, "no_charter"),
        ({"post": "posting:u2:p-w2"}, 409, "not_on_the_path"),
        ({"post": "posting:u1:p-w1"}, 409, "matter_not_admitted"),
        ({"department": "um", "post": "posting:c:p-lead"}, 422, "invalid"),
        ({"post": "posting:c:p-lead"}, 200, None),
    ],
)
async def test_the_task_goes_to_whom_is_named_if_entitled(
    dispatch: Twin, boss: dict[str, str], body: dict[str, str], status: int, code: str | None
) -> None:
    found, said = await post(dispatch, "assignment", boss, {"reason": "better_placed", **body})
    assert (found, said.get("code")) == (status, code)


async def test_the_timeline_tells_everything_in_order_and_no_reporter(
    dispatch: Twin, boss: dict[str, str]
) -> None:
    await post(dispatch, "press", boss, {"words": WORDS})
    await post(dispatch, "escalation", boss, {"reason": "stuck"})
    whole = (await dispatch.http.get(f"/cases/{CASE}/timeline", headers=boss)).json()
    names = [entry["event"] for entry in whole["entries"]]
    assert names[0] == "case.received"
    assert names[-2:] == ["task.pressed", "case.escalated"]
    assert [e["sequence"] for e in whole["entries"]] == list(range(1, len(names) + 1))
    assert "p-secret" not in str(whole)
    assert "report:" not in str(whole)
    pressed = whole["entries"][-2]
    assert pressed["label"] == {"zh": "督办", "en": "handler pressed"}
    assert [(w["role"], w["id"]) for w in pressed["who"]] == [("handler", "um"), ("by", "p-boss")]
    assert pressed["why"][0]["label"]["zh"] == "上报人在等待"
    assert pressed["statement"] is not None

    pieces: list[dict[str, Any]] = []
    after: str | None = "0"
    while after is not None:
        path = f"/cases/{CASE}/timeline?limit=1&after={after}"
        page: dict[str, Any] = (await dispatch.http.get(path, headers=boss)).json()
        pieces += page["entries"]
        after = page["cursor"]
    assert pieces == whole["entries"]


async def test_who_may_not_see_the_case_sees_no_timeline(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    about = {"kind": "person", "id": "p-boss"}
    await dispatch.say(filed("case:2", reported_at=clock.now(), about=about), "case:2")
    await eventually(lambda: len(dispatch.published(events.TaskAssigned)) == 2)
    await dispatch.settled()
    hidden = issuer.bearer("p-boss", "cases.supervise", "dispatch")
    for case in ("case:2", "case:none"):
        answer = await dispatch.http.get(f"/cases/{case}/timeline", headers=hidden)
        assert answer.status_code == 404
    answer = await dispatch.http.post("/cases/case:2/press", json={}, headers=hidden)
    assert answer.status_code == 404


async def put(
    twin: Twin, who: dict[str, str], dry_run: bool = False, **change: Any
) -> tuple[int, dict[str, Any]]:
    answer = await twin.http.put(
        "/supervision", json={**RULES, **change}, params={"dry_run": dry_run}, headers=who
    )
    return answer.status_code, answer.json()


async def test_published_rules_apply_and_two_people_do_not_overwrite_each_other(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    who = issuer.bearer("p-000009", "supervision.publish", "dispatch")
    before = (await dispatch.http.get("/supervision", headers=who)).json()
    assert (before["version"], before["by"]) == (0, None)
    status, changed = await put(dispatch, who)
    assert (status, changed["version"], changed["doubts"]) == (200, 1, [])
    [published] = dispatch.published(events.SupervisionPublished)
    assert published.by == "p-000009"

    async def applies() -> bool:
        world = await dispatch.runtime.load_world()
        return bool(world.supervision.rules.near_share == 0.5)

    await eventually(applies)
    status, problem = await put(dispatch, who, near_share=0.1)
    assert (status, problem["code"]) == (409, "rules_changed")
    status, same = await put(dispatch, who)
    assert (status, same["version"], same["changes"]) == (200, 1, [])
    assert (await put(dispatch, who, after=1, near_share=0.1))[1]["version"] == 2


async def test_a_dry_run_says_what_would_change_and_what_may_be_a_slip(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    who = issuer.bearer("p-000009", "supervision.publish", "dispatch")
    status, found = await put(
        dispatch, who, dry_run=True, arbiter="posting:none", spot_checkers=["p-nobody", "p-w1"],
        levels=[{"matters": ["dispute/*"], "level": "hamlet"}],
        slips=[
            {"trigger": "overdue", "colour": "yellow"},
            {"trigger": "overdue", "colour": "red", "matters": ["part/dragons/*"]},
        ],
    )  # fmt: skip
    assert (status, found["dry_run"], found["version"]) == (200, True, 1)
    assert {(d["code"], d["field"]) for d in found["doubts"]} == {
        ("unknown_post", "arbiter"),
        ("unknown_person", "spot_checkers.0"),
        ("unknown_level", "levels.0.level"),
        ("fits_no_matter", "slips.1.matters"),
        ("never_applies", "slips.1"),
    }
    assert all(set(d["message"]) == {"zh", "en"} for d in found["doubts"])
    assert dispatch.published(events.SupervisionPublished) == []


async def test_rules_need_the_scope_and_are_checked(
    dispatch: Twin, boss: dict[str, str], issuer: TestIssuer
) -> None:
    assert (await dispatch.http.get("/supervision")).status_code == 401
    assert (await dispatch.http.get("/supervision", headers=boss)).status_code == 200
    assert (await put(dispatch, boss))[0] == 403
    who = issuer.bearer("p-000009", "supervision.publish", "dispatch")
    for change in ({"near_share": 1}, {"colour": "red"}, {"escalate": ["whenever"]}):
        assert (await put(dispatch, who, **change))[0] == 422
