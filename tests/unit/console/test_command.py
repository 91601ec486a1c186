"""The command centre's scale, its stream, and who may open it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from console.domain import command
from console.domain.command import scale, step_of
from console.domain.live import Hint, Known
from tests.unit.console.browsing import browser, log_in, registry, with_login
from tests.unit.console.oidc import Provider

FIGURES = {"open": 3, "late": 1, "paused": 0, "verifying": 0, "opened": 2, "closed": 0}
GROUND: dict[str, Any] = {
    "at": "2026-01-05T01:00:00Z", "path": ["410199"],
    "whole": {"grid": "410199", "below": True, **FIGURES},
    "grids": [{"grid": "410199001", "below": True, **FIGURES}],
    "departments": [{"department": "um", "open": 3, "late": 1}],
}  # fmt: skip

SHARE = {
    "subject": "410199001",
    "figures": [{"indicator": "found_first", "rate": 0.25, "numerator": 1, "denominator": 4}],
}


def dispatch(request: httpx.Request) -> httpx.Response:
    answers: dict[str, Any] = {"/cases/ground": GROUND, "/cases/list": {"cases": []}}
    if request.url.params.get("by") == "grid":  # of departments there are no figures
        answers["/scores"] = {"scores": [SHARE]}
    if request.url.path in answers:
        return httpx.Response(200, json=answers[request.url.path])
    if request.url.path == "/cases/lookup":
        seen = {"case": "case:seen", "matter": "part/a/b", "grid": "410199"}
        return httpx.Response(200, json=[seen])
    return registry(request)


@pytest.fixture
def provider() -> Provider:
    found = Provider()
    found.said["scope"] = "cases.read scores.read operations.read"
    return found


@pytest.fixture
async def http(provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    app = with_login(provider, dispatch)
    for case in ("case:seen", "case:hidden"):
        app.state.house.hub.tell(Hint(case, "case.opened", "2026-01-05T01:00:00Z", Known()))
    async with browser(app) as found:
        yield found


@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        ([], [(0, 0)]),
        ([0, 0], [(0, 0)]),
        ([0, 2, 1], [(0, 0), (1, 1), (2, 2)]),
        ([9], [(0, 0), (1, 3), (4, 6), (7, 9)]),
        ([100, 3], [(0, 0), (1, 25), (26, 50), (51, 75), (76, 100)]),
    ],
)
def test_the_scale_covers_every_count_and_no_more(
    counts: list[int], steps: list[tuple[int, int]]
) -> None:
    found = scale(counts)
    assert [(step.least, step.most) for step in found] == steps
    assert {step_of(count, found) for count in counts} <= {step.number for step in found}


def test_the_stream_has_what_says_something_the_newest_first() -> None:
    kinds = ["case.opened", "clock.started", *(["case.closed"] * command.MOST_TOLD)]
    hints = [Hint(f"case:{n}", kind, "", Known()) for n, kind in enumerate(kinds)]
    found = command.told(hints)
    assert len(found) == command.MOST_TOLD
    assert found[0] is hints[-1]
    assert {hint.kind for hint in found} == {"case.closed"}


async def test_what_one_may_not_see_is_in_no_stream(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    await log_in(http, provider)
    page = (await http.get("/staff/command?lang=en")).text
    assert "case:seen" in page
    assert "case:hidden" not in page
    assert re.search(r'<i data-grid="410199001" data-count="3" data-step="3">', page)


async def test_the_page_is_there_without_joint_and_assessment(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    await log_in(http, provider)
    operations = await http.get("/staff/command/operations?lang=en")
    departments = await http.get("/staff/command/departments?lang=en")
    assert "cannot be read" in operations.text
    assert "cannot be read" in departments.text
    assert ">3<" in departments.text


async def test_who_reads_no_cases_is_turned_away(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    provider.said["scope"] = "cases.verify"
    await log_in(http, provider)
    paths = ["", "/ground", "/stream", "/operations", "/departments", "/days.json",
             "/outlines.geojson?grid=410199"]  # fmt: skip
    answers = [await http.get(f"/staff/command{path}") for path in paths]
    assert [answer.status_code for answer in answers] == [403] * len(paths)


async def test_the_map_by_the_share_that_patrol_found_first(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    await log_in(http, provider)
    page = (await http.get("/staff/command?measure=found_first&lang=en")).text
    assert 'data-grid="410199001" data-count="25 %"' in page
    assert ">25 %</td>" in page
