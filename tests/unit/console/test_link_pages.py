"""Links to decide: both sides as far as the services tell, and a person's word."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from intake.api.link_schemas import LinkOut, ProposedOut
from tests.unit.console.hotline import (
    AT,
    CASE,
    HOTLINE,
    MATTER,
    OLDER,
    REPORT,
    Services,
    csrf,
    filed,
    operator,
)

PHOTO = f"evidence:{'4' * 8}-4444-5444-9444-{'4' * 12}"
QUEUE, PAGE = "/staff/desk/links", f"/staff/desk/links/{REPORT}"
LINK, DECLINE = f"/reports/{REPORT}/link", f"/reports/{REPORT}/decline"


def proposed(report: str = REPORT) -> dict[str, Any]:
    told = {
        "report": report, "case": CASE, "to_case": OLDER, "matter": MATTER, "reported_at": AT,
        "proposed_at": AT, "likeness": {"metres": 31.5, "hours": 20.0, "score": 0.62},
    }  # fmt: skip
    return ProposedOut.model_validate(told).model_dump(mode="json")


def outlook(**change: Any) -> dict[str, Any]:
    told = {"report": REPORT, "case": OLDER, "from_case": CASE, "emptied": True, "dry_run": True}
    return LinkOut.model_validate({**told, **change}).model_dump(mode="json")


@pytest.fixture
def intake() -> Services:
    services = Services()
    services.known = {
        "GET /links/proposed": (200, [proposed()]),
        f"GET /reports/{REPORT}": (200, {"report": REPORT, "channel": "hotline", "linked": False,
                                         "reported_at": AT, "withdrawn": False}),
        f"POST {LINK}": (200, outlook()),
        f"POST {DECLINE}": (200, {"report": REPORT, "declined": [OLDER]}),
        f"GET /cases/{CASE}": (200, filed(CASE)),
        f"GET /cases/{OLDER}": (200, filed(OLDER, status="verifying")),
        "GET /evidence": (403, {"code": "forbidden"}),
    }  # fmt: skip
    return services


@pytest.fixture
async def http(intake: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with operator(intake) as found:
        yield found


async def said(http: httpx.AsyncClient, word: str, **change: str) -> httpx.Response:
    """The answer to a form of the page."""
    page = (await http.get(PAGE)).text
    form = {"csrf": csrf(page), "case": OLDER, "word": word, **change}
    return await http.post(f"{PAGE}?lang=en", data=form)


@pytest.mark.parametrize(
    ("lang", "alike", "apart"),
    [("en", "62% alike", "32 m apart · 20 hours between them"),
     ("zh", "相似度 62%", "相距 32 米 · 相隔 20")],
)  # fmt: skip
async def test_the_list_and_the_page_say_what_the_rule_made_of_it(
    http: httpx.AsyncClient, lang: str, alike: str, apart: str
) -> None:
    for path in (QUEUE, PAGE):
        page = await http.get(f"{path}?lang={lang}")
        assert page.status_code == 200
        assert alike in page.text
        assert apart in page.text


async def test_both_sides_and_what_linking_would_do_are_shown_before_anything_is_done(
    http: httpx.AsyncClient, intake: Services
) -> None:
    page = (await http.get(f"{PAGE}?lang=en")).text
    assert intake.sent == [(LINK, {"case": OLDER, "dry_run": True})]
    assert re.findall(r"/staff/cases/(case:[0-9-]+)", page) == [CASE, OLDER]
    assert "being verified" in page
    assert "hotline" in page
    assert "Its own case ends" in page
    intake.known[f"POST {LINK}"] = (200, outlook(emptied=False))
    assert "Its own case goes on" in (await http.get(f"{PAGE}?lang=en")).text


@pytest.mark.parametrize(("word", "path"), [("link", LINK), ("decline", DECLINE)])
async def test_a_word_is_sent_and_leads_back_to_the_list(
    http: httpx.AsyncClient, intake: Services, word: str, path: str
) -> None:
    answer = await said(http, word)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{QUEUE}?done={word}&lang=en")
    assert intake.sent[-1] == (path, {"case": OLDER})
    done = (await http.get(answer.headers["location"])).text
    assert 'role="status"' in done


async def test_without_the_form_s_word_nothing_is_decided(
    http: httpx.AsyncClient, intake: Services
) -> None:
    for data in ({}, {"csrf": "another"}):
        form = {"case": OLDER, "word": "link", **data}
        assert (await http.post(PAGE, data=form)).status_code == 403
    assert intake.sent == []
    assert (await said(http, "erase")).status_code == 422


@pytest.mark.parametrize("scope", ["triage.decide cases.read", "callbacks.make", "cases.read"])
async def test_it_needs_its_own_right(intake: Services, scope: str) -> None:
    async with operator(intake, scope) as http:
        for path in (QUEUE, PAGE, f"{PAGE}/photos/{PHOTO}"):
            assert (await http.get(path)).status_code == 403
        assert (await http.post(PAGE, data={"word": "link"})).status_code == 403
        assert intake.sent == []


async def test_what_somebody_else_has_decided_stands(
    http: httpx.AsyncClient, intake: Services
) -> None:
    form = {"csrf": csrf((await http.get(PAGE)).text), "case": OLDER, "word": "link"}
    intake.known["GET /links/proposed"] = (200, [])
    intake.sent.clear()
    for answer in (
        await http.get(f"{PAGE}?lang=en"),
        await http.post(f"{PAGE}?lang=en", data=form),
    ):
        assert answer.status_code == 404
        assert "somebody has decided it meanwhile" in answer.text
        assert "No link waits for a decision." in answer.text
    assert intake.sent == []


async def test_another_case_than_was_looked_at_is_not_linked(
    http: httpx.AsyncClient, intake: Services
) -> None:
    answer = await said(http, "link", case=CASE)
    assert answer.status_code == 409
    assert [body for _, body in intake.sent if "dry_run" not in body] == []


@pytest.mark.parametrize(
    ("code", "why"), [("case_ended", "The older case has ended"), ("not_linkable", "be linked")]
)
async def test_what_cannot_be_linked_can_be_kept_apart(
    http: httpx.AsyncClient, intake: Services, code: str, why: str
) -> None:
    intake.refuse(f"POST {LINK}", 409, code)
    page = (await http.get(f"{PAGE}?lang=en")).text
    assert why in page
    assert 'value="link"' not in page
    assert 'value="decline"' in page
    refused = await said(http, "link")
    assert refused.status_code == 409
    assert why in refused.text


async def test_what_a_service_does_not_tell_is_left_out(
    http: httpx.AsyncClient, intake: Services
) -> None:
    for case in (CASE, OLDER):
        intake.refuse(f"GET /cases/{case}", 404, "not_found")
    intake.refuse(f"GET /reports/{REPORT}", 403, "forbidden")
    page = await http.get(f"{PAGE}?lang=en")
    assert page.status_code == 200
    assert "It has no case of its own" in page.text
    assert "62% alike" in page.text


async def test_photos_are_looked_at_for_a_purpose_and_only_when_they_are_asked_for(
    intake: Services,
) -> None:
    shown: dict[str, Any] = {
        "evidence": PHOTO, "phase": "report", "kind": "photo", "format": "image/jpeg",
        "attached_at": AT, "taken_at": None, "taskid": None, "same_as": [],
    }  # fmt: skip
    intake.known["GET /evidence"] = (200, {"items": [shown]})
    intake.known[f"POST /evidence/{PHOTO}/link"] = (200, {"url": "/evidence/files/x"})
    intake.known["GET /evidence/files/x"] = (200, "a picture")
    async with operator(intake, f"{HOTLINE} evidence.read") as http:
        assert "<img" not in (await http.get(PAGE)).text.split("<main")[1]
        page = (await http.get(f"{PAGE}?photos=yes")).text.split("<main")[1]
        assert re.findall(r'<img src="([^"]+)"', page) == [
            f"{PAGE}/photos/{PHOTO}?of=report", f"{PAGE}/photos/{PHOTO}?of=case",
        ]  # fmt: skip
        for of, case in (("report", CASE), ("case", OLDER)):
            photo = await http.get(f"{PAGE}/photos/{PHOTO}?of={of}")
            assert (photo.status_code, photo.headers["cache-control"]) == (200, "no-store, private")
            assert intake.sent[-1][1] == {"seconds": 30, "purpose": "triage", "case": case}


async def test_long_queues_come_in_pages(http: httpx.AsyncClient, intake: Services) -> None:
    many = [proposed(f"report:{n}") for n in range(51)]
    intake.known["GET /links/proposed"] = (200, many)
    page = (await http.get(QUEUE)).text
    assert page.count("62") == 50
    assert "after=report%3A49" in page
    assert "after=" not in (await http.get(f"{QUEUE}/report:50")).text
    await http.get(f"{QUEUE}?after=report:49")
    asked = [query for path, query in intake.asked if path == "/links/proposed"]
    assert asked[-1] == {"limit": "51", "after": "report:49"}
