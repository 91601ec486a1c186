"""No page shows who reported; the reporter's words only for a purpose, and written down."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from civicgrid.client import Api, As
from civicgrid.following import Until, follow
from civicgrid.staff import people_here
from civicgrid.staff.chosen import SamplePerson
from civicgrid.system import System
from tests.browser.conftest import BY_HAND
from tests.browser.entering import enter
from tests.browser.visit import DESK, visit

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
CONTACT = {"email": "canary.reporter@example.org", "phone": "+86 139 7777 1234"}
SECRETS = (*CONTACT.values(), "13977771234", "canary.reporter")
WORDS = "市场二楼的秤不准，canary-words。"
AUDITOR = As("auditor", "audit.read", "operator")


def people(system: System) -> list[SamplePerson]:
    """One for each kind of day."""
    found: dict[str, SamplePerson] = {}
    for each in people_here(system.folder):
        if each.department in (None, BY_HAND):
            found.setdefault(each.start, each)
    return list(found.values())


@pytest.fixture
async def case(api: Api) -> str:
    """Reported by somebody who wants to be told."""
    body: dict[str, Any] = {
        "channel": "web", "matter": "event/market/short-weight", "condition": "scales",
        "point": {"lon": 113.6332, "lat": 34.659}, "text": WORDS, "contact": CONTACT,
    }  # fmt: skip
    taken = await api.post("intake", "/reports", body)
    await follow(api, taken["case"], Until.ASSIGNED, 60, lambda _: None, verify=False)
    return str(taken["case"])


async def test_nobody_sees_who_reported_on_any_page(
    browser: Browser, pictures: Path, pages: str, system: System, case: str
) -> None:
    for person in people(system):
        async with visit(browser, pictures, "zh-desk", screen=DESK, who="identity") as seen:
            await enter(seen.page, pages, person.id, person.start)
            ways = await seen.page.locator("main a[href^='/staff'], .areas a").evaluate_all(
                "all => [...new Set(all.map(each => each.getAttribute('href')))]"
            )
            for way in [f"/staff/cases/{case}", *ways[:12]]:
                await seen.page.goto(f"{pages}{way}")
                shown = await seen.page.content()
                assert [each for each in SECRETS if each in shown] == [], (person.id, way)
                if person.start != "/staff/department":  # it has to know what was reported
                    assert WORDS not in shown, (person.id, way)


async def test_the_words_are_read_for_a_purpose_that_is_written_down(
    browser: Browser, pictures: Path, pages: str, system: System, case: str, api: Api
) -> None:
    reader = next(p for p in people_here(system.folder) if "vault.read" in p.scope.split())
    async with visit(browser, pictures, "zh-desk", screen=DESK, who="identity") as seen:
        page = seen.page
        await enter(page, pages, reader.id, f"/staff/cases/{case}/words")
        await page.locator("#purpose-reporter + button, form:has(#purpose-reporter) button").click()
        await expect(page.locator("blockquote")).to_contain_text(WORDS)
        shown = await page.content()
        assert [each for each in SECRETS if each in shown] == []
    found = await api.get("intake", "/vault/audit", AUDITOR, actor=reader.id, subject=case)
    assert [each["what"] for each in found["looks"]] == ["words"]
