"""The hotline's queues: a reporter is called back, two reports of one problem are linked, and
parted again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from civicgrid.client import Api, As
from civicgrid.following import Until, follow
from tests.browser.checks import check
from tests.browser.entering import enter
from tests.browser.test_resident import attach_after
from tests.browser.visit import NARROW, Visit, visit
from tests.support.twin import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
HOTLINE, AUDITOR = "hotline-operator", As("auditor", "audit.read", "operator")
RULER = As("operator", "rules.publish reports.read", "operator")
LINKER = As(HOTLINE, "links.decide reports.read")
PHONE = "+86 371 5550 0142"
POTHOLE = "part/roads/carriageway"
AT = {"lon": 113.6332, "lat": 34.659}
TWENTY_METRES = 0.00018
SWEPT_SECONDS = 90.0
"""What is taken in the second until new rules are known, the sweep of each minute looks at."""


async def reported(api: Api, matter: str, condition: str, north: float = 0, **more: Any) -> Any:
    """What intake said to a resident who reported it so far north."""
    point = {**AT, "lat": AT["lat"] + north}
    body = {"channel": "web", "matter": matter, "condition": condition, "point": point, **more}
    return await api.post("intake", "/reports", body)


@pytest.fixture
async def duplicates(api: Api) -> AsyncIterator[None]:
    """The sample district looks for no duplicates: while this test runs, for those of potholes."""
    before = await api.get("intake", "/rules", RULER)
    rule = {"matters": [POTHOLE], "metres": 50, "hours": 24, "link_from": 0.95}
    for rules in ([rule], before["rules"]["duplicates"]):
        now = await api.get("intake", "/rules", RULER)
        body = {**before["rules"], "duplicates": rules, "after": now["version"]}
        await api.send("PUT", "intake", "/rules", RULER, json=body)
        if rules == [rule]:
            yield


async def called_for(page: Page) -> None:
    """Look again until the list has a call that is open."""
    for _ in range(60):
        if await page.locator("main form").count():
            return
        await page.wait_for_timeout(500)
        await page.reload()
    raise AssertionError(await page.locator("main").inner_text())


async def test_who_left_a_number_alone_is_called_and_rates_on_the_telephone(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    taken = await reported(api, "part/utilities/manhole-cover", "missing", contact={"phone": PHONE})
    await follow(api, taken["case"], Until.HANDLED, 120, lambda _: None, verify=False)
    await attach_after(api, taken["case"])
    await follow(api, taken["case"], Until.CLOSED, 120, lambda _: None, verify=True)
    async with visit(browser, pictures, "zh-phone", who="hotline") as seen:
        page = seen.page
        await enter(page, pages, HOTLINE, "/staff/desk")
        await check(seen, "desk")
        await page.locator("main a[href*='callbacks']").click()
        await called_for(page)
        assert PHONE not in await page.content()
        await check(seen, "calls")
        await seen.picture("1-calls")
        await page.locator("main form button").first.click()
        await expect(page.locator(".phone-number")).to_have_text(PHONE)
        await check(seen, "call")
        await page.locator("label.choice", has_text="已接通").click()
        await page.locator("label.choice", has_text="解决了").click()
        await page.locator("label.choice", has_text="很满意").last.click()
        await seen.picture("2-call")
        await page.locator("form[data-once] button").click()
        await expect(page.locator(".notice.good")).to_contain_text("本次回访结束")
        assert PHONE not in await page.content()
        assert seen.errors == []
    told = await api.get("intake", f"/reports/{taken['report']}", RULER)
    assert (told["rating"]["solved"], told["rating"]["score"]) == (True, 5)
    query = {"actor": HOTLINE, "subject": taken["report"]}
    looks = (await api.get("intake", "/vault/audit", AUDITOR, **query))["looks"]
    assert [(each["what"], each["purpose"]) for each in looks] == [("contact", "callback")]


@pytest.mark.usefixtures("duplicates")
async def test_two_reports_of_one_pothole_become_one_case_and_two_again(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    first = await reported(api, POTHOLE, "pothole")
    await follow(api, first["case"], Until.ASSIGNED, 60, lambda _: None, verify=False)
    second = await reported(api, POTHOLE, "pothole", TWENTY_METRES)
    await follow(api, second["case"], Until.ASSIGNED, 60, lambda _: None, verify=False)
    await eventually(lambda: api.get("intake", "/links/proposed", LINKER), SWEPT_SECONDS)
    async with visit(
        browser, pictures, "en-narrow", screen=NARROW, language="en-GB", scheme="dark",
        who="hotline",
    ) as seen:  # fmt: skip
        page = seen.page
        await enter(page, pages, HOTLINE, "/staff/desk/links")
        await check(seen, "links")
        await seen.picture("3-links")
        await page.locator(f"a[href*='{second['report']}']").click()
        await expect(page.locator(".standing")).to_contain_text("20 m apart")
        await expect(page.locator("article.card")).to_have_count(2)
        await check(seen, "link")
        await seen.picture("4-link")
        await page.get_by_role("button", name="Link it").click()
        await expect(page.locator(".notice.good")).to_contain_text("It is linked.")
        told = await api.get("intake", f"/reports/{second['report']}", RULER)
        assert (told["case"], told["link"]["by"]) == (first["case"], HOTLINE)
        await undone(seen, second["report"])
        assert seen.errors == []
    told = await api.get("intake", f"/reports/{second['report']}", RULER)
    assert told["case"] not in (first["case"], second["case"])
    assert not told["linked"]
    await follow(api, told["case"], Until.ASSIGNED, 60, lambda _: None, verify=False)


async def undone(seen: Visit, report: str) -> None:
    """It was another pothole after all: found among the links that were made, and undone."""
    page = seen.page
    await page.locator("main a[href*='links/made']").click()
    await check(seen, "links-made")
    await seen.picture("5-links-made")
    await page.locator(f"a[href*='{report}']").click()
    await expect(page.locator("article.card")).to_have_count(2)
    await check(seen, "link-made")
    await seen.picture("6-link-made")
    await page.get_by_role("button", name="Undo the link").click()
    await expect(page.locator(".notice.good")).to_contain_text("a case of its own")
    await expect(page.locator("ul.cards .badge.warn")).to_have_text("undone, or linked elsewhere")
    await seen.picture("7-link-undone")
