"""One person at one screen: where they are, what they asked for, and how it looks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Request

from civicgrid.local import checkout

AXE = checkout() / "services/console/node_modules/axe-core/axe.min.js"
SERIOUS = {"serious", "critical"}
PHONE, NARROW, DESK = (390, 844), (320, 640), (1280, 900)
RULES = '{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'
STAND_STILL = "for (const each of document.getAnimations()) each.finish()"
"""Not waited for: what turns dark in a closed ``details`` never does so by itself."""
JUDGED_SECONDS = 120
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WORDS = """() => {
  const names = [...document.querySelectorAll('[translate=no]:not([hidden])')];
  for (const each of names) each.hidden = true;  // codes and ids belong to no language
  const spoken = [...document.querySelectorAll('[aria-label],[placeholder],[alt]')]
    .map((e) => [e.ariaLabel, e.placeholder, e.alt].filter(Boolean).join(' '));
  const words = [document.title, document.body.innerText, ...spoken].join('\\n');
  for (const each of names) each.hidden = false;
  return words;
}"""


@dataclass
class Visit:
    """``asked`` are all addresses that the browser asked for, ``errors`` what it complained of;
    ``who`` is whose pages they are."""

    page: Page
    pictures: Path
    look: str
    who: str = "resident"
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def picture(self, name: str) -> None:
        path = self.pictures / f"{self.who}-{name}-{self.look}.png"
        await self.page.screenshot(path=path, full_page=True)

    async def findings(self) -> list[str]:
        """What axe-core finds that is serious, with where it is. Run beside the page's policy,
        which lets no script of ours in but those that it serves. Not before all of it is there, and
        with its transitions at their end: of a page that is still coming in, the last link has no
        words yet, and of one that is turning dark, a button has the colour of the one look and the
        words of the other."""
        await self.page.wait_for_load_state()
        session = await self.page.context.new_cdp_session(self.page)
        source = f"{AXE.read_text('utf-8')};{STAND_STILL};axe.run(document, {RULES})"
        judging = session.send(
            "Runtime.evaluate",
            {"expression": source, "awaitPromise": True, "returnByValue": True},
        )
        result = await asyncio.wait_for(judging, JUDGED_SECONDS)
        found: dict[str, Any] = result["result"]["value"]
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in SERIOUS
            for node in each["nodes"]
        ]

    async def overflow(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return int(await self.page.evaluate(OVERFLOW))

    async def words(self) -> str:
        """Everything that people see or hear read out."""
        return str(await self.page.evaluate(WORDS))

    def strangers(self, ours: str) -> set[str]:
        """Whom else the browser asked."""
        here = urlsplit(ours).netloc
        hosts = {urlsplit(each).netloc for each in self.asked if each.startswith("http")}
        return hosts - {here}


@asynccontextmanager
async def visit(
    browser: Browser, pictures: Path, look: str, *, screen: tuple[int, int] = PHONE,
    language: str = "zh-CN", scheme: Literal["light", "dark"] = "light", scripts: bool = True,
    who: str = "resident",
) -> AsyncIterator[Visit]:  # fmt: skip
    """A browser of its own, without anything kept from before; with residents, also after."""
    width, height = screen
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale=language, color_scheme=scheme,
        timezone_id="Asia/Shanghai", java_script_enabled=scripts,
        geolocation={"longitude": 113.6332, "latitude": 34.659}, permissions=["geolocation"],
    )  # fmt: skip
    page = await context.new_page()
    found = Visit(page, pictures, look, who)

    def asked(request: Request) -> None:
        found.asked.append(request.url)

    page.on("request", asked)
    page.on("pageerror", lambda error: found.errors.append(str(error)))
    page.on("console", lambda m: found.errors.append(m.text) if m.type == "error" else None)
    yield found
    assert who != "resident" or await context.cookies() == []
    await context.close()
