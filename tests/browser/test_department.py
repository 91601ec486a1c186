"""A department without software of its own: from a task in the inbox to the finished work."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from case_contracts.events.intake import Channel
from case_contracts.values import Point
from civicgrid.client import Api
from civicgrid.following import READER, Until, follow
from civicgrid.replay.send import Sent, send
from civicgrid.reports_file import ReportLine
from civicgrid.system import System
from service_kit import clock
from tests.browser.checks import check
from tests.browser.conftest import BY_HAND
from tests.browser.entering import enter
from tests.browser.photos import street
from tests.browser.visit import DESK, NARROW, Visit, visit
from tests.support.evidence_files import jpeg

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
OTHER = "water-affairs"
TEXT = "市场里的秤不准，少了二两。"
AT = Point(lon=113.6332, lat=34.659)


@pytest.fixture
async def desk(browser: Browser, pictures: Path) -> AsyncIterator[Visit]:
    async with visit(browser, pictures, "zh-desk", screen=DESK, who="department") as found:
        yield found


async def reported(api: Api) -> str:
    """A case that falls to the department without programs."""
    line = ReportLine(
        ref=f"report:{clock.now().timestamp()}", reported_at=clock.now(), channel=Channel.WEB,
        matter="event/market/short-weight", condition="scales", text=TEXT, point=AT,
    )  # fmt: skip
    sent: Sent = await send(api, line)
    await follow(api, str(sent.case), Until.ASSIGNED, 60, lambda _: None, verify=False)
    return str(sent.case)


async def in_list(page: Page, api: Api, case: str) -> Locator:
    """The link to the task of that case."""
    task = (await api.get("dispatch", f"/cases/{case}", READER))["task"]["id"]
    return page.locator(f'table.rows a[href*="{task}"]')


async def open_task(visit: Visit, pages: str, api: Api, case: str) -> Page:
    await enter(visit.page, pages, f"staff-of-{BY_HAND}", "/staff/department")
    await (await in_list(visit.page, api, case)).click()
    await expect(visit.page.locator("h1")).to_contain_text("短斤缺两")
    return visit.page


async def test_accepted_told_and_completed_with_a_photo(
    desk: Visit, pages: str, api: Api, system: System
) -> None:
    case = await reported(api)
    page = await open_task(desk, pages, api, case)
    await check(desk, "waiting", besides=frozenset({TEXT}))
    await page.locator("form[action$=accept] button").click()
    await expect(page.locator(".notice.good")).to_contain_text("已接收")
    await check(desk, "in hand", besides=frozenset({TEXT}))
    await desk.picture("1-in-hand")
    await page.locator("summary", has_text="报告进展").click()
    await page.select_option("#step", "on-site")
    await page.locator("form[action$=progress] button").click()
    await expect(page.locator(".notice.good")).to_contain_text("已登记")
    photo: FilePayload = {
        "name": "after.jpg", "mimeType": "image/jpeg", "buffer": jpeg(street(mended=True)),
    }  # fmt: skip
    await page.set_input_files("#photo", photo)
    await page.locator("form[action$=complete] button").click()
    await expect(page.locator(".notice.good")).to_contain_text("等待核实")
    await follow(api, case, Until.HANDLED, 30, lambda _: None, verify=False)
    assert desk.errors == []
    assert desk.strangers(pages) <= {_issuer(system)}


async def test_another_department_sees_nothing_of_it(desk: Visit, pages: str, api: Api) -> None:
    page = await open_task(desk, pages, api, await reported(api))
    task = page.url.split("/staff/")[1]
    other = await page.context.browser.new_context(locale="en-GB") if page.context.browser else None
    assert other is not None
    theirs = await other.new_page()
    await enter(theirs, pages, f"staff-of-{OTHER}", "/staff/department")
    answer = await theirs.goto(f"{pages}/staff/{task}")
    assert answer is not None
    assert answer.status == 404
    assert TEXT not in await theirs.content()
    await other.close()


async def test_on_a_narrow_phone_in_english(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    case = await reported(api)
    async with visit(
        browser, pictures, "en-narrow", screen=NARROW, language="en-GB", scheme="dark",
        who="department",
    ) as seen:  # fmt: skip
        await enter(seen.page, pages, f"staff-of-{BY_HAND}", "/staff/department")
        await expect(seen.page.locator("table.rows a").first).to_be_visible()
        await check(seen, "list")
        await seen.picture("2-list")
        await (await in_list(seen.page, api, case)).click()
        await check(seen, "task", besides=frozenset({TEXT}))
        await seen.picture("3-task")


def _issuer(system: System) -> str:
    return system.run().url("issuer").split("//")[1]
