"""Call-backs: the number comes in answer to a form alone, and what is answered is sent on."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from console.domain.call_body import OUTCOMES, call_of
from console.domain.case_bodies import Unsaid
from intake.api.callback_schemas import CallbackOut, Claimed, ResultIn
from tests.unit.console.hotline import AT, CASE, Services, csrf, filed, operator

CALL = f"callback:{CASE}:1"
QUEUE, PAGE = "/staff/desk/callbacks", f"/staff/desk/callbacks/{CALL}"
CLAIM, RESULT = f"/callbacks/{CALL}/claim", f"/callbacks/{CALL}/result"
PHONE = "+86 371 5550 0000"
ABOUT = {"zh": "案卷已结案。", "en": "The case is closed."}


def waiting(**change: Any) -> dict[str, Any]:
    told = {
        "callback": CALL, "case": CASE, "why": "closed", "about": ABOUT, "asked_at": AT,
        "due_at": AT, "overdue": True, "attempts": 0, "status": "open", "not_before": None,
        **change,
    }  # fmt: skip
    return CallbackOut.model_validate(told).model_dump(mode="json")


def claimed(**change: Any) -> dict[str, Any]:
    told = {
        "callback": CALL, "case": CASE, "why": "closed", "about": ABOUT, "phone": PHONE,
        "language": "zh", "matter_name": {"zh": "井盖", "en": "Manhole cover"}, "message": None,
        "turn_to": None, "may_rate": True, "until": AT, **change,
    }  # fmt: skip
    return Claimed.model_validate(told).model_dump(mode="json")


@pytest.fixture
def intake() -> Services:
    services = Services()
    services.known = {
        "GET /callbacks": (200, {"callbacks": [waiting()], "cursor": None}),
        f"POST {CLAIM}": (200, claimed()),
        f"POST {RESULT}": (200, {"callback": CALL, "outcome": "reached", "attempts": 1,
                                 "again_at": None, "ended": True}),
        f"GET /cases/{CASE}": (200, filed(CASE, status="closed", closed_at=AT)),
    }  # fmt: skip
    return services


@pytest.fixture
async def http(intake: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with operator(intake) as found:
        yield found


async def taken(http: httpx.AsyncClient, **sent: str) -> httpx.Response:
    """The answer to the form of the list."""
    listed = await http.get(f"{QUEUE}?lang=en")
    return await http.post(f"{PAGE}?lang=en", data={"csrf": csrf(listed.text), **sent})


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Take the call and show the number"), ("zh", "接手并显示号码")]
)
async def test_the_list_has_no_number_and_asks_for_none(
    http: httpx.AsyncClient, intake: Services, lang: str, said: str
) -> None:
    page = await http.get(f"{QUEUE}?lang={lang}")
    assert page.status_code == 200
    assert said in page.text
    assert ABOUT[lang] in page.text
    assert (PHONE in page.text, intake.sent) == (False, [])


async def test_the_number_comes_in_answer_to_a_form_alone_and_no_browser_keeps_it(
    http: httpx.AsyncClient, intake: Services
) -> None:
    opened = await http.get(PAGE)
    assert (opened.status_code, opened.headers["location"]) == (303, QUEUE)
    refused = await http.post(PAGE, data={"csrf": "another"})
    assert (refused.status_code, PHONE in refused.text, intake.sent) == (403, False, [])
    assert (await http.post(PAGE)).status_code == 403
    shown = await taken(http)
    assert (shown.status_code, intake.sent) == (200, [(CLAIM, None)])
    assert f'href="tel:+8637155500000">{PHONE}' in shown.text
    assert "was written into the audit" in shown.text
    assert shown.headers["cache-control"] == "no-store, private"
    assert PHONE not in str(shown.headers) + str(http.cookies)


@pytest.mark.parametrize("scope", ["triage.decide cases.read", "cases.supervise", "cases.read"])
async def test_it_needs_its_own_right(intake: Services, scope: str) -> None:
    async with operator(intake, scope) as http:
        for asked in (http.get(QUEUE), http.get(PAGE)):
            assert (await asked).status_code == 403
        for path in (PAGE, f"{PAGE}/result"):
            assert (await http.post(path, data={"csrf": "x"})).status_code == 403
        assert [path for path, _ in intake.asked if "callbacks" in path] == []


async def test_what_was_answered_is_sent_and_leads_to_the_next_call(
    http: httpx.AsyncClient, intake: Services
) -> None:
    form = {"csrf": csrf((await taken(http)).text), "outcome": "reached", "solved": "no",
            "score": "2", "wants_reopening": "yes"}  # fmt: skip
    answer = await http.post(f"{PAGE}/result", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{QUEUE}?done=ended")
    body = {"outcome": "reached", "solved": False, "score": 2, "wants_reopening": True}
    assert intake.sent[-1] == (RESULT, body)
    assert "this call-back is over" in (await http.get(f"{QUEUE}?done=ended&lang=en")).text


async def test_nobody_answering_is_said_to_come_again(
    http: httpx.AsyncClient, intake: Services
) -> None:
    again = {"callback": CALL, "outcome": "not_reached", "attempts": 1, "again_at": AT,
             "ended": False}  # fmt: skip
    intake.known[f"POST {RESULT}"] = (200, again)
    form = {"csrf": csrf((await taken(http)).text), "outcome": "not_reached"}
    answer = await http.post(f"{PAGE}/result", data=form)
    assert answer.headers["location"] == f"{QUEUE}?done=later"
    later = waiting(status="later", attempts=1, not_before=AT)
    intake.known["GET /callbacks"] = (200, {"callbacks": [later], "cursor": None})
    page = (await http.get(f"{QUEUE}?lang=en")).text
    assert "Nobody answered: call again from" in page
    assert "Take the call" not in page


async def test_what_was_left_out_is_said_with_the_rest_kept(
    http: httpx.AsyncClient, intake: Services
) -> None:
    form = {"csrf": csrf((await taken(http)).text), "outcome": "reached", "solved": "yes"}
    answer = await http.post(f"{PAGE}/result?lang=en", data=form)
    assert answer.status_code == 422
    assert 'value="yes" checked' in answer.text
    assert "Something was left out." in answer.text
    assert answer.headers["cache-control"] == "no-store, private"
    assert [path for path, _ in intake.sent] == [CLAIM, CLAIM]


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(409, "claimed", "Another operator has this call in hand"),
     (409, "too_early", "too early to call again"), (409, "own_work", "your own work"),
     (409, "callback_ended", "This call-back is over"), (410, "erased", "The number was erased"),
     (404, "not_found", "somebody else was faster")],
)  # fmt: skip
async def test_who_was_not_fast_enough_is_told_so_above_the_list_as_it_is_now(
    http: httpx.AsyncClient, intake: Services, status: int, code: str, said: str
) -> None:
    intake.refuse(f"POST {CLAIM}", status, code)
    answer = await taken(http)
    assert answer.status_code == status
    assert said in answer.text
    assert ABOUT["en"] in answer.text


async def test_an_answer_to_what_somebody_else_took_over_is_said_to_be_lost(
    http: httpx.AsyncClient, intake: Services
) -> None:
    form = {"csrf": csrf((await taken(http)).text), "outcome": "declined"}
    intake.refuse(f"POST {RESULT}", 409, "not_claimed")
    answer = await http.post(f"{PAGE}/result?lang=en", data=form)
    assert (answer.status_code, PHONE in answer.text) == (409, False)
    assert "Nothing was written down" in answer.text


async def test_an_answer_is_kept_where_intake_is_away_for_a_moment(
    http: httpx.AsyncClient, intake: Services
) -> None:
    form = {"csrf": csrf((await taken(http)).text), "outcome": "wrong_number"}
    intake.refuse(f"POST {RESULT}", 503, "unavailable")
    answer = await http.post(f"{PAGE}/result", data=form)
    assert 'value="wrong_number" required checked' in answer.text


async def test_pages_and_nothing_left(http: httpx.AsyncClient, intake: Services) -> None:
    intake.known["GET /callbacks"] = (200, {"callbacks": [waiting()], "cursor": "2026|a b"})
    assert "cursor=2026%7Ca+b" in (await http.get(QUEUE)).text
    intake.known["GET /callbacks"] = (200, {"callbacks": [], "cursor": None})
    page = await http.get(f"{QUEUE}?cursor=2026%7Ca+b&lang=en")
    assert "Nobody here is to be called." in page.text
    assert [q["cursor"] for path, q in intake.asked if path == "/callbacks" and "cursor" in q] == [
        "2026|a b"
    ]


async def test_of_a_rejected_report_the_operator_can_say_why_and_asks_for_no_rating(
    http: httpx.AsyncClient, intake: Services
) -> None:
    text = {"zh": "不在本辖区内。", "en": "Outside this district."}
    turn = {"zh": "请拨打12345。", "en": "Please call 12345."}
    told = claimed(why="rejected", may_rate=False, message=text, turn_to=turn, matter_name=None)
    intake.known[f"POST {CLAIM}"] = (200, told)
    del intake.known[f"GET /cases/{CASE}"]
    page = (await taken(http)).text
    assert "Outside this district. Please call 12345." in page
    assert 'name="score"' not in page


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_intake_takes_what_is_made_of_the_form(outcome: str) -> None:
    sent = {"outcome": [outcome], "solved": ["yes"], "score": ["5"], "wants_reopening": ["yes"]}
    taken = ResultIn.model_validate(call_of(sent))
    assert taken.outcome == outcome
    assert (taken.solved is True) == (outcome == "reached")


@pytest.mark.parametrize(
    ("field", "sent"),
    [("outcome", {}), ("outcome", {"outcome": ["maybe"]}),
     ("score", {"outcome": ["reached"], "solved": ["no"], "score": ["6"]}),
     ("solved", {"outcome": ["reached"], "score": ["3"]})],
)  # fmt: skip
def test_half_an_answer_is_none(field: str, sent: dict[str, list[str]]) -> None:
    with pytest.raises(Unsaid) as unsaid:
        call_of(sent)
    assert unsaid.value.name == field


async def test_the_hotline_finds_all_its_queues_on_its_desk(http: httpx.AsyncClient) -> None:
    for path in ("/staff/desk", QUEUE):
        page = (await http.get(path)).text
        for queue in ("triage", "callbacks", "links"):
            assert f'href="/staff/desk/{queue}"' in page
