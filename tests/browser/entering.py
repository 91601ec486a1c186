"""Logging in as one of the run's sample people."""

import re

from playwright.async_api import Page, expect

from civicgrid.staff import people_here
from civicgrid.staff.chosen import SamplePerson
from civicgrid.system import System


def somebody(system: System, start: str) -> SamplePerson:
    """The first sample person whose day begins there, such as ``/staff/desk``."""
    return next(each for each in people_here(system.folder) if each.start == start)


async def enter(page: Page, pages: str, person: str, back: str = "/staff") -> None:
    """Open a page of staff without being logged in, and choose that person at the issuer's."""
    await page.goto(f"{pages}{back}")
    await page.locator(f'button[value="{person}"]').click()
    await expect(page).to_have_url(re.compile(re.escape(f"{pages}{back}")))
