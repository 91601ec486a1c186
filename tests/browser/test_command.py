"""The command centre: what changes is seen without a hand on the mouse, down to the single case."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from case_contracts.events.intake import Channel
from case_contracts.values import Point
from civicgrid.client import Api
from civicgrid.following import Until, follow
from civicgrid.replay.send import Sent, send
from civicgrid.reports_file import ReportLine
from civicgrid.system import System
from service_kit import clock
from tests.browser.checks import check
from tests.browser.entering import enter
from tests.browser.visit import DESK, NARROW, Visit, visit

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
WHO, START = "command-centre", "/staff/command"
AT = Point(lon=113.6332, lat=34.659)
SEEN_SECONDS = 2
"""Within which one browser shows what another has done."""


async def reported(api: Api) -> str:
    line = ReportLine(
        ref=f"report:{clock.now().timestamp()}", reported_at=clock.now(), channel=Channel.WEB,
        matter="event/market/short-weight", condition="scales", text="秤不准。", point=AT,
    )  # fmt: skip
    sent: Sent = await send(api, line)
    return str(sent.case)


async def looks_right(seen: Visit, step: str) -> None:
    """With everything that the page loads afterwards."""
    page = seen.page
    await expect(page.locator("#departments > *").first).to_be_attached()
    await expect(page.locator("#command-map path").first).to_be_attached()
    await expect(page.locator("#days canvas")).to_be_attached()
    await check(seen, step)
    await seen.picture(step)


async def down(page: Page) -> None:
    """To the grid below that has an open case."""
    rows = page.locator("#ground tbody tr:has(th[scope=row])")
    row = rows.filter(has=page.locator("td.n:nth-child(2)", has_text=re.compile(r"[1-9]"))).first
    name = await row.locator("a").inner_text()
    await row.locator("a").click()
    await expect(page.locator("h1")).to_contain_text(name)


async def test_from_the_district_to_a_case_while_it_happens(
    browser: Browser, pictures: Path, pages: str, api: Api, system: System
) -> None:
    async with visit(
        browser, pictures, "zh-desk", screen=DESK, who="command"
    ) as seen:  # fmt: skip
        page = seen.page
        await enter(page, pages, WHO, START)
        await expect(page.locator("html")).to_have_attribute("data-state", "live")
        before = int(await page.locator(".figures dd").first.inner_text())
        case = await reported(api)
        link = page.locator(f'#stream a[href*="{case}"]').first
        await expect(link).to_be_visible(timeout=SEEN_SECONDS * 1000)
        await follow(api, case, Until.ASSIGNED, 60, lambda _: None, verify=False)
        await expect(page.locator(".figures dd").first).to_have_text(
            re.compile(rf"^(?!{before}$)\d+$"), timeout=2 * SEEN_SECONDS * 1000
        )
        await looks_right(seen, "1-district")
        while await page.locator("#ground tbody th[scope=row]").count():
            await down(page)
        await looks_right(seen, "2-unit")
        await page.locator('#ground a[href*="/staff/cases/"]').first.click()
        await expect(page.locator("h1")).to_contain_text("短斤缺两")
        assert seen.errors == [], seen.errors
        assert seen.strangers(pages) <= {system.run().url("issuer").split("//")[1]}


async def test_on_a_narrow_phone_in_english(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    await follow(api, await reported(api), Until.ASSIGNED, 60, lambda _: None, verify=False)
    async with visit(
        browser, pictures, "en-narrow", screen=NARROW, language="en-GB", scheme="dark",
        who="command",
    ) as seen:  # fmt: skip
        await enter(seen.page, pages, WHO, START)
        await looks_right(seen, "3-phone")
        assert seen.errors == [], seen.errors


async def test_the_wall_needs_no_hand(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    await follow(api, await reported(api), Until.ASSIGNED, 60, lambda _: None, verify=False)
    async with visit(
        browser, pictures, "zh-wall", screen=(1920, 1080), scheme="dark", who="command"
    ) as seen:  # fmt: skip
        page = seen.page
        await enter(page, pages, WHO, START)
        await page.goto(f"{pages}{START}?wall=1")
        views = page.locator("[data-wall]")
        await expect(page.locator("#command-map path").first).to_be_visible()
        assert await page.locator("main a:visible, main button:visible").count() == 0
        for number in range(3):
            await expect(views.nth(number)).to_be_visible()
            await check(seen, f"wall {number}")
            await seen.picture(f"4-wall-{number}")
            await page.keyboard.press("ArrowRight")
        await expect(views.nth(0)).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("nav.tabs")).to_be_visible()
        assert seen.errors == [], seen.errors
