"""A field worker's day on a phone: reporting without a network, and being asked once only."""

import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from civicgrid.client import Api, As
from civicgrid.deployment.names import ISSUER
from civicgrid.staff import people_here
from civicgrid.staff.chosen import SamplePerson
from civicgrid.system import System
from tests.browser.checks import check
from tests.browser.entering import enter, somebody
from tests.browser.photos import taken
from tests.browser.visit import NARROW, Visit, visit

log = logging.getLogger(__name__)
pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
DAY, REPORT = "/staff/field", "/staff/field/report"
UNSEND = """async () => { const db = await idb.openDB('civicgrid-field');
  const [item] = await db.getAll('items'); await db.put('items', {...item, state: 'waiting'}); }"""
ITEMS = "async () => (await (await idb.openDB('civicgrid-field')).getAll('items'))"
LOOKS: dict[str, dict[str, Any]] = {
    "zh-narrow": {"screen": NARROW},
    "en-narrow-dark": {"screen": NARROW, "language": "en-GB", "scheme": "dark"},
}
FAST = 20
"""Within so many seconds a report has to be made and sent by a person; a script is far faster."""


@pytest.fixture
def worker(system: System) -> SamplePerson:
    return somebody(system, DAY)


@pytest.fixture
async def phone(browser: Browser, pictures: Path) -> AsyncIterator[Visit]:
    async with visit(browser, pictures, "zh-phone", who="field") as found:
        yield found


async def choose(page: Page, words: str = "井盖") -> None:
    """The first condition of the first matter that is found."""
    matters = page.locator("#all-matters")
    if await matters.get_attribute("open") is None:
        await matters.locator("> summary").click()
    await page.fill("#q", words)
    await page.locator("details.matter:visible > summary").first.click()
    await page.locator("details.matter[open] label.choice").first.click()


async def send(page: Page) -> None:
    await page.locator("#report button[type=submit]").click()


async def state(page: Page, said: str) -> None:
    await expect(page.locator("#kept-items [data-state]").first).to_have_text(said, timeout=30_000)


async def opened(visit: Visit, pages: str, person: str) -> Page:
    """Logged in at the report page, which is kept for later."""
    await enter(visit.page, pages, person, REPORT)
    await expect(visit.page.locator("#ready")).to_be_visible(timeout=15_000)
    return visit.page


async def cases_of(api: Api, person: str) -> list[str]:
    """The cases that somebody's reports opened, as intake holds them on the person."""
    held = await api.get("intake", "/me/data", As(person, "visits.write"))
    return [each["case"] for each in held["reports"]]


async def test_reported_without_a_network_it_is_one_case(
    phone: Visit, pages: str, api: Api, worker: SamplePerson
) -> None:
    before = await cases_of(api, worker.id)
    page = await opened(phone, pages, worker.id)
    context = page.context
    await context.set_offline(True)
    await page.reload()
    await expect(page.locator(".kept-page")).to_be_visible()
    await choose(page)
    await page.set_input_files("#photo", taken(mended=False))
    await send(page)
    await state(page, "待发送")
    await phone.picture("1-waiting")
    await page.reload()
    await state(page, "待发送")
    assert await cases_of(api, worker.id) == before

    await context.set_offline(False)
    await state(page, "已收到")
    await page.reload()
    await expect(page.locator(".kept-page")).to_be_hidden()
    await state(page, "已收到")
    (item,) = await page.evaluate(ITEMS)
    assert (item["state"], item["photo"], item.get("trouble")) == ("done", None, None)
    after = await cases_of(api, worker.id)
    assert len(after) == len(before) + 1
    evidence = await api.get(
        "intake", "/evidence", As("supervisor", "evidence.read"), case=item["fate"]["case"]
    )
    assert len(evidence["items"]) == 1
    await phone.picture("2-received")

    await page.evaluate(UNSEND)
    await page.evaluate("fieldSend()")
    await state(page, "已收到")
    (again,) = await page.evaluate(ITEMS)
    assert again["fate"]["status"] == "repeated"
    assert again["fate"]["case"] == item["fate"]["case"]
    assert await cases_of(api, worker.id) == after


async def test_a_report_is_made_and_sent_within_seconds(
    phone: Visit, pages: str, api: Api, worker: SamplePerson, record_property: Any
) -> None:
    page = await opened(phone, pages, worker.id)
    begun = time.monotonic()
    await choose(page)
    await page.set_input_files("#photo", taken(mended=False))
    await send(page)
    await state(page, "已收到")
    took = time.monotonic() - begun
    record_property("seconds", took)
    log.info("a patrol report took %.1f s", took)
    assert took < FAST
    await expect(page.locator("#recent label")).to_have_count(1)
    assert phone.errors == []


async def test_a_visit_without_a_network_is_logged_later(
    phone: Visit, pages: str, api: Api, worker: SamplePerson
) -> None:
    page = await opened(phone, pages, worker.id)
    await page.context.set_offline(True)
    await page.goto(f"{pages}{DAY}/visit")
    await page.locator("label.choice", has_text="医疗服务").click()
    await page.locator("#visit > button").click()
    await state(page, "待发送")
    await page.context.set_offline(False)
    await state(page, "已收到")
    held = await api.get("intake", "/me/data", As(worker.id, "visits.write"))
    assert [each["visit"]["topics"] for each in held["visits"]] == [["medical"]]


async def test_what_somebody_kept_is_never_sent_by_somebody_else(
    phone: Visit, pages: str, api: Api, system: System
) -> None:
    first, second = [each for each in people_here(system.folder) if each.start == DAY][:2]
    page = await opened(phone, pages, first.id)
    await page.context.set_offline(True)
    await choose(page)
    await send(page)
    await state(page, "待发送")
    await page.context.clear_cookies()
    await page.context.set_offline(False)
    await expect(page.locator("#kept-login")).to_be_visible()
    await enter(page, pages, second.id, REPORT)
    await expect(page.locator("#kept-others")).to_contain_text("1")
    await page.evaluate("fieldSend()")
    (item,) = await page.evaluate(ITEMS)
    assert (item["state"], item["person"]) == ("waiting", first.id)

    page.on("dialog", lambda dialog: dialog.accept())
    await page.locator("form.who button").click()
    await page.wait_for_url(f"{pages}/")
    assert "field-pages" not in await page.evaluate("caches.keys()")
    await enter(page, pages, first.id, REPORT)
    await state(page, "已收到")


@pytest.mark.parametrize("look", LOOKS)
async def test_every_page_in_every_look(
    look: str, browser: Browser, pictures: Path, pages: str, system: System, worker: SamplePerson
) -> None:
    async with visit(browser, pictures, look, who="field", **LOOKS[look]) as seen:
        await enter(seen.page, pages, worker.id, DAY)
        for name in ("", "/report", "/visit", "/me", "/away"):
            await seen.page.goto(f"{pages}{DAY}{name}")
            await expect(seen.page.locator("h1")).to_be_visible()
            await check(seen, name)
        assert seen.errors == []
        assert seen.strangers(pages) <= {urlsplit(system.run().url(ISSUER)).netloc}
