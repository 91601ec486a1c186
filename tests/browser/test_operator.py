"""An operator sees how the services stand, mends what is held, and finds out who did what."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymongo
import pytest
from playwright.async_api import Browser, expect

from civicgrid.deployment import Run
from tests.browser.checks import check
from tests.browser.entering import enter
from tests.browser.visit import DESK, Visit, visit

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


def hold(run: Run) -> None:
    """Something that dispatch could not handle and has given up on."""
    row = {
        "_id": "registry:1", "queue": "dispatch.events", "key": "grid.published.v1",
        "body": b"no event at all", "event": None, "reason": "the envelope is not JSON",
        "status": "parked", "attempts": 8, "trying": False, "next_at": 0.0,
        "held_at": datetime.now(UTC),
    }  # fmt: skip
    with pymongo.MongoClient[dict[str, Any]](run.mongo_url) as client:
        client[run.database("dispatch")]["held"].replace_one({"_id": row["_id"]}, row, upsert=True)


@pytest.fixture(params=["zh", "en"])
async def seen(
    request: pytest.FixtureRequest, browser: Browser, pictures: Path, pages: str
) -> AsyncIterator[Visit]:
    """Somebody logged in as the operator."""
    language = {"zh": "zh-CN", "en": "en-GB"}[request.param]
    async with visit(
        browser, pictures, f"{request.param}-desk", screen=DESK, language=language, who="operator"
    ) as found:
        await enter(found.page, pages, "operator", "/staff/operator")
        yield found


async def test_services_held_messages_and_changes(seen: Visit, pages: str, run: Run) -> None:
    page = seen.page
    await expect(page.locator("tbody tr")).to_have_count(7)
    await expect(page.locator(".badge.good")).to_have_count(7)
    await check(seen, "services")
    await seen.picture("1-services")
    hold(run)
    await page.goto(f"{pages}/staff/operator/held?lang={seen.look[:2]}")
    await expect(page.locator("table.rows a").first).to_be_visible()
    await check(seen, "held")
    await page.locator("table.rows a").first.click()
    await expect(page.locator("pre")).to_contain_text("no event at all")
    await check(seen, "one held")
    await page.locator("summary").click()
    await page.locator("form[action*=drop] button").click()
    await expect(page.locator(".notice.good")).to_be_visible()
    await page.goto(f"{pages}/staff/operator/changes?lang={seen.look[:2]}")
    await expect(page.locator("tbody tr").first).to_be_visible()
    await check(seen, "changes")
    await page.fill("#about", "grid:410199")
    await page.locator("main form button").click()
    await expect(page.locator("tbody")).to_contain_text("grid.published.v1")
    await check(seen, "audit")
    await page.goto(f"{pages}/staff/operator/trace?lang={seen.look[:2]}&case=nonsense")
    await expect(page.locator("[role=alert]")).to_be_visible()
    await check(seen, "trace")
