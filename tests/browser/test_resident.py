"""The resident's day in a real browser: from the start page to a rated, closed case."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from civicgrid.client import Api, As
from civicgrid.following import Until, follow
from civicgrid.tracing import trace_case
from tests.browser.checks import check
from tests.browser.photos import street
from tests.browser.visit import DESK, NARROW, PHONE, Visit, visit
from tests.support.evidence_files import jpeg

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
FIRST_VIEW = 150_000
STEPS = ("start", "what", "condition", "where", "more", "receipt", "track")
TEXT = {"zh": "路口的井盖不见了，晚上看不清，已经有人绊倒。",
        "en": "The cover at the crossing is gone. At night nobody can see it."}  # fmt: skip
LOOKS: dict[str, dict[str, Any]] = {
    "zh-phone": {"screen": PHONE},
    "en-phone-dark": {"screen": PHONE, "language": "en-GB", "scheme": "dark"},
    "en-narrow": {"screen": NARROW, "language": "en-GB"},
    "zh-desk-dark": {"screen": DESK, "scheme": "dark"},
}


@pytest.fixture(params=LOOKS)
async def seen(
    request: pytest.FixtureRequest, browser: Browser, pictures: Path
) -> AsyncIterator[Visit]:
    async with visit(browser, pictures, request.param, **LOOKS[request.param]) as found:
        yield found


def photo() -> FilePayload:
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": jpeg(street(mended=False))}


async def forward(page: Page) -> None:
    await page.locator("main form button[type=submit]:not([formaction])").last.click()


async def go(visit: Visit, pages: str, step: str) -> None:
    """One step further."""
    page, language = visit.page, visit.look[:2]
    if step == "start":
        await page.goto(pages)
    elif step == "what":
        await page.locator("main a.button").first.click()
    elif step == "condition":
        await page.fill("#q", "井盖" if language == "zh" else "manhole")
        await page.locator("a.tile:visible").first.click()
    elif step == "where":
        await page.locator("label.choice").first.click()
        await forward(page)
        await page.locator("[data-here]").click()
        await expect(page.locator("#marked")).to_contain_text(re.compile("已标记|Marked"))
    elif step == "more":
        await page.fill("#address", "福溪路 18 号院门口" if language == "zh" else "At the gate")
        await forward(page)
        await page.fill("#text", TEXT[language])
        await page.set_input_files("#photo", photo())
    elif step == "receipt":
        await forward(page)
        await expect(page.locator("#code")).to_be_visible()
    else:
        await page.locator("main .actions a.button").first.click()
        await expect(page.locator(".photos img").first).to_be_visible()


async def test_from_the_first_page_to_the_report(seen: Visit, pages: str) -> None:
    for step in STEPS:
        await go(seen, pages, step)
        await check(seen, step)
        await seen.picture(f"{STEPS.index(step) + 1}-{step}")
    assert seen.errors == []
    assert seen.strangers(pages) == set()


async def test_followed_until_closed_and_rated(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    async with visit(browser, pictures, "zh-phone") as seen:
        for step in STEPS:
            await go(seen, pages, step)
        page = seen.page
        code = (await page.locator(".code-small").inner_text()).replace("-", "")
        case = (await trace_case(api, code))["case"]
        await follow(api, case, Until.HANDLED, 120, lambda _: None, verify=False)
        await attach_after(api, case)
        await follow(api, case, Until.CLOSED, 120, lambda _: None, verify=True)
        await _until(page, "已核实结案")
        await expect(page.locator(".photos img")).to_have_count(2)
        await check(seen, "closed")
        await seen.picture("8-closed")
        await page.locator("label.choice", has_text="解决了").click()
        await page.locator("label.choice", has_text="很满意").click()
        await page.locator("form[action*=rating] button").click()
        await expect(page.locator(".notice.good")).to_contain_text("谢谢您的评价")
        await check(seen, "rated")
        await seen.picture("9-rated")
        assert code not in "".join(seen.asked)
        assert seen.errors == []


async def attach_after(api: Api, case: str) -> None:
    """A photo of the finished work, as a department's service sends it."""
    task = (await trace_case(api, case))["dispatch"]["task"]["id"]
    await api.send(
        "POST", "intake", "/evidence", As("service:gateway", "evidence.write", "service"),
        params={"case": case, "taskid": task, "phase": "after", "by": "department:works"},
        headers={"Content-Type": "image/jpeg"}, content=jpeg(street(mended=True)),
    )  # fmt: skip


async def _until(page: Page, words: str) -> None:
    """Look again until intake has heard of it."""
    for _ in range(60):
        await page.reload()
        if words in await page.locator(".standing").inner_text():
            return
        await page.wait_for_load_state("networkidle")
    raise AssertionError(f"{words} never came: {await page.locator('.standing').inner_text()}")


async def test_the_qr_codes_address_sends_no_code(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    point = {"lon": 113.633224, "lat": 34.658974}
    said = {"matter": "part/utilities/street-light", "point": point, "channel": "web"}
    receipt = (await api.post("intake", "/reports", said))["receipt"]
    async with visit(browser, pictures, "zh-phone") as seen:
        await seen.page.goto(f"{pages}/track#{receipt}")
        await expect(seen.page.locator(".standing")).to_be_visible()
        # The address typed in is the only one with the code, and a browser keeps that part of it.
        assert [each for each in seen.asked if receipt in each.partition("#")[0]] == []
        assert receipt not in seen.page.url


async def test_the_language_changes_and_back_goes_back_with_all_that_was_said(
    browser: Browser, pictures: Path, pages: str
) -> None:
    async with visit(browser, pictures, "zh-phone") as seen:
        for step in STEPS[: STEPS.index("receipt")]:
            await go(seen, pages, step)
        page = seen.page
        await page.locator("button.language").click()
        await expect(page.locator("h1")).to_have_text("What else should we know?")
        await expect(page.locator("#text")).to_have_value(TEXT["zh"])
        await page.set_input_files("#photo", photo())
        await page.locator("button[formaction*=where]").click()
        await expect(page.locator("#marked")).to_contain_text("Marked")
        await page.locator("button.language").click()
        await expect(page.locator("#address")).to_have_value("福溪路 18 号院门口")
        await forward(page)
        await expect(page.locator("#text")).to_have_value(TEXT["zh"])
        assert seen.errors == []


async def test_without_scripts(browser: Browser, pictures: Path, pages: str) -> None:
    async with visit(browser, pictures, "en-phone-plain", language="en-GB", scripts=False) as seen:
        page = seen.page
        await page.goto(f"{pages}/report?service=part_utilities_manhole-cover&lang=en")
        await page.locator("label.choice").first.click()
        await forward(page)
        await page.fill("#address", "At the gate")
        await forward(page)
        await page.fill("#text", TEXT["en"])
        await forward(page)
        await expect(page.locator("#code")).to_be_visible()
        await seen.picture("receipt")


async def test_by_keyboard_alone(browser: Browser, pictures: Path, pages: str) -> None:
    async with visit(browser, pictures, "en-desk", screen=DESK, language="en-GB") as seen:
        page = seen.page
        await page.goto(f"{pages}/report/where?service=part_utilities_manhole-cover")
        await expect(page.locator("[data-centre]")).to_be_enabled()
        await page.locator("#map").focus()
        await page.keyboard.press("ArrowLeft")
        await page.locator("[data-centre]").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#marked")).to_contain_text("Marked")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(outline) == "solid"


async def test_the_first_view_is_light(browser: Browser, pictures: Path, pages: str) -> None:
    async with visit(browser, pictures, "zh-phone") as seen:
        session = await seen.page.context.new_cdp_session(seen.page)
        await session.send("Network.enable")
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
        await seen.page.goto(pages, wait_until="networkidle")
        assert 0 < sum(sizes) <= FIRST_VIEW


async def test_a_reader_elsewhere_sees_their_own_time(
    browser: Browser, pictures: Path, pages: str, api: Api
) -> None:
    said = {"matter": "part/utilities/street-light", "text": "dark", "channel": "web"}
    receipt = (await api.post("intake", "/reports", said))["receipt"]
    context = await browser.new_context(locale="en-GB", timezone_id="America/New_York")
    page = await context.new_page()
    await page.goto(f"{pages}/track#{receipt}")
    await expect(page.locator("time").first).to_contain_text("your time")
    await context.close()
