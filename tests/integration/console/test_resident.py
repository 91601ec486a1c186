"""A resident without scripts: reports, follows, answers; on the real intake."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import AnswerGiven, CaseClosed, TaskAssigned, TaskOverdue
from case_contracts.events.intake import (
    CaseOpened,
    EvidenceAttached,
    ReopeningRequested,
    ReportReceived,
    ReportSupplemented,
    ReportWithdrawn,
    SatisfactionRated,
)
from console.domain.receipts import plain
from service_kit import clock
from service_kit.telemetry import logs
from tests.integration.console.conftest import STATEMENT
from tests.support.evidence_files import jpeg
from tests.support.small_district import IN_WEST, OUTSIDE
from tests.support.twin import Twin, eventually

EN = {"lang": "en"}
MANHOLE = "part_utilities_manhole-cover"
WORDS = "井盖不见了 canary-words"
CODE = re.compile(r'id="code">([0-9A-Z-]+)<')
HIDDEN = re.compile(r'<input type="hidden" (?:id="\w+" )?name="(\w+)" value="([^"]*)">')


def hidden(page: httpx.Response) -> dict[str, str]:
    return dict(HIDDEN.findall(page.text))


async def last_form(pages: httpx.AsyncClient, **said: str) -> dict[str, str]:
    """The form of step 3, after steps 1 and 2."""
    given = {"service": MANHOLE, "condition": "missing", **IN_WEST, **said}
    page = await pages.post("/report/more", params=EN, data=given)
    assert page.status_code == 200, page.text
    return hidden(page)


async def report(pages: httpx.AsyncClient, photo: bytes | None = None, **said: str) -> Any:
    form = {**await last_form(pages, **said), "text": WORDS}
    files = {"photo": ("p.jpg", photo, "image/jpeg")} if photo else None
    return await pages.post("/report/send", params=EN, data=form, files=files)


async def follow(pages: httpx.AsyncClient, code: str) -> httpx.Response:
    return await pages.post("/track", params=EN, data={"receipt": code})


def code_of(page: httpx.Response) -> str:
    found = CODE.search(page.text)
    assert found is not None, page.text
    return found[1]


def case_of(intake: Twin) -> str:
    return str(intake.published(CaseOpened)[-1].case)


async def say(intake: Twin, model: type[EventData], **change: Any) -> None:
    case = case_of(intake)
    data = model.model_validate({**model.EXAMPLE, "case": case, **change})
    envelope = await intake.say(data, case)
    await eventually(
        lambda: intake.runtime.database["fact_progress"].find_one({"_id": envelope.id})
    )


async def test_step_one_shows_the_standards_matters_and_conditions(
    pages: httpx.AsyncClient,
) -> None:
    first = await pages.get("/report", params=EN)
    assert f"service={MANHOLE}" in first.text
    found = await pages.get("/report", params={**EN, "q": "no such thing"})
    assert f"service={MANHOLE}" not in found.text
    second = await pages.get("/report", params={**EN, "service": MANHOLE})
    assert 'value="missing"' in second.text


async def test_step_two_can_be_gone_back_to_with_all_that_was_said(
    pages: httpx.AsyncClient,
) -> None:
    said = {"service": MANHOLE, "condition": "missing", "text": WORDS, "address": "the gate"}
    page = await pages.post("/report/where", params=EN, data=said)
    assert hidden(page)["text"] == WORDS
    assert 'value="the gate"' in page.text


async def test_a_report_with_a_photo_gives_a_receipt(
    pages: httpx.AsyncClient, intake: Twin
) -> None:
    page = await report(pages, photo=jpeg(), address="by the gate")
    assert page.status_code == 200
    assert page.url.path.startswith("/receipt/")
    assert "<svg" in page.text
    assert "What happens next" in page.text
    await eventually(lambda: intake.published(EvidenceAttached))
    await intake.settled()
    (received,) = intake.published(ReportReceived)
    assert received.channel == "web"
    tracked = await follow(pages, code_of(page).lower())
    (photo,) = re.findall(r'src="(/track/[^"]+/photos/[^"]+)"', tracked.text)
    shown = await pages.get(photo)
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"canary" not in shown.content


async def test_sent_twice_it_is_one_report(pages: httpx.AsyncClient, intake: Twin) -> None:
    form = {**await last_form(pages), "text": WORDS}
    codes = {code_of(await pages.post("/report/send", params=EN, data=form)) for _ in range(2)}
    assert len(codes) == 1
    assert len(intake.published(ReportReceived)) == 1
    changed = await pages.post("/report/send", params=EN, data={**form, "text": "something else"})
    assert changed.status_code == 422
    assert "was sent before" in changed.text
    assert "something else" in changed.text


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    pages: httpx.AsyncClient, intake: Twin
) -> None:
    form = {**await last_form(pages), "text": WORDS, "email": "nobody"}
    page = await pages.post("/report/send", params=EN, data=form)
    assert page.status_code == 422
    assert "no whole email address" in page.text
    assert WORDS in page.text
    assert hidden(page)["key"] == form["key"]
    assert intake.published(ReportReceived) == []


async def test_a_report_from_outside_is_told_why_and_where_to_turn(
    pages: httpx.AsyncClient,
) -> None:
    page = await report(pages, lon=str(OUTSIDE["lon"]), lat=str(OUTSIDE["lat"]))
    assert "it opens no case" in page.text
    assert "outside this district" in page.text
    assert "What happens next" not in page.text


async def test_a_bad_photo_does_not_cost_the_report(pages: httpx.AsyncClient) -> None:
    page = await report(pages, photo=b"this is no photo")
    assert code_of(page)
    assert "the photo was not" in page.text


async def test_lateness_is_shown_as_dispatch_said_it(
    pages: httpx.AsyncClient, intake: Twin
) -> None:
    code = code_of(await report(pages))
    await eventually(lambda: intake.published(CaseOpened))
    now = clock.now()
    due = now - timedelta(hours=3)
    await say(intake, TaskAssigned, assigned_at=now - timedelta(hours=5), due_at=due)
    assert "Late by" not in (await follow(pages, code)).text
    await say(intake, TaskOverdue, due_at=due, overdue_at=due)
    assert "Late by 3 hours." in (await follow(pages, code)).text


async def test_closed_rated_and_asked_to_be_opened_again(
    pages: httpx.AsyncClient, intake: Twin
) -> None:
    code = code_of(await report(pages))
    await eventually(lambda: intake.published(CaseOpened))
    now = clock.now()
    await say(intake, TaskAssigned, assigned_at=now, due_at=now + timedelta(hours=3))
    closing = {"closed_at": now, "due_at": now + timedelta(hours=3), "on_time": True}
    await say(intake, CaseClosed, **closing)
    page = await follow(pages, code)
    assert "Checked and closed" in page.text
    assert "within the limit" in page.text
    path = page.url.path
    rated = await pages.post(f"{path}/rating", params=EN, data={"solved": "no", "score": "2"})
    assert "Thank you for your rating" in rated.text
    again = await pages.post(f"{path}/rating", params=EN, data={"solved": "yes", "score": "5"})
    assert "rated this closing already" in again.text
    wish = await pages.post(f"{path}/reopening", params=EN, data={"reason": "not_done"})
    assert "Your wish was passed on" in wish.text
    assert [each.score for each in intake.published(SatisfactionRated)] == [2]
    assert len(intake.published(ReopeningRequested)) == 1


async def test_the_answer_is_shown_in_its_words(pages: httpx.AsyncClient, intake: Twin) -> None:
    code = code_of(await report(pages))
    await eventually(lambda: intake.published(CaseOpened))
    now = clock.now()
    await say(intake, TaskAssigned, assigned_at=now)
    await say(intake, CaseClosed, closed_at=now + timedelta(minutes=1))
    await say(intake, AnswerGiven, statement=STATEMENT, given_at=now + timedelta(minutes=2))
    assert "已更换井盖 &lt;b&gt;。" in (await follow(pages, code)).text
    erased = STATEMENT.replace("3f2b", "0000")
    await say(intake, AnswerGiven, statement=erased, given_at=now + timedelta(minutes=3))
    page = (await follow(pages, code)).text
    assert "已更换井盖" not in page
    assert "There is an answer" in page


async def test_added_to_and_taken_back(pages: httpx.AsyncClient, intake: Twin) -> None:
    page = await follow(pages, code_of(await report(pages)))
    path, key = page.url.path, hidden(page)["key"]
    nothing = await pages.post(f"{path}/additions", params=EN, data={"key": key})
    assert "write something" in nothing.text
    said = {"key": key, "text": "more words", "phone": "0371 5550 0000"}
    for _ in range(2):
        added = await pages.post(f"{path}/additions", params=EN, data=said)
        assert "Your addition was taken" in added.text
    back = await pages.post(f"{path}/withdrawal", params=EN, data={"reason": "mistake"})
    assert "You took it back" in back.text
    assert len(intake.published(ReportSupplemented)) == 1
    assert len(intake.published(ReportWithdrawn)) == 1


async def test_words_that_are_refused_are_told_and_the_photo_beside_them_is_not_sent(
    pages: httpx.AsyncClient, intake: Twin
) -> None:
    page = await follow(pages, code_of(await report(pages)))
    path, key = page.url.path, hidden(page)["key"]
    await pages.post(f"{path}/additions", params=EN, data={"key": key, "text": "first"})
    photo = {"photo": ("p.jpg", jpeg(), "image/jpeg")}
    other = {"key": key, "text": "other words under the same key"}
    refused = await pages.post(f"{path}/additions", params=EN, data=other, files=photo)
    assert "what you changed since was not sent" in refused.text
    assert intake.published(EvidenceAttached) == []
    for words in ("without a key", "and once more"):
        added = await pages.post(f"{path}/additions", params=EN, data={"text": words})
        assert "Your addition was taken" in added.text


@pytest.mark.parametrize("score", ["", "0", "6", "12", "x"])
async def test_a_rating_is_one_of_five(pages: httpx.AsyncClient, score: str) -> None:
    page = await follow(pages, code_of(await report(pages)))
    said = {"solved": "yes", "score": score}
    answer = await pages.post(f"{page.url.path}/rating", params=EN, data=said)
    assert "Please say whether it is solved" in answer.text


async def test_what_is_no_form_or_too_large_is_refused(pages: httpx.AsyncClient) -> None:
    async def large() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"text=" + b"x" * 999_000 + b"&"

    kinds = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await pages.post("/report/send", content=large(), headers=kinds)
    assert answer.status_code == 413
    answer = await pages.post("/report/send", content=b"{}", headers={"Content-Type": "x/y"})
    assert answer.status_code == 400


async def test_the_receipt_stands_in_no_address_and_no_log(
    pages: httpx.AsyncClient, intake: Twin, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure("console", "DEBUG")
    sent = await report(pages, email="canary@example.org")
    tracked = await follow(pages, code_of(sent))
    await pages.get("/track/" + tracked.url.path.rpartition("/")[2][:-4] + "AAAA")
    code = code_of(sent)
    addresses = [str(each.url) for page in (sent, tracked) for each in (*page.history, page)]
    assert len(addresses) == 4
    written = "".join([*addresses, *capfd.readouterr()])
    assert [each for each in (code, plain(code), WORDS, "canary") if each in written] == []


async def test_the_map_is_the_grids(pages: httpx.AsyncClient) -> None:
    found = (await pages.get("/map/grids.geojson")).json()
    assert [each["properties"]["level"] for each in found["features"]] == [
        "district",
        "unit",
        "unit",
    ]
    assert "households" not in str(found)
    assert "Grid 410199" in (await pages.get("/", params=EN)).text
