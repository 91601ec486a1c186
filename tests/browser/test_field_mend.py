"""What was not taken of a field worker's queue: why, mended and sent again, once, or deleted."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Geolocation, Page, expect

from civicgrid.client import Api, As
from civicgrid.staff.chosen import SamplePerson
from civicgrid.system import System
from tests.browser.checks import check
from tests.browser.entering import somebody
from tests.browser.photos import taken
from tests.browser.test_field import DAY, ITEMS, UNSEND, cases_of, choose, opened, send, state
from tests.browser.visit import NARROW, Visit, visit

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
MADE = """async (at) => { const db = await idb.openDB('civicgrid-field');
  for (const item of await db.getAll('items'))
    if (item.state === 'waiting') await db.put('items', {...item, made_at: at}); }"""
TWICE = """(id) => Promise.all([1, 2].map(async () => fieldStore.mend(
  id, {said: {...(await fieldStore.get(id)).said, point: {lon: 113.6332, lat: 34.659}}})))"""
"""As two pages would that were opened on the same item, both before either was sent."""
LONG_AGO = "2025-12-20T01:00:00.000Z"
"""More than a week before the running system's Monday, whatever the phone's own clock says."""
FAR_AWAY: Geolocation = {"longitude": 100.0, "latitude": 30.0}
HERE: Geolocation = {"longitude": 113.6332, "latitude": 34.659}
NO_PHOTO: Any = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": b"no photo at all"}


@pytest.fixture
def worker(system: System) -> SamplePerson:
    return somebody(system, DAY)


@pytest.fixture
async def phone(browser: Browser, pictures: Path) -> AsyncIterator[Visit]:
    async with visit(browser, pictures, "zh-phone", who="field") as found:
        yield found


async def items(page: Page) -> list[dict[str, Any]]:
    """What is kept, the oldest first."""
    found: list[dict[str, Any]] = await page.evaluate(ITEMS)
    return sorted(found, key=lambda item: bool(item.get("mended")), reverse=True)


async def refused(phone: Visit, pages: str, person: str) -> Page:
    """A report with a photo, made without a network so long ago that it is not taken."""
    page = await opened(phone, pages, person)
    await page.context.set_offline(True)
    await choose(page)
    await page.set_input_files("#photo", taken(mended=False))
    await send(page)
    await state(page, "待发送")
    sent_at = await page.evaluate("new Date().toISOString()")
    assert sent_at > LONG_AGO
    await page.evaluate(MADE, LONG_AGO)
    await page.context.set_offline(False)
    await state(page, "未收下")
    return page


async def photos_of(api: Api, case: str) -> int:
    who = As("supervisor", "evidence.read")
    return len((await api.get("intake", "/evidence", who, case=case))["items"])


async def test_what_was_refused_is_mended_and_is_one_case(
    phone: Visit, pages: str, api: Api, worker: SamplePerson
) -> None:
    before = await cases_of(api, worker.id)
    page = await refused(phone, pages, worker.id)
    (wrong,) = await items(page)
    assert await cases_of(api, worker.id) == before
    await expect(page.locator("[data-more]").first).to_contain_text("时间太久")

    await page.locator("a[data-mend]").click()
    panel = page.locator("#mending")
    await expect(panel).to_be_focused()
    await expect(panel).to_contain_text("以现在为准")
    await expect(page.locator("#chosen-matter")).to_have_text(wrong["label"])
    await expect(page.locator(".preview")).to_be_visible()
    await expect(page.locator("#marked")).to_have_text("位置与原上报相同")
    await check(phone, "mend")
    await phone.picture("8-mend")
    await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    await page.emulate_media(color_scheme="dark")
    await check(phone, "mend, narrow and dark")
    await page.fill("#text", "现场仍然没有井盖")
    await page.context.set_offline(True)
    await send(page)
    await state(page, "待发送")
    await expect(panel).to_be_hidden()
    await page.reload()
    await page.context.set_offline(False)
    await state(page, "已收到")

    (mended,) = await items(page)
    assert mended["id"] == wrong["id"]
    assert mended["said"] == {**wrong["said"], "text": "现场仍然没有井盖"}
    assert mended["made_at"] > wrong["made_at"]
    after = await cases_of(api, worker.id)
    assert len(after) == len(before) + 1
    assert await photos_of(api, mended["fate"]["case"]) == 1
    await page.evaluate(UNSEND)
    await page.evaluate("fieldSend()")
    await state(page, "已收到")
    (again,) = await items(page)
    assert (again["fate"]["status"], again["fate"]["case"]) == ("repeated", mended["fate"]["case"])
    assert await cases_of(api, worker.id) == after


async def test_a_report_from_outside_is_mended_as_a_new_one_with_its_photo(
    phone: Visit, pages: str, api: Api, worker: SamplePerson
) -> None:
    await phone.page.context.set_geolocation(FAR_AWAY)
    page = await opened(phone, pages, worker.id)
    await choose(page)
    await page.set_input_files("#photo", taken(mended=False))
    await send(page)
    await state(page, "不立案")
    await expect(page.locator("[data-more]").first).to_contain_text("不在本区范围内")
    (outside,) = await items(page)

    await page.locator("a[data-mend]").click()
    await expect(page.locator("#map canvas")).to_be_visible()
    await send(page)
    await expect(page.locator("#mending [data-told]")).to_have_text(
        "内容没有改动，发出仍不会立案。"
    )
    await page.context.set_geolocation(HERE)
    await page.locator("[data-here]").click()
    await expect(page.locator("#marked")).not_to_have_class("marked bad")
    await send(page)
    badges = page.locator("#kept-items [data-state]")
    await expect(badges).to_have_text(["已收到", "已改，另行上报"], timeout=30_000)
    await expect(page.locator(".crossed")).to_have_count(1)
    await expect(page.locator("a[data-mend]:visible")).to_have_count(0)

    old, new = await items(page)
    assert (old["id"], old["mended"], old["photo"]) == (outside["id"], new["id"], None)
    assert (old["fate"]["case"], new["made_at"]) == (None, outside["made_at"])
    assert await photos_of(api, new["fate"]["case"]) == 1
    await check(phone, "mended")
    await phone.picture("9-mended")
    await page.goto(f"{page.url.partition('#')[0]}#mend={old['id']}")
    await page.reload()
    await expect(page.locator("#marked")).to_contain_text("已定位")
    await expect(page.locator("#mending")).to_be_hidden()


async def test_mended_by_two_pages_at_once_it_is_one(
    phone: Visit, pages: str, api: Api, worker: SamplePerson
) -> None:
    await phone.page.context.set_geolocation(FAR_AWAY)
    page = await opened(phone, pages, worker.id)
    await choose(page)
    await send(page)
    await state(page, "不立案")
    (outside,) = await items(page)
    assert sorted(await page.evaluate(TWICE, outside["id"])) == [False, True]
    await page.evaluate("fieldSend()")
    badges = page.locator("#kept-items [data-state]")
    await expect(badges).to_have_text(["已收到", "已改，另行上报"], timeout=30_000)
    assert await page.evaluate(TWICE, outside["id"]) == [False, False]
    assert len(await items(page)) == 2


async def test_what_was_refused_is_deleted_after_a_question(
    phone: Visit, pages: str, api: Api, worker: SamplePerson
) -> None:
    page = await refused(phone, pages, worker.id)
    asked: list[str] = []

    async def answered(*, yes: bool) -> None:
        async def answer(dialog: Any) -> None:
            asked.append(dialog.message)
            await (dialog.accept() if yes else dialog.dismiss())

        page.once("dialog", answer)
        await page.locator("#kept-items [data-drop]").click()

    await answered(yes=False)
    assert len(await items(page)) == 1
    await answered(yes=True)
    await expect(page.locator("#kept")).to_be_hidden()
    assert await items(page) == []
    assert len(asked) == 2
    assert all("删除后不能恢复" in each for each in asked)


async def test_a_photo_that_is_none_is_chosen_again(
    phone: Visit, pages: str, api: Api, worker: SamplePerson
) -> None:
    page = await opened(phone, pages, worker.id)
    await choose(page)
    await page.set_input_files("#photo", NO_PHOTO)
    await send(page)
    again = page.locator("#kept-items [data-photo]")
    await expect(again).to_be_visible(timeout=30_000)
    await expect(page.locator("[data-more]").first).to_contain_text("照片没有收下")
    (item,) = await items(page)
    assert await photos_of(api, item["fate"]["case"]) == 0
    await check(phone, "another photo")
    await again.locator("input").set_input_files(taken(mended=False))
    await expect(again).to_be_hidden(timeout=30_000)
    await state(page, "已收到")
    (mended,) = await items(page)
    assert (mended["trouble"], mended["fate"]["case"]) == (None, item["fate"]["case"])
    assert await photos_of(api, item["fate"]["case"]) == 1
