"""How long lists take, dispatch's answers and the pages of staff, over a year of 100,000 cases.

``python -m tests.bench.pages``: the real services on a real store, in this process. The store is
made anew, which takes a minute or two; with ``--keep`` it stays for the next run.
"""

import argparse
import asyncio
import shutil
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from case_contracts.events.registry import GridPublished
from civicgrid.local import find_store
from civicgrid.local.install import Say
from civicgrid.local.paths import local_dir
from dispatch import background
from service_kit import clock, memory
from service_kit.mongo import connect, database
from tests.bench import year
from tests.bench.load import Outcome
from tests.bench.staff_pages import logged_in
from tests.integration.dispatch.served import served, subject_of
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import FROM, LITTER, filed, post

NAME, TIMES, TARGET_MS = "year", 25, 150.0
HEARD_SECONDS = 120.0
Row = tuple[str, str, str, bool]


@dataclass(frozen=True)
class Page:
    """What is asked for; ``changed``: a new case is opened before each request."""

    what: str
    path: str
    changed: bool = False


PAGES = (
    Page("list, first page", "/cases/list"),
    Page("list, first page, after a change", "/cases/list", changed=True),
    Page("list, a street", "/cases/list?grid=s1"),
    Page("list, a unit grid", "/cases/list?grid=s1c1u1"),
    Page("list, a department", "/cases/list?department=dept-1"),
    Page("list, late", "/cases/list?late=true"),
    Page("list, late in a street", "/cases/list?late=true&grid=s1"),
    Page("list, by status", "/cases/list?status=verifying"),
    Page("list, over", "/cases/list?share=over"),
    Page("list, a unit grid, all", "/cases/list?share=all&grid=s1c1u1"),
    Page("desk of the district, what waits", "/cases/desk?of=waiting&limit=100"),
    Page("desk of the district, what is late", "/cases/desk?of=waiting&of=late&limit=100"),
    Page("desk of the district, whole", "/cases/desk"),
    Page("figures by grid", "/cases/ground"),
    Page("figures by grid, after a change", "/cases/ground?grid=s1", changed=True),
)
STAFF_PAGES = (
    Page("page: desk, what waits", "/staff/desk"),
    Page("page: desk, what is late", "/staff/desk?tab=late"),
    Page("page: search, newest", "/staff/desk/search"),
    Page("page: search, late in a street", "/staff/desk/search?late=true&grid=s1"),
    Page("page: search, over", "/staff/desk/search?share=over"),
    Page("page: command centre", "/staff/command"),
    Page("page: command centre, a street", "/staff/command/ground?grid=s1"),
)


def measure(say: Say, folder: Path) -> list[Row]:
    """Rows of (what, measured, target, met)."""
    store = find_store(folder, say)
    try:
        return asyncio.run(_measure(say, store.url))
    finally:
        store.close()


async def _measure(say: Say, url: str) -> list[Row]:
    await _filled(say, url)
    with TestIssuer() as issuer:
        who = issuer.bearer("p-boss", "cases.read cases.verify cases.supervise", "dispatch")
        async with _district(url, issuer) as twin:
            first = await _asked(twin, PAGES[0], who, times=3)
            memory.settle()  # as services do that run in a process of their own
            rows = [_row(page, await _asked(twin, page, who)) for page in PAGES]
            async with logged_in(twin, issuer, "p-boss") as pages:
                await _asked(twin, STAFF_PAGES[0], {}, pages, times=3)
                memory.settle()
                rows += [_row(page, await _asked(twin, page, {}, pages)) for page in STAFF_PAGES]
            return [_first(first), *rows]


async def _filled(say: Say, url: str) -> None:
    client = connect(url, timeout_seconds=60)
    rows = database(client, NAME)
    if await rows["view_case"].find_one({}) is None:
        say(f"Storing {year.CASES:,} cases ...")
        await background.prepare(rows)
        say(f"{await year.fill(rows, clock.now()):,} of them are open.")
    client.close()


@asynccontextmanager
async def _district(url: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(url, NAME, issuer) as twin:
        grids = [_grid(grid, path) for grid, path in year.tree().items()]
        district = (*grids, post("p-boss", "leader", year.ROOT))
        await twin.say_all((subject_of(event), event) for event in district)
        await eventually(lambda: _knows(twin, len(grids)), HEARD_SECONDS)
        yield twin


async def _knows(twin: Twin, grids: int) -> bool:
    """Whether all of the district has been heard."""
    return await twin.runtime.database["mirror_grid"].count_documents({}) >= grids


def _grid(code: str, path: tuple[str, ...]) -> GridPublished:
    content = {
        "grid": code, "level": f"level-{len(path)}", "parent": path[-1] if path else None,
        "path": path, "name": {"zh": code, "en": code}, "valid_from": FROM,
        "geometry": {"type": "Polygon", "coordinates": []},
    }  # fmt: skip
    return GridPublished.model_validate(content)


async def _asked(
    twin: Twin,
    page: Page,
    who: dict[str, str],
    http: httpx.AsyncClient | None = None,
    times: int = TIMES,
) -> Outcome:
    outcome = Outcome()
    for _ in range(times):
        if page.changed:
            await _open_one(twin)
        started = time.perf_counter()
        answer = await (http or twin.http).get(page.path, headers=who)
        outcome.seconds.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.text
        assert "s1" in answer.text, f"nothing was found: {answer.text}"
    return outcome


async def _open_one(twin: Twin) -> None:
    case = f"case:new-{uuid.uuid4().hex[:8]}"
    grid, path = "s1c1u1", year.tree()["s1c1u1"]
    event = filed(case, matter=LITTER, grid=grid, grid_path=path, reported_at=clock.now())
    await twin.say(event, case)
    view = twin.runtime.database["view_case"]
    await eventually(lambda: view.find_one({"_id": case}))


def _first(outcome: Outcome) -> Row:
    """What who asks first after a start waits for, while the open cases are read."""
    return "list, the first after a start", f"{max(outcome.seconds) * 1000:.0f} ms", "", True


def _row(page: Page, outcome: Outcome) -> Row:
    p50, p95 = outcome.percentile(0.5), outcome.percentile(0.95)
    target = f"p95 <= {TARGET_MS:.0f} ms"
    return page.what, f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", target, p95 <= TARGET_MS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the year for the next run")
    keep = parser.parse_args().keep
    console, folder = Console(), local_dir() / "bench-pages"
    rows = measure(console.print, folder)
    table = Table("what", "measured", "target", "met", title=f"{year.CASES:,} cases")
    for what, measured, target, met in rows:
        table.add_row(what, measured, target, "yes" if met else "no")
    console.print(table)
    if not keep:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
