"""Posts, secondments, contact groups and portfolios over HTTP: changed, refused, asked for."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from case_contracts.events.registry import (
    ChangeDecided,
    ContactGroupDissolved,
    PostingEnded,
    PostingStarted,
    SecondmentEnded,
)
from service_kit import clock
from tests.integration.registry.test_loading import Headers, load
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.registry.posts import HOUSEHOLDS
from tests.unit.registry.small import edited

FILES = edited("district.yaml", "2026-01-01T", "2020-01-01T", HOUSEHOLDS)
COLUMNS = "posting,person,role,grid,accountable,shifts,valid_from,valid_to\n"
KEY = {"Idempotency-Key": "once"}
SECONDMENT = {
    "reason": "campaign", "secondment": "secondment:roads/1", "person": "p-7",
    "department": "roads", "grid": "4101", "powers": ["repair"], "legal_basis": "decision 3",
    "approved_by": ["p-1", "p-2"],
}  # fmt: skip
GROUP = {"reason": "groups", "group": "contact_group:410101/1", "grid": "410101",
         "person": "p-3", "households": 18}  # fmt: skip
PORTFOLIO = {"reason": "division of work", "portfolio": "portfolio:p-2", "person": "p-2",
             "departments": ["water"], "matters": ["event/*"], "grid": "4101"}  # fmt: skip
NEW = {"posting": "posting:410101:2", "person": "p-8", "role": "contact", "grid": "410101"}


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    answer = await load(registry, writer, FILES)
    assert answer.status_code == 200, answer.text
    registry.publisher.envelopes.clear()
    return registry


def later(days: float = 10) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


async def post(registry: Twin, path: str, body: Any, headers: Headers) -> httpx.Response:
    return await registry.http.post(path, json=body, headers=headers)


async def table(
    registry: Twin, text: str | bytes, headers: Headers, query: str = "?reason=new"
) -> httpx.Response:
    sent = {**headers, "Content-Type": "text/csv"}
    return await registry.http.post(f"/postings/csv{query}", content=text, headers=sent)


async def ask(registry: Twin, path: str, headers: Headers) -> Any:
    answer = await registry.http.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(answer: httpx.Response) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]]


async def test_a_posting_begins_and_ends(loaded: Twin, writer: Headers) -> None:
    body = {"reason": "more hands", "postings": [NEW]}
    dry = await post(loaded, "/postings?dry_run=true", body, writer)
    assert (dry.json()["dry_run"], dry.json()["published"]) == (True, {"posting.started.v1": 1})
    assert loaded.publisher.envelopes == []

    made = await post(loaded, "/postings", body, writer | KEY)
    assert made.status_code == 200, made.text
    again = await post(loaded, "/postings", body, writer | KEY)
    assert again.json() == made.json()
    assert len(loaded.published(PostingStarted)) == 1
    held = await ask(loaded, "/postings?person=p-8", writer)
    assert [p["posting"] for p in held] == ["posting:410101:2"]

    end = await post(loaded, "/postings/posting:410101:2/end", {"reason": "moved"}, writer)
    assert end.json()["published"] == {"posting.ended.v1": 1}
    assert await ask(loaded, "/postings?person=p-8", writer) == []
    twice = await post(loaded, "/postings/posting:410101:2/end", {"reason": "moved"}, writer)
    assert (twice.status_code, twice.json()["code"]) == (409, "ended_already")
    audit = await ask(loaded, "/audit/posting:410101:2", writer)
    assert [row["actor"]["purpose"] for row in audit] == ["more hands", "moved"]


async def test_an_end_says_what_it_leaves_uncovered(loaded: Twin, writer: Headers) -> None:
    until = later()
    body = {"reason": "retires", "valid_to": until}
    answer = await post(loaded, "/postings/posting:410101:1/end", body, writer)
    found = {warning["code"] for warning in answer.json()["warnings"]}
    assert found == {"nobody_accountable", "team_incomplete"}
    [ended] = loaded.published(PostingEnded)
    assert ended.valid_to == datetime.fromisoformat(until)
    assert len(await ask(loaded, "/postings?person=p-3", writer)) == 1, "until then she holds it"


async def test_a_table_is_taken_whole(loaded: Twin, writer: Headers) -> None:
    text = "\ufeff" + COLUMNS + "posting:410101:2,p-8,contact,410101,false,1-5 08:00-18:00,,\n"
    text += "posting:410102:2,p-9,contact,410102,,,,\n"
    answer = await table(loaded, text.encode(), writer)
    assert answer.status_code == 200, answer.text
    assert answer.json()["published"] == {"posting.started.v1": 2}
    again = await table(loaded, text.encode(), writer)
    assert again.json()["published"] == {}, "an empty valid_from keeps what stands"


async def test_every_bad_line_is_told_and_nothing_applied(loaded: Twin, writer: Headers) -> None:
    text = COLUMNS + (
        "posting:1,p-8,contact,410101,,,,\n"
        "posting:2,p-9,driver,410101,,,,\n"
        "posting:3,p-9,contact,410199,perhaps,,,\n"
        "posting:4,p-3,leader,4101,,,,\n"
        "posting:5,p-9\n"
        "posting:6,p 9,contact,410101,,,,\n"
        "posting:7,p-9,contact,410101,,9 08:00,,\n"
        "posting:8,p-9,contact,410101,,,2026-01-01,\n"
    )
    answer = await table(loaded, text, writer)
    assert (answer.status_code, answer.json()["code"]) == (422, "change_invalid")
    found = [(e["origin"]["line"], e["code"]) for e in answer.json()["errors"]]
    assert found == [
        (3, "role_unknown"), (4, "cell_invalid"), (4, "grid_unknown"), (5, "two_exclusive_posts"),
        (6, "csv_cells"), (7, "field_invalid"), (8, "cell_invalid"), (9, "field_invalid"),
    ]  # fmt: skip
    assert all(error["hint"] for error in answer.json()["errors"])
    assert loaded.publisher.envelopes == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "column_missing"),
        (COLUMNS.encode(), "table_empty"),
        (b"posting,person,role,grid,salary\n", "column_unknown"),
        (COLUMNS.encode() + "posting:1,p-8,联系员".encode("gbk"), "not_utf8"),
        (COLUMNS.encode() + b'"', "csv_invalid"),
    ],
)
async def test_what_is_no_table(loaded: Twin, writer: Headers, text: bytes, code: str) -> None:
    answer = await table(loaded, text, writer)
    assert answer.status_code == 422
    assert code in codes(answer)


async def test_the_past_is_not_written_anew(loaded: Twin, writer: Headers) -> None:
    other = {"posting": "posting:410101:1", "person": "p-9", "role": "contact", "grid": "410101",
             "valid_from": later(-30)}  # fmt: skip
    answer = await post(loaded, "/postings", {"reason": "x", "postings": [other]}, writer)
    assert codes(answer) == ["past_changed"]
    body = {"reason": "x", "valid_to": later(-30)}
    end = await post(loaded, "/postings/posting:410101:1/end", body, writer)
    assert (end.status_code, end.json()["code"]) == (409, "in_the_past")


async def test_a_secondment_with_powers_that_are_held(loaded: Twin, writer: Headers) -> None:
    body = SECONDMENT | {"valid_to": later(90)}
    assert (await post(loaded, "/secondments", body, writer | KEY)).status_code == 200
    assert (await post(loaded, "/secondments", body, writer | KEY)).status_code == 200
    [found] = await ask(loaded, "/secondments?grid=4101&department=roads&person=p-7", writer)
    assert found["powers_held"] == ["repair"]
    assert await ask(loaded, "/secondments?grid=41", writer) == []
    revoke = {"reason": "x", "approved_by": ["p-1", "p-2"]}
    answer = await post(loaded, "/charters/charter:roads/revocation", revoke, writer)
    assert answer.status_code == 200
    [found] = await ask(loaded, "/secondments", writer)
    assert found["powers_held"] == [], "the power went with the charter"
    end = await post(loaded, "/secondments/secondment:roads/1/end", {"reason": "over"}, writer)
    assert end.status_code == 200, end.text
    assert len(loaded.published(SecondmentEnded)) == 1
    assert await ask(loaded, "/secondments", writer) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"powers": ["penalise"]}, "power_not_held"),
        ({"approved_by": ["p-1", "p-1"]}, "approvers_same"),
        ({"grid": "4199"}, "grid_unknown"),
        ({"valid_to": "2019-01-01T00:00:00Z"}, "validity_empty"),
    ],
)
async def test_a_secondment_that_is_refused(
    loaded: Twin, writer: Headers, change: dict[str, Any], code: str
) -> None:
    body = SECONDMENT | {"valid_to": later(90)} | change
    answer = await post(loaded, "/secondments", body, writer)
    assert (answer.status_code, code in codes(answer)) == (422, True), answer.text
    assert loaded.publisher.envelopes == []


async def test_a_contact_group_and_its_end(loaded: Twin, writer: Headers) -> None:
    answer = await post(loaded, "/contact-groups", GROUP | {"households": 9}, writer)
    assert [w["code"] for w in answer.json()["warnings"]] == ["group_size"]
    for query in ("grid=410101", "person=p-3", "grid=410101&person=p-3"):
        assert len(await ask(loaded, f"/contact-groups?{query}", writer)) == 1
    assert await ask(loaded, "/contact-groups?person=p-4", writer) == []
    end = await post(loaded, "/contact-groups/contact_group:410101/1/end", {"reason": "x"}, writer)
    assert end.status_code == 200, end.text
    assert len(loaded.published(ContactGroupDissolved)) == 1
    assert await ask(loaded, "/contact-groups?grid=410101", writer) == []
    for change, code in (({"households": 500}, "group_exceeds_grid"),
                         ({"person": "p-4"}, "contact_without_post")):  # fmt: skip
        wrong = GROUP | {"group": "contact_group:2"} | change
        assert code in codes(await post(loaded, "/contact-groups", wrong, writer))


async def test_a_portfolio_counts_for_the_grids_below(loaded: Twin, writer: Headers) -> None:
    assert (await post(loaded, "/portfolios", PORTFOLIO, writer)).status_code == 200
    own = await ask(loaded, "/portfolios?person=p-2", writer)
    below = await ask(loaded, "/portfolios?grid=410101", writer)
    above = await ask(loaded, "/portfolios?grid=41", writer)
    assert [p["portfolio"] for p in own] == ["portfolio:p-2"]
    assert [p["portfolio"] for p in below] == ["portfolio:p-1", "portfolio:p-2"]
    assert [p["portfolio"] for p in above] == ["portfolio:p-1"]
    assert await ask(loaded, "/portfolios?person=p-2&at=2025-06-01T00:00:00Z", writer) == []
    wrong = await post(loaded, "/portfolios", PORTFOLIO | {"departments": ["none"]}, writer)
    assert codes(wrong) == ["department_unknown"]


async def test_a_team_by_role_and_who_is_on_duty(loaded: Twin, writer: Headers) -> None:
    always = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "hours": {"start": "00:00", "end": "00:00"}}
    body = {"reason": "x", "postings": [NEW | {"shifts": [always]}]}
    assert (await post(loaded, "/postings", body, writer)).status_code == 200
    found = await ask(loaded, "/teams/410101", writer)
    assert (found["people"], found["wanted"], found["complete"]) == (
        2,
        {"least": 1, "most": 2},
        True,
    )
    assert found["accountable"] == ["p-3"]
    assert [(r["role"], r["name"]["zh"]) for r in found["roles"]] == [
        ("contact", "联系员"), ("worker", "网格员"),
    ]  # fmt: skip
    assert "p-8" in found["on_duty"]
    assert (await ask(loaded, "/teams/4101", writer))["complete"] is None
    monday = "2026-01-05T00:30:00Z"  # 08:30 in Shanghai
    duty = await ask(loaded, f"/on-duty?grid=410101&at={monday}", writer)
    assert (duty["nearest"], [m["person"] for m in duty["on_duty"]]) == ("410101", ["p-3"])
    assert duty["zone"] == "Asia/Shanghai"
    nobody = await ask(loaded, f"/on-duty?grid=410102&at={monday}", writer)
    assert (nobody["nearest"], nobody["on_duty"]) == (None, [])
    for path in ("/teams/4199", "/on-duty?grid=4199", "/portfolios?grid=4199"):
        assert (await loaded.http.get(path, headers=writer)).status_code == 404


async def test_the_service_of_a_person_is_one_file(loaded: Twin, writer: Headers) -> None:
    await post(loaded, "/secondments", SECONDMENT | {"person": "p-3", "valid_to": later(9)}, writer)
    await post(loaded, "/contact-groups", GROUP, writer)
    await post(loaded, "/portfolios", PORTFOLIO | {"person": "p-3"}, writer)
    await post(loaded, "/postings/posting:410101:1/end", {"reason": "x"}, writer)
    lines = await ask(loaded, "/persons/p-3/service", writer)
    assert [line["kind"] for line in lines] == [
        "posting", "secondment", "contact_group", "portfolio",
    ]  # fmt: skip
    assert lines[0]["until"] is not None
    assert lines[0]["role"] == "worker"
    assert (await loaded.http.get("/persons/p-99/service", headers=writer)).status_code == 404


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("/postings", {"reason": "x", "postings": [NEW]}),
    ("/postings/posting:410101:1/end", {"reason": "x"}),
    ("/portfolios", PORTFOLIO),
    ("/secondments", SECONDMENT | {"valid_to": "2099-01-01T00:00:00Z"}),
    ("/secondments/secondment:1/end", {"reason": "x"}),
    ("/contact-groups", GROUP),
    ("/contact-groups/contact_group:1/end", {"reason": "x"}),
    ("/handovers", {"reason": "x", "from_posting": "posting:410101:1", "to_person": "p-5"}),
]


@pytest.mark.parametrize(("path", "body"), CHANGES)
async def test_who_may_not_change_and_what_is_no_change(
    loaded: Twin, reader: Headers, writer: Headers, issuer: TestIssuer, path: str, body: Any
) -> None:
    elsewhere = issuer.bearer("p-1", "registry.write", "dispatch")
    assert (await post(loaded, path, body, {})).status_code == 401
    assert (await post(loaded, path, body, elsewhere)).status_code == 401
    assert (await post(loaded, path, body, reader)).status_code == 403
    for change in ({"extra": 1}, {"reason": ""}, {"reason": {"$ne": ""}}):
        answer = await post(loaded, path, body | change, writer)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    key = KEY | writer
    first = await post(loaded, path, body, key)
    other = await post(loaded, path, {**body, "reason": "another"}, key)
    if first.status_code == 200:
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert len(loaded.published(ChangeDecided)) == 1


@pytest.mark.parametrize(
    "path",
    ["/postings/posting:none/end", "/secondments/none/end", "/contact-groups/a/b/end"],
)
async def test_what_is_not_there_cannot_end(loaded: Twin, writer: Headers, path: str) -> None:
    answer = await post(loaded, path, {"reason": "x"}, writer)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "path",
    ["/portfolios", "/secondments", "/contact-groups?grid=1", "/teams/1", "/on-duty?grid=1",
     "/persons/p-1/service", "/handovers?person=p-1", "/handovers/1", "/open-work?person=p-1"],
)  # fmt: skip
async def test_nothing_about_people_is_told_without_the_right(registry: Twin, path: str) -> None:
    assert (await registry.http.get(path)).status_code == 401
