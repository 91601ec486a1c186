"""20,000 unit grids published through a running registry, and looked up in as they come out."""

import asyncio
import random
import time
from typing import Any

from case_contracts.events.registry import GridPublished
from civicgrid.addresses import addresses_of
from civicgrid.client import LONG, Api, As
from civicgrid.local.install import Say
from civicgrid.local.paths import local_dir
from civicgrid.system import System, Wish
from service_kit import clock
from service_kit.grids import GridIndex
from tests.support.large import ACROSS, DOWN, SIDE, SOUTH, WEST, large

OPERATOR = As("operator", "registry.read registry.write", "operator")
POINTS, TARGET = 200_000, 50_000
Row = tuple[str, str, str, bool]


def measure(say: Say) -> list[Row]:
    """Rows of (what, measured, target, met); starts a system of its own and ends it. Lookups are
    counted per second of a core's time."""
    system = System(local_dir() / "bench-territory")
    if system.exists:
        system.purge()
    run = system.start(Wish("lanhe", (), None, port_base=None), say)
    try:
        row, exported = asyncio.run(_publish(Api(addresses_of(run))))
    finally:
        system.purge()
    return [row, *_lookups(exported)]


async def _publish(opened: Api) -> tuple[Row, dict[str, Any]]:
    async with opened as api:
        body = large().model_dump(mode="json")
        started = time.perf_counter()
        answer = await api.send("POST", "registry", "/districts", OPERATOR, json=body, timeout=LONG)
        seconds = time.perf_counter() - started
        grids = answer["published"]["grid.published.v1"]
        exported = await api.get("registry", "/grids/export", OPERATOR)
    what = f"publish {grids:,} grids and 20,000 postings, all services listening"
    return (what, f"{seconds:.1f} s", "", True), exported


def _lookups(exported: dict[str, Any]) -> list[Row]:
    index = GridIndex.build(_published(exported))
    draw, when = random.Random(1), clock.now()
    lons = [WEST + draw.uniform(0, ACROSS * SIDE) for _ in range(POINTS)]
    lats = [SOUTH + draw.uniform(0, DOWN * SIDE) for _ in range(POINTS)]
    index.at(lons[0], lats[0], when)
    started = time.process_time()
    hits = index.at_many(lons, lats, when)
    rate = POINTS / (time.process_time() - started)
    found = sum(bool(each) for each in hits)
    said = f"point -> grid in those, in bulk ({found:,} of {POINTS:,} found)"
    return [(said, f"{rate:,.0f}/s", f"{TARGET:,}/s", rate >= TARGET and found == POINTS)]


def _published(exported: dict[str, Any]) -> list[GridPublished]:
    """Paths follow from the parents; the export is in the order of codes, parents first."""
    paths: dict[str, tuple[str, ...]] = {}
    grids = []
    for feature in exported["features"]:
        given = feature["properties"]
        above = paths[given["parent"]] if given["parent"] else ()
        path = (*above, given["parent"]) if given["parent"] else ()
        paths[given["grid"]] = path
        name = {"zh": given.pop("name_zh"), "en": given.pop("name_en")}
        value = given | {"name": name, "path": path, "geometry": feature["geometry"]}
        grids.append(GridPublished.model_validate(value))
    return grids
