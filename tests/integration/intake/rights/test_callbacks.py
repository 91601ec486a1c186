"""Operators call those who left only a telephone number: one person each, and never from the
queue alone."""

from collections.abc import Callable

import pytest

from case_contracts.events.intake import (
    CallbackMade,
    ReopeningRequested,
    SatisfactionRated,
)
from tests.integration.intake.rights.calling import LEFT, Bearer, claim, queue, requested, result
from tests.integration.intake.rights.reporter import PHONE, Reporter, reporter
from tests.support.small_district import MANHOLE
from tests.support.twin import Twin

Ahead = Callable[..., None]


async def test_a_closing_calls_for_a_call_and_the_answer_counts(
    caller: Reporter, due: str, operator: Bearer
) -> None:
    [waiting] = (await queue(caller.twin, operator))["callbacks"]
    claimed = (await claim(caller.twin, operator, due)).json()
    made = await result(caller.twin, operator, due, "reached", solved=False, score=2)
    again = await result(caller.twin, operator, due, "reached", solved=False, score=2)

    assert (waiting["callback"], waiting["why"], waiting["status"]) == (due, "closed", "open")
    assert not waiting["overdue"]
    assert PHONE not in str(waiting)
    assert (claimed["phone"], claimed["language"], claimed["may_rate"]) == (PHONE, "zh", True)
    assert claimed["matter_name"]["en"] == f"Matter {MANHOLE}"
    assert (made.json()["ended"], again.json()) == (True, made.json())
    [rated] = caller.twin.published(SatisfactionRated)
    assert (rated.report, rated.solved, rated.score, rated.by) == (caller.report, False, 2, "p-201")
    assert (await queue(caller.twin, operator))["callbacks"] == []
    assert (await caller.track())["rated"]


async def test_the_number_is_shown_once_it_is_noted_who_asked_and_is_nowhere_else(
    caller: Reporter, due: str, operator: Bearer
) -> None:
    database = caller.twin.runtime.database
    await queue(caller.twin, operator)
    assert await database["vault_audit"].count_documents({"purpose": "callback"}) == 0
    await claim(caller.twin, operator, due)
    [row] = [row async for row in database["vault_audit"].find({"purpose": "callback"})]
    assert (row["who"], row["what"], row["subject"]) == ("p-201", "contact", caller.report)
    await result(caller.twin, operator, due, "reached")
    assert not _has_the_number(caller.twin.publisher.envelopes)
    for name in await database.list_collection_names():
        async for row in database[name].find():
            assert not _has_the_number(row), name


def _has_the_number(what: object) -> bool:
    """However it is spaced; fewer digits of it turn up in ids by chance."""
    digits = PHONE.removeprefix("+86").replace(" ", "")
    return digits in str(what).replace(" ", "")


async def test_two_operators_do_not_call_the_same_person(
    caller: Reporter, due: str, operator: Bearer, colleague: Bearer
) -> None:
    assert (await claim(caller.twin, operator, due)).status_code == 200
    assert (await claim(caller.twin, operator, due)).status_code == 200
    refused = await claim(caller.twin, colleague, due)
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed")
    assert PHONE not in refused.text
    [shown] = (await queue(caller.twin, colleague))["callbacks"]
    assert shown["status"] == "claimed"
    other = await result(caller.twin, colleague, due, "reached")
    assert other.json()["code"] == "not_claimed"


async def test_a_claim_that_has_run_out_gives_it_back(
    caller: Reporter, due: str, operator: Bearer, colleague: Bearer, ahead: Ahead
) -> None:
    await claim(caller.twin, operator, due)
    ahead(minutes=16)
    assert (await claim(caller.twin, colleague, due)).status_code == 200


async def test_nobody_answering_is_tried_again_later(
    caller: Reporter, due: str, operator: Bearer, ahead: Ahead
) -> None:
    for attempt in (1, 2, 3):
        await claim(caller.twin, operator, due)
        made = (await result(caller.twin, operator, due, "not_reached")).json()
        assert (made["attempts"], made["ended"]) == (attempt, attempt == 3)
        if attempt < 3:
            assert (await claim(caller.twin, operator, due)).json()["code"] == "too_early"
            [shown] = (await queue(caller.twin, operator))["callbacks"]
            assert shown["status"] == "later"
            ahead(hours=3, minutes=1)
    assert (await claim(caller.twin, operator, due)).json()["code"] == "callback_ended"
    assert caller.twin.published(SatisfactionRated) == []


async def test_a_call_that_is_late_says_so(
    caller: Reporter, due: str, operator: Bearer, ahead: Ahead
) -> None:
    ahead(hours=25)
    [shown] = (await queue(caller.twin, operator))["callbacks"]
    assert shown["overdue"]


async def test_who_wants_it_opened_again_says_so_on_the_telephone(
    caller: Reporter, due: str, operator: Bearer
) -> None:
    await claim(caller.twin, operator, due)
    await result(caller.twin, operator, due, "reached", wants_reopening=True)
    [asked] = caller.twin.published(ReopeningRequested)
    assert (asked.report, asked.by) == (caller.report, "p-201")
    assert (await caller.track())["reopening"]["answer"] == "waiting"


async def test_the_queue_in_pages(intake: Twin, operator: Bearer) -> None:
    people = [await reporter(intake, **LEFT) for _ in range(3)]
    for each in people:
        await each.close()
    asked = {c.callback for c in await requested(intake, 3)}
    seen, cursor = [], None
    for _ in range(4):
        page = await queue(intake, operator, limit=1, **({"cursor": cursor} if cursor else {}))
        seen += [each["callback"] for each in page["callbacks"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert len(seen) == 3
    assert set(seen) == asked


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/callbacks?cursor=x", 422),
        ("GET", "/callbacks?cursor=2026-01-01T00:00:00%7Cx", 422),
        ("GET", "/callbacks?limit=101", 422),
        ("POST", "/callbacks/callback:none/claim", 422),
        ("POST", f"/callbacks/callback:case:{'0' * 36}:1/claim", 404),
    ],
)
async def test_what_cannot_be_asked(
    intake: Twin, operator: Bearer, method: str, url: str, status: int
) -> None:
    assert (await intake.http.request(method, url, headers=operator)).status_code == status


async def test_it_needs_a_scope_of_its_own(intake: Twin, service: Bearer, staff: Bearer) -> None:
    for who in (service, staff):
        assert (await intake.http.get("/callbacks", headers=who)).status_code == 403
    assert (await intake.http.get("/callbacks")).status_code == 401


async def test_what_was_made_is_published(caller: Reporter, due: str, operator: Bearer) -> None:
    await claim(caller.twin, operator, due)
    await result(caller.twin, operator, due, "declined")
    [made] = caller.twin.published(CallbackMade)
    assert (made.outcome, made.solved, made.again_at) == ("declined", None, None)
