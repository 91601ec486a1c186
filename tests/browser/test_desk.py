"""A supervisor's day: the page of a case says why its deadline is what it is and lets one act;
others who have it open see that at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from case_contracts.events.intake import Channel
from case_contracts.values import Point
from civicgrid.client import Api, As
from civicgrid.following import Until, follow
from civicgrid.replay.send import send
from civicgrid.reports_file import ReportLine
from civicgrid.system import System
from service_kit import clock
from tests.browser.checks import check
from tests.browser.conftest import BY_HAND
from tests.browser.entering import enter, somebody
from tests.browser.visit import DESK, NARROW, PHONE, Visit, visit

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
AT = Point(lon=113.6332, lat=34.659)
SCALES = ("event/market/short-weight", "scales")
QUARREL = ("dispute/neighbours/noise", "quarrel")
TOLD = "菜市场的秤不准。"
WORDS = "请今日十八时前办结。"
IDS = frozenset({"lanhe", "-work", "charter:market-regulation:market", "v1", WORDS})
NOT_TOLD = "water-affairs"
"""It has no charter for short weight."""
LIVE_MS = 2000


async def reported(api: Api, what: tuple[str, str] = SCALES) -> str:
    """A case that was given to somebody."""
    line = ReportLine(
        ref=f"report:{clock.now().timestamp()}", reported_at=clock.now(), channel=Channel.WEB,
        matter=what[0], condition=what[1], text="缺斤少两", point=AT,
    )  # fmt: skip
    case = str((await send(api, line)).case)
    await follow(api, case, Until.ASSIGNED, 60, lambda _: None, verify=False)
    return case


@pytest.fixture
async def desk(browser: Browser, pictures: Path) -> AsyncIterator[Visit]:
    async with visit(browser, pictures, "zh-desk", screen=DESK, who="desk") as found:
        yield found


async def open_case(page: Page, pages: str, system: System, case: str) -> None:
    person = somebody(system, "/staff/desk")
    await enter(page, pages, person.id, f"/staff/cases/{case}")
    await expect(page.locator("#case-head")).to_be_visible()


async def opened(page: Page, step: str) -> Locator:
    """The form of a step, unfolded."""
    found = page.locator("details.act", has=page.locator(f"form[action*='/acts/{step}']"))
    await found.locator("summary").click()
    return found


async def test_why_it_is_due_and_pressing_the_handler(
    desk: Visit, pages: str, system: System, api: Api
) -> None:
    case = await reported(api)
    page = desk.page
    await open_case(page, pages, system, case)
    await expect(page.locator(".standing .status")).to_contain_text("市场监督管理局")
    clocks = page.locator("#case-clock")
    await expect(clocks.locator("svg.clock .pin-word.due").first).to_have_text("到期")
    await expect(clocks).to_contain_text("3 个工作日，自")
    await expect(clocks).to_contain_text("标准 lanhe 第 1 版、日历 lanhe-work 第 1 版")
    await expect(page.locator(".happened")).to_contain_text("权责清单牵头部门")
    await expect(page.locator("#map")).to_be_visible()
    await check(desk, "case", besides=IDS)
    await desk.picture("1-case")
    form = await opened(page, "press")
    await form.locator("textarea").fill(WORDS)
    await form.locator("button").click()
    await expect(page.locator(".notice.good")).to_contain_text("已办理")
    await expect(page.locator(".happened")).to_contain_text("上报人在等待")
    assert desk.errors == []


async def test_a_refusal_is_said_at_its_form_with_what_was_written_kept(
    desk: Visit, pages: str, system: System, api: Api
) -> None:
    case = await reported(api)
    page = desk.page
    await open_case(page, pages, system, case)
    form = await opened(page, "reassign")
    await form.locator("#reassign-department").select_option(NOT_TOLD)
    await form.locator("button").click()
    await expect(page.locator(".notice.bad")).to_contain_text("权责依据")
    await expect(page.locator("#reassign-department")).to_have_value(NOT_TOLD)
    await check(desk, "refused", besides=IDS)


@pytest.mark.alone
async def test_somebody_else_sees_it_within_two_seconds(
    desk: Visit, browser: Browser, pictures: Path, pages: str, system: System, api: Api
) -> None:
    case = await reported(api)
    await open_case(desk.page, pages, system, case)
    async with visit(
        browser, pictures, "en-phone", screen=PHONE, language="en-GB", who="desk"
    ) as other:
        await open_case(other.page, pages, system, case)
        await expect(other.page.locator("html[data-state=live]")).to_be_attached()
        form = await opened(desk.page, "issue_slip")
        await form.locator("select").first.select_option("red")
        await form.locator("textarea").fill(WORDS)
        await form.locator("button").click()
        await expect(desk.page.locator(".notice.good")).to_be_visible()
        seen = other.page.locator("#case-head")
        await expect(seen).to_contain_text("to answer a supervision slip", timeout=LIVE_MS)
        await expect(other.page.locator(".happened")).to_contain_text("issued by hand")
        await check(other, "live", besides=IDS)
        await other.picture("2-case")
        assert other.errors == []


async def test_found_and_many_pressed_at_once(
    browser: Browser, pictures: Path, pages: str, system: System, api: Api
) -> None:
    cases = [await reported(api), await reported(api)]
    async with visit(
        browser, pictures, "en-narrow", screen=NARROW, language="en-GB", scheme="dark", who="desk"
    ) as seen:
        page = seen.page
        person = somebody(system, "/staff/desk")
        await enter(page, pages, person.id, "/staff/desk")
        await check(seen, "desk")
        await page.goto(f"{pages}/staff/desk/search?department={BY_HAND}&status=assigned")
        await check(seen, "search")
        await seen.picture("3-search")
        for case in cases:
            await page.check(f"input[value='{case}']")
        await page.select_option("#b-action", "press")
        await page.locator("form[action*=bulk] button").click()
        await expect(page.locator("h1")).to_have_text("Press the handlers")
        await page.locator("main form button").click()
        await expect(page.locator("td .badge.good")).to_have_count(2)
        await check(seen, "tried", besides=IDS)
        pressed = [await _happened(api, case, "task.pressed") for case in cases]
        assert pressed == [0, 0]
        await page.locator("form[data-once] button").click()
        await expect(page.locator(".notice.good")).to_contain_text("done 2")
        assert [await _happened(api, case, "task.pressed") for case in cases] == [1, 1]


async def _happened(api: Api, case: str, event: str) -> int:
    who = As("p-000001", "cases.read", "staff")
    told = await api.get("dispatch", f"/cases/{case}/timeline", who)
    return sum(1 for each in told["entries"] if each["event"] == event)


async def test_the_arbiter_rules_who_is_responsible(desk: Visit, pages: str, api: Api) -> None:
    case = await reported(api, QUARREL)
    who = As("p-000001", "cases.read", "staff")
    while (state := await api.get("dispatch", f"/cases/{case}", who))["status"] != "ruling":
        handler = As(state["task"]["handler"]["person"], "cases.verify", "staff")
        await api.post("dispatch", f"/cases/{case}/return", {"reason": "not_ours"}, handler)
    page, arbiter = desk.page, state["ruling"]["arbiter"]["person"]
    await enter(page, pages, arbiter, "/staff/desk?tab=rulings")
    await page.locator(f"a[href*='{case}/ruling']").click()
    await expect(page.locator("ul.cards > li")).to_have_count(2)
    await expect(page.locator("#map")).to_be_visible()
    await check(desk, "ruling")
    await desk.picture("4-ruling")
    lead = page.locator("#lead option[value*='community-leader']").first
    await page.select_option("#lead", value=await lead.get_attribute("value"))
    await page.locator("form[data-once] button").click()
    await expect(page.locator(".notice.good")).to_be_visible()
    await expect(page.locator("#case-head")).to_contain_text("已裁定")


async def test_a_report_that_no_rule_can_file_is_filed_by_a_person(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    said = {"text": TOLD, "channel": "web", "point": AT.model_dump()}
    await api.post("intake", "/reports", said)
    async with visit(browser, pictures, "zh-phone", who="desk") as seen:
        page = seen.page
        await enter(page, pages, "hotline-operator", "/staff/desk/triage")
        await check(seen, "triage")
        await page.locator("ul.cards a").last.click()
        await expect(page.locator("blockquote")).to_have_text(TOLD)
        await check(seen, "triage of one")
        await seen.picture("5-triage")
        await page.select_option("#condition", "event/market/short-weight scales")
        await page.locator("form.card button").first.click()
        await expect(page.locator(".notice.good")).to_contain_text("已办理")
        assert seen.errors == []
