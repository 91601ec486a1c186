"""A district over HTTP: validated whole, published in order, once."""

import asyncio
from typing import Any

import httpx
import pytest

from case_bus.port import Outgoing, PublishError
from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CalendarPublished,
    ChangeApplied,
    ChangeDecided,
    DistrictPublished,
    GridPublished,
)
from tests.integration.registry.conftest import Start
from tests.support.twin import Twin, eventually
from tests.unit.registry.small import FILES, bundle, edited, line_of

Headers = dict[str, str]
COUNTS = {
    "calendar.published.v1": 1,
    "standard.published.v1": 1,
    "department.registered.v1": 2,
    "grid.published.v1": 4,
    "posting.started.v1": 2,
    "portfolio.assigned.v1": 1,
    "charter.granted.v1": 2,
    "matter.admitted.v1": 1,
    "district.published.v1": 1,
}


async def load(
    registry: Twin, headers: Headers, files: dict[str, str] | None = None, query: str = ""
) -> httpx.Response:
    body = bundle(files).model_dump(mode="json")
    return await registry.http.post(f"/districts{query}", json=body, headers=headers)


def subjects(registry: Twin) -> list[str]:
    """What was published of the district's things, without the changes by which it was."""
    everything = [envelope.subject for envelope in registry.publisher.envelopes]
    return [subject for subject in everything if not subject.startswith("ledger:")]


async def test_every_thing_becomes_an_event_of_its_own(registry: Twin, writer: Headers) -> None:
    answer = await load(registry, writer)

    assert answer.status_code == 200, answer.text
    assert answer.json()["published"] == COUNTS
    assert answer.json()["warnings"] == []
    assert answer.json()["unled"] == [{"grid": "41", "matters": ["event/street/litter"]}]
    assert len(subjects(registry)) == len(set(subjects(registry))) == sum(COUNTS.values())
    assert {"grid:410101", "posting:410101:1", "charter:roads", "department:water",
            "matter:event/street/litter", "district:lanhe"} <= set(subjects(registry))  # fmt: skip


async def test_what_others_refer_to_is_published_first(registry: Twin, writer: Headers) -> None:
    await load(registry, writer)
    events: list[EventData] = registry.published(EventData)

    assert [type(event) for event in (events[0], events[-1])] == [ChangeDecided, ChangeApplied]
    assert isinstance(events[1], CalendarPublished)
    assert isinstance(events[-2], DistrictPublished)
    depths = [len(grid.path) for grid in events if isinstance(grid, GridPublished)]
    assert depths == [0, 1, 2, 2]


async def test_loading_twice_publishes_nothing_more(registry: Twin, writer: Headers) -> None:
    await load(registry, writer)
    before = subjects(registry)
    again = (await load(registry, writer)).json()

    assert (again["published"], again["unchanged"]) == ({}, sum(COUNTS.values()))
    assert subjects(registry) == before


async def test_a_change_publishes_what_changed(registry: Twin, writer: Headers) -> None:
    await load(registry, writer)
    changed = edited("district.yaml", "en: Water", "en: Waters")
    changed = edited("postings.csv", "p-4,worker,410102,true,,,",
                     "p-4,worker,410102,true,,,2027-01-01T00:00:00Z", changed)  # fmt: skip
    answer = (await load(registry, writer, changed)).json()

    assert answer["published"] == {"department.registered.v1": 1, "posting.ended.v1": 1}
    assert subjects(registry)[-2:] == ["department:water", "posting:410102:1"]


async def test_a_dry_run_says_what_would_be_published(registry: Twin, writer: Headers) -> None:
    answer = (await load(registry, writer, query="?dry_run=true")).json()

    assert (answer["published"], answer["dry_run"]) == (COUNTS, True)
    assert registry.publisher.envelopes == []
    assert await registry.runtime.database["commits"].count_documents({}) == 0


async def test_a_wrong_district_is_refused_whole(registry: Twin, writer: Headers) -> None:
    wrong = edited("charters.yaml", "grid: '4101'", "grid: '4199'")
    wrong = edited("standard.yaml", "amount: 2", "amount: -2", wrong)
    answer = await load(registry, writer, wrong)
    problem: dict[str, Any] = answer.json()

    assert (answer.status_code, problem["code"]) == (422, "district_invalid")
    assert problem["retry"] is False
    assert {(e["code"], e["origin"]["file"], e["origin"]["line"]) for e in problem["errors"]} == {
        ("grid_unknown", "charters.yaml", line_of(wrong, "charters.yaml", "grid: '4199'")),
        ("field_invalid", "standard.yaml", line_of(wrong, "standard.yaml", "amount: -2")),
    }
    assert registry.publisher.envelopes == []
    assert await registry.runtime.database["commits"].count_documents({}) == 0


async def test_a_published_version_is_not_changed(registry: Twin, writer: Headers) -> None:
    await load(registry, writer)
    answer = await load(registry, writer, edited("standard.yaml", "amount: 2", "amount: 3"))
    [error] = answer.json()["errors"]
    assert (error["code"], error["origin"]["file"]) == ("version_published", "standard.yaml")


async def test_a_load_broken_off_is_completed(
    start: Start, writer: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends while the grids are on their way; nobody reads what it left as whole."""
    async with start() as first:
        publish = first.publisher.publish
        stuck = asyncio.Event()

        async def until_grids(messages: Any) -> list[PublishError | None]:
            if any(_is_grid(message) for message in messages):
                stuck.set()
                await asyncio.Event().wait()
            return await publish(messages)

        monkeypatch.setattr(first.publisher, "publish", until_grids)
        loading = asyncio.create_task(load(first, writer))
        await asyncio.wait_for(stuck.wait(), 10)
        committer = first.runtime.committer
        for task in committer._tasks:
            task.cancel()
        loading.cancel()
        assert "district:lanhe" not in subjects(first)
    async with start() as second:
        await eventually(lambda: second.published(ChangeApplied))
        assert "district:lanhe" in subjects(second), "it goes on by itself"
        assert 0 < len(subjects(second)) < sum(COUNTS.values()), "nothing is said twice"
        again = (await load(second, writer)).json()
        assert again["unchanged"] == sum(COUNTS.values())


def _is_grid(message: Outgoing) -> bool:
    return message.key == "registry.grid.published.v1"


async def test_two_processes_see_each_others_grids(
    start: Start, writer: Headers, reader: Headers
) -> None:
    async with start() as one, start() as other:
        where = "/grids/at?lon=113.5&lat=34.5"
        assert (await other.http.get(where, headers=reader)).json() == []
        await load(one, writer)

        async def seen() -> Any:
            return (await other.http.get(where, headers=reader)).json()

        [hit] = await eventually(seen)
        assert hit["grid"] == "410101"


@pytest.mark.parametrize("who", ["nobody", "reader"])
async def test_only_writers_may_load(registry: Twin, reader: Headers, who: str) -> None:
    answer = await load(registry, reader if who == "reader" else {})
    assert answer.status_code == (403 if who == "reader" else 401)
    assert registry.publisher.envelopes == []


async def test_a_body_that_is_no_district_names_the_field(registry: Twin, writer: Headers) -> None:
    body = bundle().model_dump(mode="json")
    del body["head"]
    answer = await registry.http.post("/districts", json=body, headers=writer)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.head"
    assert FILES  # what is sent otherwise is in order
