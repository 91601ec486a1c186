"""What pages are told of changes, and who is told how much."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from console.adapters import live_hub
from console.adapters.live_events import LiveEvents
from console.adapters.live_hub import Full, Hub
from console.api.staff.live import told
from console.domain.live import Audience, Cases, Hint
from tests.support.twin import eventually
from tests.unit.console.browsing import log_in
from tests.unit.console.oidc import Provider
from tests.unit.console.test_login import http, provider

__all__ = ["http", "provider"]  # fixtures
AT = "2026-01-05T08:00:00Z"
FILED: dict[str, Any] = {
    "case": "case:1", "grid": "u1", "grid_path": ["d", "c"], "matter": "part/a/b", "about": None,
}  # fmt: skip
TASK = {"case": "case:1", "handler": {"kind": "department", "id": "um", "person": "p-9"}}
STAFF = Audience(reads=True)


def hint(*events: tuple[str, dict[str, Any]]) -> Hint:
    """The last one of these events."""
    cases, found = Cases(), None
    for kind, data in events:
        found = cases.hear(f"{kind}.v1", AT, data)
    assert found is not None
    return found


def assigned() -> Hint:
    return hint(("case.opened", FILED), ("task.assigned", TASK))


def test_a_hint_has_the_case_its_grids_its_department_and_no_person() -> None:
    assert STAFF.of(assigned()) == {
        "case": "case:1", "kind": "task.assigned", "at": AT, "grids": ["d", "c", "u1"],
        "department": "um",
    }  # fmt: skip


def test_a_department_hears_of_its_own_cases_alone() -> None:
    assert Audience(department="um").of(assigned()) is not None
    assert Audience(department="wa").of(assigned()) is None
    moved = {"case": "case:1", "handler": {"kind": "department", "id": "wa"}}
    gone = hint(("case.opened", FILED), ("task.assigned", TASK), ("task.assigned", moved))
    assert Audience(department="um").of(gone) is None


@pytest.mark.parametrize(
    "events",
    [
        [("case.opened", FILED | {"about": {"kind": "person", "id": "p-1"}})],
        [("task.assigned", TASK)],  # heard of for the first time
    ],
)
def test_of_a_complaint_and_of_what_may_be_one_it_is_told_that_something_changed(
    events: list[tuple[str, dict[str, Any]]],
) -> None:
    found = hint(*events)
    assert STAFF.of(found) == {}
    assert Audience(reads=True, cases=frozenset({"case:1"})).of(found) == {"case": "case:1"}


def test_who_reads_no_cases_hears_of_those_on_their_page() -> None:
    assert Audience().of(assigned()) == {}
    assert Audience(cases=frozenset({"case:1"})).of(assigned()) == {"case": "case:1"}


def test_what_is_of_no_case_is_no_hint() -> None:
    assert Cases().hear("knowledge.published.v1", AT, {"knowledge": "k"}) is None


def test_the_least_recently_heard_of_is_forgotten() -> None:
    cases = Cases(most=2)
    for case in ("case:1", "case:2", "case:1", "case:3"):
        cases.hear("case.opened.v1", AT, FILED | {"case": case})
    again = [cases.hear("case.closed.v1", AT, {"case": f"case:{n}"}) for n in (1, 3, 2)]
    assert [each.known.plain for each in again if each] == [True, True, False]


async def test_a_page_that_does_not_keep_up_is_told_to_load_anew() -> None:
    hub = Hub()
    with hub.listening(STAFF) as ear:
        for _ in range(live_hub.MOST_WAITING + 1):
            hub.tell(assigned())
        news = await ear.news(1)
        assert news is not None
        assert (news.reload, news.hints) == (True, [])
        hub.tell(assigned())
        news = await ear.news(1)
        assert news is not None
        assert (news.reload, len(news.hints)) == (False, 1)


async def test_that_something_changed_is_said_once() -> None:
    hub = Hub()
    with hub.listening(Audience()) as ear:
        hub.tell(assigned())
        hub.tell(assigned())
        news = await ear.news(1)
    assert news is not None
    assert news.hints == [{}]


async def test_after_a_gap_pages_load_anew() -> None:
    hub = Hub()
    hub.set_live(True)
    with hub.listening(STAFF) as ear:
        hub.set_live(False)
        gone = await ear.news(1)
        hub.set_live(True)
        back = await ear.news(1)
    assert gone is not None
    assert back is not None
    assert [(each.live, each.reload) for each in (gone, back)] == [(False, False), (True, True)]


def test_no_more_pages_listen_than_we_can_bear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_hub, "MOST_LISTENERS", 1)
    hub = Hub()
    with hub.listening(STAFF), pytest.raises(Full), hub.listening(STAFF):
        pass
    assert hub.listeners == 0


async def test_a_stream_ends_with_its_session() -> None:
    hub = Hub()
    with hub.listening(STAFF) as ear:
        found = [each.event async for each in told(ear, hub, until=0)]
    assert found == ["state"]


async def test_events_that_cannot_be_read_change_nothing() -> None:
    hub = Hub()
    events = LiveEvents("amqp://nobody", hub)
    for body in (b"{", b"[]", b'{"type": "case.closed.v1"}'):
        events.hear(body)
    assert not hub.last
    events.hear(orjson.dumps({"type": "case.opened.v1", "recordedat": AT, "data": FILED}))
    assert [each.case for each in hub.last] == ["case:1"]


async def _stream(http: httpx.AsyncClient, hub: Hub, query: str = "") -> str:
    """All that is sent from the beginning, with one change, to the end."""
    hub.set_live(True)
    asked = asyncio.create_task(http.get(f"/staff/live{query}"))
    await eventually(lambda: hub.listeners)
    hub.tell(assigned())
    hub.close()
    answer = await asked
    assert answer.headers["content-type"].startswith("text/event-stream")
    return answer.text


@pytest.fixture
def hub(http: httpx.AsyncClient) -> Hub:
    transport: Any = http._transport
    found: Hub = transport.app.state.house.hub
    return found


async def test_whoever_is_logged_in_is_told_and_nobody_else(
    http: httpx.AsyncClient, provider: Provider, hub: Hub
) -> None:
    assert (await http.get("/staff/live")).status_code == 303
    await log_in(http, provider)
    said = await _stream(http, hub, "?case=case:1")
    assert 'event: state\ndata: "live"' in said
    assert "event: hints" in said
    assert "case:1" in said
    assert "p-9" not in said
