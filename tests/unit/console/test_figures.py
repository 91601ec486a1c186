"""The figures that everybody may see: what the page shows of a grid, and what it leaves out."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from console.main import Lines, build
from console.views.figures_shown import shown
from console.views.figures_told import Month
from tests.unit.console.test_pages import settings

CLASSES = ("part", "event", "dispute", "service", "inquiry", "hazard")


def row(grid: str, parent: str | None, reported: int | None, **more: Any) -> dict[str, Any]:
    return {
        "grid": grid, "parent": parent, "level": "x", "name": {"zh": f"{grid}街", "en": grid},
        "reported": reported, "classes": dict.fromkeys(CLASSES), "open": None, "in_time": None,
        **more,
    }  # fmt: skip


MONTH: dict[str, Any] = {
    "month": "2026-01", "over": False, "months": ["2026-01", "2025-12"], "threshold": 5,
    "counted_at": "2026-01-05T02:00:00Z",
    "grids": [
        row("d", None, 70, classes={**dict.fromkeys(CLASSES), "event": 20, "part": 45}),
        row("s1", "d", 40, in_time={"least": 90, "most": 100}, open=12),
        row("s2", "d", 30), row("c1", "s1", None),
    ],
}  # fmt: skip


def page_of(grid: str) -> Any:
    found = shown(Month.model_validate(MONTH), grid)
    assert found is not None
    return found


def test_a_grid_that_is_not_known_is_the_district() -> None:
    assert page_of("").here.grid == page_of("no-such").here.grid == "d"
    assert [each.grid for each in page_of("").below] == ["s1", "s2"]


def test_at_the_end_of_the_tree_the_map_has_the_grids_beside_it() -> None:
    found = page_of("c1")
    assert [each.grid for each in found.above] == ["d", "s1"]
    assert (found.below, [each.grid for each in found.beside]) == ([], ["c1"])


def test_classes_come_by_their_number_and_those_left_out_at_the_end() -> None:
    classes = page_of("d").classes
    assert [(each.code, each.length) for each in classes[:3]] == [
        ("part", 100), ("event", 44), ("dispute", 0)
    ]  # fmt: skip
    assert classes[-1].number is None


def test_without_any_grid_there_is_nothing_to_show() -> None:
    assert shown(Month.model_validate({**MONTH, "grids": []}), "") is None


def answer(request: httpx.Request) -> httpx.Response:
    asked = request.url.params.get("month")
    if request.url.path != "/neighbourhood/figures":
        return httpx.Response(503)
    if asked not in (None, *MONTH["months"]):
        return httpx.Response(404, json={"code": "no_such_month"})
    return httpx.Response(200, json=MONTH)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    line = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    transport = httpx.ASGITransport(build(settings(), Lines(line, line)))
    async with httpx.AsyncClient(transport=transport, base_url="http://pages") as found:
        yield found


async def test_the_page_says_what_it_leaves_out_and_why(http: httpx.AsyncClient) -> None:
    text = (await http.get("/figures", params={"grid": "s1", "lang": "en"})).text
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    assert "under 5, or withheld" in said
    assert "Numbers under 5 are not shown" in said
    assert "90–100 %" in said
    assert 'href="/figures?grid=d&amp;month=2026-01&amp;lang=en"' in text


async def test_a_month_that_is_not_told_leads_to_the_newest(http: httpx.AsyncClient) -> None:
    found = await http.get("/figures", params={"grid": "s1", "month": "2019-01"})
    assert (found.status_code, found.headers["location"]) == (303, "/figures?grid=s1")
