"""A field worker's tasks on a phone: verifying, visits, what is asked for on somebody's behalf."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from civicgrid.client import Api, As
from civicgrid.following import Until, follow
from civicgrid.staff import people_here
from civicgrid.staff.chosen import SamplePerson
from civicgrid.system import System
from civicgrid.tracing import trace_case
from console.domain.centre import centre
from tests.browser.checks import check
from tests.browser.entering import enter
from tests.browser.photos import street, taken
from tests.browser.visit import Visit, visit
from tests.support.evidence_files import jpeg

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
DAY = "/staff/field"
GATEWAY = As("service:gateway", "evidence.write", "service")
MATTER = "part/utilities/manhole-cover"
WORDS = "井盖不见了，旁边有小学"
RECEIPT = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$")


@pytest.fixture
async def phone(browser: Browser, pictures: Path) -> AsyncIterator[Visit]:
    async with visit(browser, pictures, "zh-phone", who="field") as found:
        yield found


async def test_verified_with_photos_before_and_after(
    phone: Visit, pages: str, api: Api, system: System
) -> None:
    worker = grid_worker(system)
    case = await handled(api, worker.id)
    page = phone.page
    await enter(page, pages, worker.id, DAY)
    await expect(page.locator("[data-far]").first).to_contain_text(re.compile("米|公里"))
    await check(phone, "day")
    await phone.picture("3-day")
    await page.locator(f'a[href*="{case}"]').click()
    for each in await page.locator(".both img").all():
        await expect(each).to_have_js_property("complete", True)
        assert await each.evaluate("(image) => image.naturalWidth") > 0
    assert await page.locator(".both img").count() == 2
    await expect(page.locator(".closing")).to_contain_text("井盖齐全")
    await check(phone, "verify")
    await phone.picture("4-verify")
    await page.locator("form[action*=words] button").click()
    await expect(page.locator("blockquote")).to_have_text(WORDS)
    await expect(page.locator("#map canvas")).to_be_visible()
    await check(phone, "words")
    await phone.picture("5-words")
    await page.go_back()
    await page.locator("label.choice", has_text="符合，结案").click()
    await page.locator("label.choice", has_text="办理人的照片").click()
    await page.locator("form[action*=verify] button").click()
    await expect(page.locator(".notice.good")).to_contain_text("核实结果已提交")
    await follow(api, case, Until.CLOSED, 30, lambda _: None, verify=False)
    assert phone.errors == []


async def test_a_service_asked_for_at_a_visit_is_done_and_shown(
    phone: Visit, pages: str, api: Api, system: System
) -> None:
    page, worker = phone.page, grid_worker(system)
    lon, lat = await ground(api, worker.id)
    await page.context.set_geolocation({"longitude": lon, "latitude": lat})
    await enter(page, pages, worker.id, f"{DAY}/visit")
    await page.locator("[data-needs-place]").first.wait_for()
    await page.locator("form[action*=checkin] button").click()
    await expect(page.locator(".notice").nth(1)).to_contain_text(re.compile("网格|班次"))
    await page.locator("label.choice", has_text="医疗服务").click()
    await page.locator("summary", has_text="代办服务").click()
    await page.select_option("#service", label="代办材料")
    await page.fill("#phone", "+86 371 5555 0100")
    await page.locator("#visit > button").click()
    await expect(page.locator(".code-small")).to_have_text(RECEIPT)
    await check(phone, "visit logged")
    await phone.picture("6-visit")
    await until_shown(page, f"{pages}{DAY}", "代办材料")
    await page.locator("#work a", has_text="代办材料").first.click()
    await page.set_input_files("#photo-complete", taken(mended=True))
    await page.fill("#answer-complete", "材料已递交。")
    await page.locator("form[action*=complete] button").click()
    await expect(page.locator(".notice.good")).to_contain_text("已报完成")
    assert phone.errors == []


async def until_shown(page: Page, address: str, words: str) -> None:
    """Look again until dispatch has heard of it."""
    for _ in range(60):
        await page.goto(address)
        if await page.locator("#work a", has_text=words).count():
            return
        await page.wait_for_load_state()
    raise AssertionError(f"{words} never came")


def grid_worker(system: System) -> SamplePerson:
    return next(each for each in people_here(system.folder) if each.name.en == "Grid worker")


async def ground(api: Api, worker: str) -> tuple[float, float]:
    """The middle of the worker's grid."""
    who = As(worker, "registry.read")
    (post,) = await api.get("registry", "/postings", who, person=worker)
    return centre((await api.get("registry", f"/grids/{post['grid']}", who))["geometry"])


async def handled(api: Api, worker: str) -> str:
    """A case in the worker's grid with a resident's photo, handled with one of the work."""
    lon, lat = await ground(api, worker)
    said = {
        "matter": MATTER,
        "condition": "missing",
        "point": {"lon": lon, "lat": lat},
        "text": WORDS,
    }
    report = await api.post("intake", "/reports", {**said, "channel": "web"})
    await attach(api, {}, None, mended=False, receipt=report["receipt"])
    case = str(report["case"])
    await follow(api, case, Until.HANDLED, 60, lambda _: None, verify=False)
    task = (await trace_case(api, case))["dispatch"]["task"]["id"]
    of_task = {"case": case, "taskid": task, "phase": "after", "by": "department:works"}
    await attach(api, of_task, GATEWAY, mended=True)
    return case


async def attach(
    api: Api, of: dict[str, str], who: As | None, *, mended: bool, receipt: str | None = None
) -> None:
    headers = {"Content-Type": "image/jpeg"} | ({"Receipt": receipt} if receipt else {})
    content = jpeg(street(mended=mended))
    await api.send("POST", "intake", "/evidence", who, params=of, headers=headers, content=content)
