"""``make bench``: measure on this machine, print a table, keep a JSON file.

Everything is measured in one run, intake against the floor on the same broker and store.
"""

import asyncio
import json
import os
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from civicgrid.addresses import addresses_of
from civicgrid.client import Api
from civicgrid.deployment import Run
from civicgrid.deployment.names import SERVICES
from civicgrid.loading import load_district
from civicgrid.local import processes
from civicgrid.local.paths import checkout, local_dir
from civicgrid.system import System, Wish
from tests.bench import accept, lookups, territory, walk

SAMPLE = checkout() / "deploy" / "sample"
DEPARTMENTS = ("urban-management", "market-regulation", "water-affairs")
CONFIG = checkout() / "tests" / "bench" / "departments.yaml"
Row = tuple[str, str, str, bool]


def main() -> int:
    console = Console()
    console.print(f"{os.cpu_count()} cores, {platform.processor() or platform.machine()}")
    rows = lookups.measure()
    rows += territory.measure(console.print)
    rows += _with_system(console)
    _show(console, rows)
    out = local_dir() / "bench.json"
    out.write_text(json.dumps({"cores": os.cpu_count(), "rows": rows}, indent=1))
    console.print(f"kept in {out}")
    return 0


def _with_system(console: Console) -> list[Row]:
    system = System(local_dir() / "bench")
    if system.exists:
        system.purge()
    wish = Wish("lanhe", DEPARTMENTS, CONFIG, clock="2026-01-05T08:00+08:00x1", port_base=None)
    run = system.start(wish, console.print)
    try:
        asyncio.run(_load(run))
        walked = _walk(run)
        # Alone, as the floor is: else both would share the cores with the cases under way.
        for name in set(SERVICES) - {"intake"}:
            processes.stop(system.supervisor.pid_file(name))
        return [*accept.measure(run, SAMPLE / "reports.ndjson"), *walked]
    finally:
        system.purge()


def _walk(run: Run) -> list[Row]:
    return walk.measure(run, SAMPLE / "reports.ndjson")


async def _load(run: Run) -> None:
    async with Api(addresses_of(run)) as api:
        await load_district(api, Path(SAMPLE))


def _show(console: Console, rows: list[Row]) -> None:
    table = Table("what", "measured", "target", "met", title="civicgrid benchmarks")
    for what, measured, target, met in rows:
        table.add_row(what, measured, target, "" if not target else "yes" if met else "no")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
