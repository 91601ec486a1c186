"""Lists, desks, bulk, exports and search, on a real store."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from case_contracts.events import dispatch as events
from case_contracts.events.registry import PostingStarted
from service_kit import clock
from tests.integration.dispatch.served import served
from tests.integration.dispatch.test_reporters_wishes import act, happened
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import LITTER, QUARREL, filed

Headers = dict[str, str]
COUNT = 7


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer) as twin:
        yield twin


@pytest.fixture
def reader(issuer: TestIssuer) -> Headers:
    return issuer.bearer("p-boss", "cases.read cases.supervise cases.export", "dispatch")


async def opened(twin: Twin, count: int = COUNT, **change: Any) -> None:
    """One a day, the last one an hour ago."""
    for number in range(count):
        at = clock.now() - timedelta(days=count - 1 - number, hours=1)
        case = f"case:{number}"
        await twin.say(filed(case, reported_at=at, opened_at=at, **change), case)
    for number in range(count):
        await happened(twin, events.TaskAssigned, f"case:{number}")


async def listed(twin: Twin, who: Headers, **query: Any) -> Any:
    answer = await twin.http.get("/cases/list", params=query, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(page: Any) -> list[str]:
    return [each["case"] for each in page["cases"]]


async def test_pages_are_stable_the_newest_first(dispatch: Twin, reader: Headers) -> None:
    await opened(dispatch)
    every, cursor = [], None
    while True:
        page = await listed(dispatch, reader, limit=3, **({"after": cursor} if cursor else {}))
        every += names(page)
        if (cursor := page["cursor"]) is None:
            break
        if len(every) == 3:  # what comes meanwhile moves no page
            await dispatch.say(filed("case:new", reported_at=clock.now()), "case:new")
            await happened(dispatch, events.TaskAssigned, "case:new")
    assert every == [f"case:{number}" for number in reversed(range(COUNT))]


async def test_lists_are_by_subtree_handler_matter_and_state(
    dispatch: Twin, reader: Headers, issuer: TestIssuer
) -> None:
    await opened(dispatch, 3)
    at = clock.now()
    await dispatch.say(filed("case:u2", grid="u2", reported_at=at), "case:u2")
    await dispatch.say(filed("case:litter", matter=LITTER, reported_at=at), "case:litter")
    litter = await happened(dispatch, events.TaskAssigned, "case:litter")
    await happened(dispatch, events.TaskAssigned, "case:u2")
    body = {"taskid": litter.taskid}
    await act(dispatch, issuer, "case:litter", "completion", "p-w1", body)
    asked = await happened(dispatch, events.VerificationRequested, "case:litter")
    await act(dispatch, issuer, "case:litter", "verification", asked.verifier.person,
              {"passed": True})  # fmt: skip

    assert names(await listed(dispatch, reader, grid="u2")) == ["case:u2"]
    assert len(names(await listed(dispatch, reader, grid="c"))) == 4
    assert names(await listed(dispatch, reader, department="wa")) == ["case:u2"]
    assert names(await listed(dispatch, reader, share="over")) == ["case:litter"]
    assert names(await listed(dispatch, reader, person="p-w1", share="all")) == ["case:litter"]
    assert names(await listed(dispatch, reader, matter=LITTER, share="all")) == ["case:litter"]
    assert names(await listed(dispatch, reader, status="accepted")) == []
    both = await listed(dispatch, reader, share="all")
    assert set(names(both)) == {"case:0", "case:1", "case:2", "case:u2", "case:litter"}
    old = await listed(dispatch, reader, until=(at - timedelta(hours=2)).isoformat())
    assert names(old) == ["case:1", "case:0"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"grid": "nowhere"}, "unknown_grid"),
        ({"after": "bm90aGluZw=="}, "bad_cursor"),
        ({"after": "%%%"}, "bad_cursor"),
        ({"share": "some"}, "invalid"),
        ({"limit": 0}, "invalid"),
    ],
)
async def test_what_cannot_be_listed_is_said(
    dispatch: Twin, reader: Headers, query: dict[str, Any], code: str
) -> None:
    answer = await dispatch.http.get("/cases/list", params=query, headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_complaint_is_in_no_list_of_those_it_is_about(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    about = {"kind": "grid", "id": "c"}
    at = clock.now()
    await dispatch.say(filed("case:about", matter=QUARREL, about=about, reported_at=at), "case:a")
    await happened(dispatch, events.TaskAssigned, "case:about")
    lead = issuer.bearer(
        "p-lead", "cases.read cases.verify cases.supervise cases.export", "dispatch"
    )
    boss = issuer.bearer("p-boss", "cases.read cases.verify cases.export", "dispatch")
    assert names(await listed(dispatch, boss)) == ["case:about"]
    assert names(await listed(dispatch, lead)) == []
    desk = (await dispatch.http.get("/cases/desk", headers=lead)).json()
    assert desk["counts"] == {"waiting": 0, "late": 0, "came_up": 0}
    table = await dispatch.http.get("/cases/export?purpose=monthly", headers=lead)
    assert "case:about" not in table.text
    bulk = {"action": "press", "cases": ["case:about"], "reason": "now"}
    answer = await dispatch.http.post("/cases/bulk", json=bulk, headers=lead)
    assert answer.json()["items"][0]["code"] == "not_found"


async def test_a_desk_has_what_waits_what_is_late_below_and_what_came_up(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    await dispatch.say(filed("case:late", matter=LITTER, reported_at=clock.now()), "case:late")
    await happened(dispatch, events.TaskAssigned, "case:late")
    lead = issuer.bearer("p-lead", "cases.verify", "dispatch")
    worker = issuer.bearer("p-w1", "cases.verify", "dispatch")
    mine = (await dispatch.http.get("/cases/desk", headers=worker)).json()
    assert (mine["grids"], names({"cases": mine["waiting"]})) == (["u1"], ["case:late"])
    boss = {"reason": "beyond_our_powers"}
    await act(dispatch, issuer, "case:late", "escalation", "p-boss", boss)
    await happened(dispatch, events.CaseEscalated, "case:late")
    desk = (await dispatch.http.get("/cases/desk", headers=lead)).json()
    assert names({"cases": desk["came_up"]}) == ["case:late"]
    desk = (await dispatch.http.get("/cases/desk?of=waiting&of=late", headers=lead)).json()
    assert (desk["came_up"], desk["counts"]["came_up"]) == ([], 1)


async def test_a_supervisor_who_answers_for_no_grid_has_the_desk_of_their_post_s(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    post = PostingStarted(
        posting="posting:c:p-sup", person="p-sup", role="street-supervisor", grid="c",
        valid_from=clock.now() - timedelta(days=1),
    )  # fmt: skip
    await dispatch.say(post, post.posting)

    async def grids(scope: str) -> list[str]:
        asks = issuer.bearer("p-sup", scope, "dispatch")
        found: list[str] = (await dispatch.http.get("/cases/desk", headers=asks)).json()["grids"]
        return found

    assert await eventually(lambda: grids("cases.supervise")) == ["c"]
    assert await grids("cases.verify") == []


async def test_bulk_says_first_what_it_would_do_and_does_it_once(
    dispatch: Twin, reader: Headers
) -> None:
    await opened(dispatch, 2)
    body = {
        "action": "extend", "cases": ["case:1", "case:nowhere", "case:1"], "reason": "storm",
        "limit": {"amount": 1, "unit": "working_days"}, "dry_run": True,
    }  # fmt: skip
    dry = (await dispatch.http.post("/cases/bulk", json=body, headers=reader)).json()
    assert dry["counts"] == {"would_be_done": 1, "refused": 1}
    assert dispatch.published(events.ClockExtended) == []

    done = body | {"dry_run": False}
    for _ in range(2):
        answer = await dispatch.http.post(
            "/cases/bulk", json=done, headers=reader | {"Idempotency-Key": "storm-1"}
        )
        assert answer.json()["counts"] == {"done": 1, "refused": 1}, answer.text
    assert len({e.clock for e in dispatch.published(events.ClockExtended)}) == 2
    assert len(dispatch.published(events.ClockExtended)) == 2


async def test_linking_in_bulk_asks_intake_to_move_the_reports(
    dispatch: Twin, reader: Headers
) -> None:
    await opened(dispatch, 3)
    body = {
        "action": "link", "cases": ["case:0", "case:1"], "reason": "same_hole", "into": "case:1",
    }  # fmt: skip
    found = (await dispatch.http.post("/cases/bulk", json=body, headers=reader)).json()
    assert [(i["outcome"], i["code"]) for i in found["items"]] == [
        ("done", None), ("refused", "same_case"),
    ]  # fmt: skip
    [asked] = dispatch.published(events.MergingRequested)
    assert (asked.case, asked.into, asked.by) == ("case:0", "case:1", "p-boss")


@pytest.mark.parametrize(
    "body",
    [
        {"action": "extend", "cases": ["case:1"], "reason": "storm"},
        {"action": "press", "cases": ["case:1"], "reason": "now", "into": "case:2"},
        {"action": "press", "cases": [], "reason": "now"},
        {"action": "press", "cases": ["case:1"], "reason": "words are no code"},
        {"action": "press", "cases": [{"$ne": ""}], "reason": "now"},
    ],
)
async def test_a_bulk_that_is_not_whole_is_refused(
    dispatch: Twin, reader: Headers, body: dict[str, Any]
) -> None:
    answer = await dispatch.http.post("/cases/bulk", json=body, headers=reader)
    assert answer.status_code == 422, answer.text


async def test_rule_8_the_load_of_each_worker_is_reported(dispatch: Twin, reader: Headers) -> None:
    await opened(dispatch, 2)
    at = clock.now()
    await dispatch.say(filed("case:litter", matter=LITTER, reported_at=at), "case:litter")
    litter = await happened(dispatch, events.TaskAssigned, "case:litter")
    answer = await dispatch.http.get("/workers/load?grid=c&share=all", headers=reader)
    assert answer.status_code == 200, answer.text
    loads = {each["person"]: each for each in answer.json()["workers"]}
    mine = loads[litter.handler.person or ""]
    assert (mine["sent"], mine["open"], mine["not_admitted"]) == (1, 1, 0)
    assert all(not each["sent"] for person, each in loads.items() if person != mine["person"])
    wrong = await dispatch.http.get("/workers/load?grid=nowhere", headers=reader)
    assert wrong.json()["code"] == "unknown_grid"


async def test_exports_open_as_tables_in_both_languages(dispatch: Twin, reader: Headers) -> None:
    await opened(dispatch, 3)
    text = await dispatch.http.get("/cases/export?purpose=monthly&language=en", headers=reader)
    rows = list(csv.reader(io.StringIO(text.text.lstrip("\ufeff"))))
    assert rows[0][:2] == ["Case", "Status"]
    assert [row[0] for row in rows[1:]] == ["case:2", "case:1", "case:0"]
    book = await dispatch.http.get("/cases/export?purpose=monthly&format=xlsx", headers=reader)
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]] == ["案卷", "case:2", "case:1", "case:0"]
    audit = dispatch.runtime.database["vault_audit"]
    assert await audit.count_documents({"what": "export", "who": "p-boss"}) == 2


async def test_words_are_searched_only_where_one_may_act_and_with_a_purpose(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    await dispatch.say(filed("case:q", matter=QUARREL, reported_at=clock.now()), "case:q")
    task = await happened(dispatch, events.TaskAssigned, "case:q")
    person = task.handler.person
    await act(dispatch, issuer, "case:q", "mediation/sittings", person, {"words": "吵闹 Noise"})

    async def found(who: str, words: str) -> Any:
        headers = issuer.bearer(who, "cases.verify", "dispatch")
        body = {"words": words, "purpose": "prepare_sitting"}
        answer = await dispatch.http.post("/cases/search", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert names(await found(person, "noise")) == ["case:q"]
    assert names(await found(person, "silence")) == []
    assert (await found("p-w2", "noise"))["searched"] == 0
    audit = dispatch.runtime.database["vault_audit"]
    rows = await audit.find({"what": "search"}).to_list(None)
    assert {(row["who"], row["subject"]) for row in rows} == {(person, "case:q")}
    assert "noise" not in str(rows).casefold()
