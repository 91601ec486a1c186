"""The local issuer's page in a real browser: whom to be, in every look, and back to who asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser

from civicgrid.commands.options import sample_dir
from civicgrid.deployment.services import PEOPLE
from civicgrid.staff import write_people
from service_kit.auth.issuer_oidc import Client
from tests.browser.checks import check
from tests.browser.visit import DESK, NARROW, PHONE, visit
from tests.support.login import ASKED, BACK, CLIENT, SECRET
from tests.support.tokens import TestIssuer

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
LOOKS: dict[str, dict[str, Any]] = {
    "zh-phone-dark": {"screen": PHONE, "scheme": "dark"},
    "en-narrow": {"screen": NARROW, "language": "en-GB"},
    "zh-narrow": {"screen": NARROW},
    "en-desk": {"screen": DESK, "language": "en-GB"},
}


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestIssuer]:
    """With the sample's people, without any system behind it."""
    folder = tmp_path_factory.mktemp("run")
    write_people(folder, sample_dir())
    pages = Client(client=CLIENT, secret=SECRET, redirects=[BACK], audience=["dispatch"])
    with TestIssuer(pages=pages, people=folder / PEOPLE) as found:
        yield found


@pytest.mark.parametrize("look", LOOKS)
async def test_somebody_is_chosen_and_sent_back(
    browser: Browser, pictures: Path, issuer: TestIssuer, look: str
) -> None:
    ids = frozenset({"civicgrid", "command-centre", "hotline-operator", "operator"})
    departments = {f"staff-of-{each}" for each in
                   ("urban-management", "market-regulation", "water-affairs")}  # fmt: skip

    async with visit(browser, pictures, look, who="issuer", **LOOKS[look]) as seen:
        await seen.page.goto(f"{issuer.url}/authorize?{urlencode(ASKED)}")
        await seen.picture("choose")
        await check(seen, "choose", besides=ids | departments)
        assert seen.strangers(issuer.url) == set()
        assert seen.errors == []
        await seen.page.locator("main button").first.focus()
        async with seen.page.expect_request(lambda sent: sent.url.startswith(f"{BACK}?code=")):
            await seen.page.keyboard.press("Enter")  # nobody listens there: it is asked


async def test_the_page_changes_its_language_and_keeps_the_request(
    browser: Browser, pictures: Path, issuer: TestIssuer
) -> None:
    async with visit(browser, pictures, "zh-phone", who="issuer") as seen:
        await seen.page.goto(f"{issuer.url}/authorize?{urlencode(ASKED)}")
        await seen.page.get_by_role("link", name="English").click()
        await seen.page.get_by_role("heading", name="Choose who to be").wait_for()
        assert await seen.page.locator("input[name=state]").input_value() == ASKED["state"]


async def test_what_is_refused_is_said_on_the_page(
    browser: Browser, pictures: Path, issuer: TestIssuer
) -> None:
    elsewhere = ASKED | {"redirect_uri": "https://elsewhere.example.org/"}
    async with visit(browser, pictures, "zh-narrow", who="issuer", screen=NARROW) as seen:
        await seen.page.goto(f"{issuer.url}/authorize?{urlencode(elsewhere)}")
        await seen.picture("refused")
        await check(seen, "refused", besides=frozenset({"civicgrid"}))
        assert seen.page.url.startswith(issuer.url)
