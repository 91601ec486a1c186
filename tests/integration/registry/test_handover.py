"""A post goes to somebody else in the middle of running work: the slip lists what is open."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import dispatch
from case_contracts.events.base import EventData
from case_contracts.events.registry import HandoverRecorded, PostingEnded, PostingStarted
from service_kit import clock
from tests.integration.registry.conftest import Start
from tests.integration.registry.test_loading import Headers, load
from tests.integration.registry.test_people import FILES, KEY, ask, codes, post
from tests.support.twin import Twin, eventually

P3 = {"kind": "post", "id": "posting:410101:1", "person": "p-3", "grid": "410101"}
P4 = {"kind": "post", "id": "posting:410102:1", "person": "p-4", "grid": "410102"}
OTHER_POST = P3 | {"id": "posting:4101:9", "grid": "4101"}
ROADS = {"kind": "department", "id": "roads"}
COMPLAINT = {"kind": "person", "id": "p-5"}
BODY = {"reason": "rotation", "from_posting": "posting:410101:1", "to_person": "p-5"}


def said(kind: type[EventData], case: str, **change: Any) -> EventData:
    return kind.model_validate(kind.EXAMPLE | {"case": case} | change)


def assigned(case: str, handler: dict[str, str], minute: int = 0) -> EventData:
    at = f"2026-01-05T09:{minute:02}:00+08:00"
    return said(dispatch.TaskAssigned, case, handler=handler, assigned_at=at)


def asked(case: str, verifier: dict[str, str] | None) -> EventData:
    return said(dispatch.VerificationRequested, case, verifier=verifier)


@pytest.fixture
async def working(registry: Twin, writer: Headers) -> Twin:
    """p-3 has a task, a verification and a case to place; and had others."""
    assert (await load(registry, writer, FILES)).status_code == 200
    course = [
        assigned("case:task", P3),
        assigned("case:other-post", OTHER_POST, 1),
        said(dispatch.CaseReceived, "case:place", placer=P3),
        said(dispatch.CaseReceived, "case:closed", placer=None), assigned("case:closed", P3),
        asked("case:closed", P4), said(dispatch.CaseClosed, "case:closed"),
        assigned("case:verify", ROADS), asked("case:verify", P3),
        assigned("case:done", P3), asked("case:done", P4),
        asked("case:nobody", None),
        said(dispatch.CaseReceived, "case:complaint", about=COMPLAINT),
        assigned("case:complaint", P3, 2),
    ]  # fmt: skip
    for event in course:
        await registry.say(event, event.case)  # type: ignore[attr-defined]  # each is of a case
    await eventually(lambda: _open(registry, writer, "p-4"))
    registry.publisher.envelopes.clear()
    return registry


async def _open(registry: Twin, headers: Headers, person: str) -> list[tuple[str, str]]:
    found = await ask(registry, f"/open-work?person={person}", headers)
    return [(work["case"], work["kind"]) for work in found]


async def test_what_is_open_now(working: Twin, reader: Headers) -> None:
    """What complains of somebody is on nobody's list: it would show who has it."""
    assert sorted(await _open(working, reader, "p-3")) == [
        ("case:other-post", "task"), ("case:place", "placing"), ("case:task", "task"),
        ("case:verify", "verification"),
    ]  # fmt: skip
    assert await _open(working, reader, "p-4") == [("case:done", "verification")]
    assert await _open(working, reader, "p-99") == []


async def test_the_last_event_by_sequence_says_whose_turn_it_is(
    working: Twin, reader: Headers
) -> None:
    """Delivery order is never promised: an older event that comes late changes nothing."""
    first = working.envelope(assigned("case:late", P3), "case:late", clock.now())
    second = working.envelope(assigned("case:late", P4), "case:late", clock.now())
    for envelope in (second, first, second):
        await working.send(envelope)

    async def there() -> bool:
        return ("case:late", "task") in await _open(working, reader, "p-4")

    await eventually(there)
    assert ("case:late", "task") not in await _open(working, reader, "p-3")


async def test_a_hand_over_lists_the_open_cases(
    working: Twin, reader: Headers, writer: Headers
) -> None:
    dry = await post(working, "/handovers?dry_run=true", BODY, writer)
    assert dry.json()["published"] == {
        "posting.ended.v1": 1, "posting.started.v1": 1, "handover.recorded.v1": 1,
    }  # fmt: skip
    made = await post(working, "/handovers", BODY, writer | KEY)
    assert made.status_code == 200, made.text
    again = await post(working, "/handovers", BODY, writer | KEY)
    assert again.json() == made.json()

    [slip] = working.published(HandoverRecorded)
    assert set(slip.open_cases) == {"case:task", "case:place", "case:verify"}
    [ended], [started] = working.published(PostingEnded), working.published(PostingStarted)
    assert ended.valid_to == started.valid_from == slip.valid_from
    assert (started.person, started.role, started.accountable) == ("p-5", "worker", True)
    assert len(started.shifts) == 1
    [held] = await ask(working, "/postings?grid=410101", reader)
    assert held["person"] == "p-5"

    for person in ("p-3", "p-5"):
        [found] = await ask(working, f"/handovers?person={person}", reader)
        assert found["handover"] == slip.handover
    one = await ask(working, f"/handovers/{slip.handover}", reader)
    assert one["open_cases"] == list(slip.open_cases)
    assert await ask(working, "/handovers?person=p-4", reader) == []
    kinds = [line["kind"] for line in await ask(working, "/persons/p-5/service", reader)]
    assert sorted(kinds) == ["posting", "took_over"]
    assert [line["kind"] for line in await ask(working, "/persons/p-3/service", reader)] == [
        "posting", "handed_over",
    ]  # fmt: skip


async def test_each_time_has_its_own_person(
    working: Twin, reader: Headers, writer: Headers
) -> None:
    when = clock.now() + timedelta(days=30)
    body = BODY | {"valid_from": when.isoformat()}
    assert (await post(working, "/handovers", body, writer)).status_code == 200
    for moment, person in ((-1, "p-3"), (0, "p-5"), (1, "p-5")):
        at = (when + timedelta(seconds=moment)).isoformat().replace("+00:00", "Z")
        [held] = await ask(working, f"/postings?grid=410101&at={at}", reader)
        assert held["person"] == person


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"from_posting": "posting:none"}, 404, "not_found"),
        ({"valid_from": "2021-01-01T00:00:00Z"}, 409, "in_the_past"),
        ({"to_person": "p-3"}, 422, "invalid"),
        ({"to_person": "p-4"}, 422, "change_invalid"),
        ({"to_person": {"$ne": ""}}, 422, "invalid"),
    ],
)
async def test_a_hand_over_that_is_refused(
    working: Twin, writer: Headers, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await post(working, "/handovers", BODY | change, writer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if code == "change_invalid":
        assert codes(answer) == ["two_exclusive_posts"]
    assert working.publisher.envelopes == []


async def test_a_post_is_handed_over_once(working: Twin, writer: Headers) -> None:
    assert (await post(working, "/handovers", BODY, writer)).status_code == 200
    again = await post(working, "/handovers", BODY | {"to_person": "p-6"}, writer)
    assert (again.status_code, again.json()["code"]) == (409, "not_in_office")


async def test_a_slip_that_is_not_there(registry: Twin, reader: Headers) -> None:
    answer = await registry.http.get("/handovers/handover:none", headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_another_process_knows_the_same(
    start: Start, working: Twin, reader: Headers, writer: Headers
) -> None:
    await post(working, "/handovers", BODY, writer)
    async with start() as other:
        [found] = await ask(other, "/handovers?person=p-5", reader)
        assert set(found["open_cases"]) == {"case:task", "case:place", "case:verify"}


async def test_a_ruling_that_waits_for_somebody_is_in_their_hands(
    working: Twin, reader: Headers
) -> None:
    await working.say(said(dispatch.RulingRequested, "case:rule", arbiter=P4), "case:rule")

    async def theirs() -> bool:
        return ("case:rule", "ruling") in await _open(working, reader, "p-4")

    async def over() -> bool:
        return not await theirs()

    await eventually(theirs)
    await working.say(assigned("case:rule", ROADS, 30), "case:rule")
    await eventually(over)
