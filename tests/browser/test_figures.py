"""The neighbourhood's figures for everybody: in every look, by the map and by the table."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from civicgrid.client import Api, As
from console.domain.centre import centre
from tests.browser.checks import check
from tests.browser.visit import DESK, NARROW, visit

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
LOOKS: dict[str, dict[str, Any]] = {
    "en-narrow-dark": {"screen": NARROW, "language": "en-GB", "scheme": "dark"},
    "zh-desk": {"screen": DESK},
}
READER = As("supervisor", "registry.read")
SAID = ({"matter": "part/utilities/manhole-cover", "condition": "missing"},
        {"matter": "event/appearance/litter", "condition": "scattered"})  # fmt: skip
EACH = 6
STREETS = COMMUNITIES = 3


@pytest.fixture(scope="module")
def reported() -> list[bool]:
    """Whether the reports of these tests have been made."""
    return []


async def report(api: Api, reported: list[bool]) -> None:
    """Of two kinds, in some communities of some streets; in the others nothing."""
    if reported:
        return
    found = await api.get("registry", "/grids/export", READER, level="community")
    streets: dict[str, list[tuple[float, float]]] = {}
    for each in found["features"]:
        streets.setdefault(each["properties"]["parent"], []).append(centre(each["geometry"]))
    places = [
        place for street in list(streets.values())[:STREETS] for place in street[:COMMUNITIES]
    ]
    for lon, lat in places:
        place = {"point": {"lon": lon, "lat": lat}, "channel": "web"}
        said = [{**each, **place} for each in SAID for _ in range(EACH)]
        await asyncio.gather(*(api.post("intake", "/reports", each) for each in said))
    reported.append(True)


@pytest.mark.parametrize("look", LOOKS)
async def test_figures_in_every_look(
    look: str, browser: Browser, pictures: Path, pages: str, api: Api, reported: list[bool]
) -> None:
    await report(api, reported)
    async with visit(browser, pictures, look, **LOOKS[look]) as seen:
        page = seen.page
        await page.goto(pages)
        await page.locator("main a[href*=figures]").click()
        await expect(page.locator(".sums dd").first).not_to_be_empty()
        await expect(page.locator("#map path").first).to_be_visible()
        await check(seen, "district")
        await seen.picture("10-figures")
        await page.locator(".places a").first.click()
        await expect(page.locator(".up a")).to_have_count(1)
        await check(seen, "street")
        await seen.picture("11-figures-street")
        assert seen.errors == []
        assert seen.strangers(pages) == set()
